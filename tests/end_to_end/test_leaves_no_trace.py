"""What ingest refuses leaves no trace: a clear problem, and the stream's head does not move."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from tests.end_to_end.plant import DOORS, NDJSON, PROBLEM, STRUCTURED, Door, Plant
from tests.end_to_end.tokens import GATE_SOURCE, Tokens
from tests.support import builders as build

pytestmark = pytest.mark.asyncio(loop_scope="module")

Spoil = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """A sound claim spoiled in one way, and the refusal it meets."""

    status: int
    code: str
    spoil: Spoil = dict
    sender: str = "desk"
    payload: bytes = build.earned("c-1")


def attributes(**changes: Any) -> Spoil:
    return lambda event: event | changes


def data(**changes: Any) -> Spoil:
    return lambda event: event | {"data": event["data"] | changes}


def long(size: int) -> Spoil:
    """The event, of exactly that many bytes."""

    def spoil(event: dict[str, Any]) -> dict[str, Any]:
        missing = size - len(orjson.dumps(event | {"correlationid": ""}))
        return event | {"correlationid": "x" * missing}

    return spoil


CASES = {
    "a source of somebody else": Case(403, "source_not_allowed", attributes(source=GATE_SOURCE)),
    "a register without the scope": Case(
        403, "type_not_allowed", attributes(source=GATE_SOURCE), "gate", build.enrolled("m-new")
    ),
    "an act of a person through a machine": Case(
        403, "type_not_allowed", attributes(source=GATE_SOURCE), "gate"
    ),
    "a recorded time without the scope for imports": Case(
        403, "type_not_allowed", attributes(recordedtime="2023-07-12T02:00:00.000Z")
    ),
    "another scheme named inside": Case(403, "scheme_not_allowed", attributes(schemeid="other")),
    "a claim of more than 8 KiB": Case(413, "too_large", long(8_300)),
    "a register of more than 48 KiB": Case(
        413, "too_large", long(49_500), payload=build.enrolled("m-new")
    ),
    "points with two decimals": Case(422, "points_precision", data(points={"member": "0.25"})),
    "an unknown field": Case(422, "schema_invalid", data(remark="seen by the leader")),
    "an unknown type": Case(422, "unknown_type", attributes(type="jifen.points.gifted.v1")),
    "a type that nobody folds yet": Case(
        422, "unknown_type", attributes(type="jifen.veto.overruled.v1")
    ),
    "a phone number in public": Case(
        422, "personal_data", attributes(correlationid="call 13800138000")
    ),
    "an import of tomorrow": Case(
        422, "in_future", attributes(recordedtime="2099-01-01T00:00:00.000Z"), "past"
    ),
    "a deed of tomorrow": Case(422, "in_future", attributes(time="2099-01-01T00:00:00+08:00")),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
async def test_a_spoiled_event_is_refused_with_a_hint_and_nothing_is_stored(
    plant: Plant, case: Case, door: Door
) -> None:
    head = await plant.head()
    body = orjson.dumps(case.spoil(plant.sent(case.payload, case.sender)))

    told = await plant.send(body, door, token=plant.tokens.send[case.sender])

    assert_problem(told.body, case.status, case.code)
    assert (told.status, told.media_type) == (case.status, PROBLEM)
    assert await plant.head() == head


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b'{"specversion": "1.0", "id": ', STRUCTURED, 400),
        (b'{"id": "e-1", "id": "e-2"}', STRUCTURED, 400),
        (b"\xff\xfe", STRUCTURED, 400),
        (b"", NDJSON, 400),
        (b"{}", "text/plain", 415),
    ],
    ids=["cut short", "a repeated key", "not UTF-8", "nothing", "another form"],
)
async def test_a_body_that_cannot_be_read_is_malformed(
    plant: Plant, door: Door, body: bytes, media_type: str, status: int
) -> None:
    head = await plant.head()

    told = await plant.send(body, door, media_type=media_type, token=plant.tokens.send["desk"])

    assert_problem(told.body, status, "malformed")
    assert (told.status, told.media_type, await plant.head()) == (status, PROBLEM, head)


@pytest.mark.parametrize("door", DOORS)
async def test_without_a_token_of_this_scheme_nothing_is_taken(
    plant: Plant, tokens: dict[str, Tokens], door: Door
) -> None:
    head = await plant.head()
    elsewhere = next(own for scheme, own in tokens.items() if scheme != plant.scheme)
    body = orjson.dumps(plant.sent(build.earned("c-1"), "desk"))
    wrong = {
        None: (401, "unauthorised"),
        "a-token-that-was-never-given-out": (401, "unauthorised"),
        plant.tokens.read["upper"]: (401, "unauthorised"),
        elsewhere.send["desk"]: (403, "scheme_not_allowed"),
    }

    told = {token: await plant.send(body, door, token=token) for token in wrong}

    for token, (status, code) in wrong.items():
        assert_problem(told[token].body, status, code)
        assert told[token].media_type == PROBLEM
    assert await plant.head() == head


@pytest.mark.parametrize("door", DOORS)
async def test_all_or_nothing_stores_nothing_when_one_event_is_refused(
    plant: Plant, door: Door
) -> None:
    head = await plant.head()
    sound = [plant.sent(build.earned(f"c-{number}"), "desk") for number in (1, 2)]
    spoiled = data(points={"member": "0.25"})(plant.sent(build.earned("c-3"), "desk"))
    body = b"\n".join(map(orjson.dumps, (*sound, spoiled)))

    told = await plant.send(
        body, door, media_type=NDJSON, token=plant.tokens.send["desk"], atomic=True
    )

    assert_problem(told.body, 422, "schema_invalid")
    assert [fault["pointer"] for fault in told.body["errors"]] == ["/2"]
    assert told.body["errors"][0]["message"].startswith("points_precision: ")
    assert await plant.head() == head


@pytest.mark.parametrize("door", DOORS)
async def test_a_spoiled_event_among_sound_ones_is_refused_alone(plant: Plant, door: Door) -> None:
    head = await plant.head()
    sound = [plant.sent(build.enrolled(f"m-{door}-{number}")) for number in (1, 2)]
    spoiled = attributes(type="jifen.points.gifted.v1")(plant.sent(build.earned("c-3")))
    body = b"\n".join(map(orjson.dumps, (sound[0], spoiled, sound[1])))

    told = await plant.send(body, door, media_type=NDJSON, token=plant.tokens.send["past"])

    assert (told.status, told.body["accepted"], told.body["refused"]) == (200, 2, 1)
    assert [one.get("seq", one.get("code")) for one in told.body["results"]] == [
        head + 1,
        "unknown_type",
        head + 2,
    ]
    assert await plant.head() == head + 2


def assert_problem(body: Any, status: int, code: str) -> None:
    assert (body["code"], body["status"], body["type"]) == (code, status, f"/problems/{code}")
    assert all(body[name] for name in ("title", "detail", "instance", "hint"))
