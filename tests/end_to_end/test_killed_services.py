"""One service dies in the middle of the flow: what was acknowledged is recorded exactly once."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from http import HTTPStatus

import httpx
import orjson
import pytest

from jifen_contracts.canonical import decode
from jifen_local.stack import LocalStack
from tests.end_to_end.plant import NDJSON, Plant, Told
from tests.support import builders as build
from tests.support.people import ANNA, BO, CHEN, LEADER

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

HOLDERS = (ANNA, BO, CHEN, LEADER)
EACH = Decimal("0.5")
BATCH = 100
BATCHES = 30
CALLERS = 16
BEFORE_THE_KILL = 400
EVENTS_MAX = 1_000  # Ingest's own limit for one request.


def reports(number: int, name: str) -> list[bytes]:
    return [
        build.earned(f"c-{name}-{index:05d}", holder=HOLDERS[index % len(HOLDERS)])
        for index in range(number)
    ]


async def pending(plant: Plant) -> Decimal:
    points, _ = (await plant.sums())["units"]
    return Decimal(points["pending"])


async def test_a_ledger_killed_while_events_flow_records_each_of_them_once(
    stack: LocalStack, own_plant: Plant
) -> None:
    claims = reports(BATCH * BATCHES, "flow")
    known = await own_plant.head()
    seqs: list[int] = []

    async def flow() -> None:
        for start in range(0, len(claims), BATCH):
            seqs.extend(await own_plant.accepted(claims[start : start + BATCH]))

    flowing = asyncio.create_task(flow())
    await own_plant.has_records(known + BATCH)
    stack.kill_ledger()
    killed_at = len(seqs)
    await flowing
    # The launcher's children belong to the main thread, which is this one.
    stack.start_ledger()
    status = await own_plant.caught_up()

    assert killed_at < len(claims), "everything was sent before the ledger was killed"
    assert seqs == list(range(known + 1, known + len(claims) + 1))
    assert status["checkpoint"] == status["stream_head"] == known + len(claims)
    assert sum(status["outcomes"].values()) == known + len(claims)
    assert (status["outcomes"]["posted"], status["refused"]) == (len(claims), {})
    assert await pending(own_plant) == EACH * len(claims)
    assert (await own_plant.sums())["balances_equal_postings"] is True


async def test_what_a_killed_ingest_had_acknowledged_is_in_the_stream_and_recorded_once(
    stack: LocalStack, own_plant: Plant
) -> None:
    claims = reports(EVENTS_MAX, "load")
    known = await own_plant.head()
    waiting = iter(claims)
    tried: list[bytes] = []
    acknowledged: dict[str, tuple[int, str]] = {}
    enough = asyncio.Event()

    async def call() -> None:
        for claim in waiting:
            tried.append(claim)
            try:
                told = await own_plant.send_one(claim)
            except httpx.TransportError:
                return
            _note(told, acknowledged)
            if len(acknowledged) >= BEFORE_THE_KILL:
                enough.set()

    calling = asyncio.gather(*(call() for _ in range(CALLERS)))
    await asyncio.wait_for(enough.wait(), 60)
    stack.kill_ingest()
    await calling
    before = dict(acknowledged)
    stack.start_ingest()
    # A producer that got no answer sends again; here it sends again whatever it had sent.
    await _again(own_plant, tried)
    status = await own_plant.caught_up()

    assert BEFORE_THE_KILL <= len(before) < len(tried) < EVENTS_MAX, "not in mid-load"
    for event_id, (seq, payload_sha256) in before.items():
        message = (await own_plant.message(seq)).data or b""
        assert hashlib.sha256(message).hexdigest() == payload_sha256
        assert orjson.loads(message)["id"] == event_id
    assert sum(status["outcomes"].values()) == status["checkpoint"] == status["stream_head"]
    assert (status["outcomes"]["posted"], status["refused"]) == (len(tried), {})
    # What the new ingest stored a second time is in the history and counts for nothing.
    again = status["outcomes"].get("duplicate", 0)
    assert again == status["stream_head"] - known - len(tried)
    assert await pending(own_plant) == EACH * len(tried)
    places = await _places(own_plant, tried)
    assert {event_id: places[event_id] for event_id in before} == {
        event_id: seq for event_id, (seq, _) in before.items()
    }
    assert max(Counter(places.values()).values()) == 1


def _note(told: Told, acknowledged: dict[str, tuple[int, str]]) -> None:
    assert told.status == HTTPStatus.OK, told.body
    acknowledged[told.body["id"]] = (told.body["seq"], told.body["payload_sha256"])


async def _again(plant: Plant, claims: Sequence[bytes]) -> None:
    assert len(claims) <= EVENTS_MAX
    body = b"\n".join(orjson.dumps(plant.sent(claim)) for claim in claims)
    told = await plant.send(body, media_type=NDJSON, token=plant.tokens.send["past"])
    assert (told.status, told.body["accepted"]) == (HTTPStatus.OK, len(claims))


async def _places(plant: Plant, claims: Sequence[bytes]) -> dict[str, int]:
    """Where the ledger has the first record of each event."""
    return {str(decode(claim)["id"]): (await plant.outcome(claim))["seq"] for claim in claims}
