"""A lost or shortened stream is written again from the journal, exactly, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import nats.errors
import orjson
import pytest
from pydantic import SecretStr

from jifen_contracts.content import content_hash_as_stored
from jifen_contracts.streams import closed, event_stream
from jifen_contracts.subjects import private_stream_of, stream_of
from jifen_ledger.application.refilling.ports import RefillRefused
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Reason
from jifen_ledger.composition.reconciling import reconcile
from jifen_ledger.composition.refilling import refill_stream
from jifen_ledger.settings import ReconcileSettings
from jifen_local.nats_users import USERS
from jifen_local.servers import start_nats
from tests.support import builders as build
from tests.support.lost import ERASABLE, LostWorld, as_sent, lost_world
from tests.support.people import ANNA, BO, SCHEME
from tests.support.private_parts import part_of
from tests.support.projecting import subject_for
from tests.support.signing import query, refused, signing_log, tamper

ODD = b'{"type": "jifen.points.earned.v1"}'
WORLD = [*build.world(), ODD, build.earned("c-1"), build.earned("c-1")]
# More than one batch, one range and one page.
PAYLOADS = [*WORLD, *refused(1_050)]


@pytest.fixture
async def world(nats_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[LostWorld]:
    async with lost_world(nats_url, database_url, tmp_path) as world:
        yield world


async def test_a_lost_stream_is_written_again_with_its_numbers_subjects_and_bytes(
    world: LostWorld,
) -> None:
    tree = await world.record(PAYLOADS)
    settings = await world.settings_of(stream_of(SCHEME))
    await world.lose_streams()
    found = await world.reconcile()
    refilled = await world.refill()
    after = await world.reconcile()

    assert found.finding is not None
    assert found.finding.reason is Reason.STREAM_MISSING
    assert (refilled.events, refilled.size, refilled.root) == (
        len(PAYLOADS),
        len(PAYLOADS),
        tree.root,
    )
    stored = await world.stored()
    assert [(one.subject, one.payload) for one in stored] == as_sent(PAYLOADS)
    assert await world.settings_of(stream_of(SCHEME)) == settings
    assert (after.finding, after.compared) == (None, len(PAYLOADS))


async def test_a_refilled_stream_knows_the_contents_that_it_knew(world: LostWorld) -> None:
    await world.record(WORLD)
    await world.lose_streams()
    await world.refill()
    ids = [one.message_id for one in await world.stored()]
    again = await world.client.jetstream().publish(
        subject_for(WORLD[0]), b"{}", headers={"Nats-Msg-Id": ids[0] or ""}
    )

    # What cannot be read has no content, and what was sent twice is known once.
    assert ids == [
        *(content_hash_as_stored(one).hex() for one in build.world()),
        None,
        content_hash_as_stored(build.earned("c-1")).hex(),
        None,
    ]
    assert (again.duplicate, again.seq) == (True, 1)


async def test_after_a_refill_the_log_goes_on_from_the_tree_that_it_had(world: LostWorld) -> None:
    tree = await world.record(WORLD)
    await world.lose_streams()
    await world.refill()
    grown = await world.record([build.earned("c-2", deed="d-2")])

    assert (tree.size, grown.size) == (len(WORLD), len(WORLD) + 1)
    assert (await world.reconcile()).finding is None


async def test_an_older_copy_of_the_stream_gets_back_what_it_lacks(world: LostWorld) -> None:
    await world.record(PAYLOADS)
    await world.restore_stream(PAYLOADS[:40])
    found = await world.reconcile()
    refilled = await world.refill()

    assert found.finding is not None
    assert (found.finding.reason, found.compared) == (Reason.STREAM_SHORTENED, 40)
    assert refilled.events == len(PAYLOADS) - 40
    assert [one.payload for one in await world.stored()] == PAYLOADS
    assert (await world.refill()).events == 0


async def test_nothing_is_written_where_stream_and_journal_disagree(world: LostWorld) -> None:
    await world.record(WORLD)
    other = build.earned("c-other", deed="d-other")
    await world.restore_stream([*WORLD[:10], other])
    with pytest.raises(RefillRefused, match="seq 11 is not what its record holds"):
        await world.refill()

    assert [one.payload for one in await world.stored()] == [*WORLD[:10], other]
    # It stays closed: what is accepted now would have to be moved later.
    with pytest.raises(nats.errors.NoRespondersError):
        await world.client.request(subject_for(other), other, timeout=2)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE record SET bytes = bytes || ' ' WHERE seq = 7", "seq 7"),
        ("DELETE FROM record WHERE seq = 7", "seq 7"),
        ("DELETE FROM record_raw", "its payload is not the one"),
        ("UPDATE log_head SET peaks = overlay(peaks placing 'x' from 1)", "peaks"),
    ],
    ids=["a byte more", "a record less", "a raw payload less", "another tree"],
)
async def test_nothing_is_written_from_a_journal_that_is_not_what_was_signed(
    world: LostWorld, statement: str, said: str
) -> None:
    await world.record(WORLD)
    await world.lose_streams()
    tamper(world.database_url, statement)
    with pytest.raises(RefillRefused, match=said):
        await world.refill()

    found = (await world.reconcile()).finding
    assert found is not None
    assert found.reason in {Reason.JOURNAL_ALTERED, Reason.LOG_ALTERED}


async def test_nothing_is_written_from_a_journal_that_lacks_what_was_signed(
    world: LostWorld, tmp_path: Path
) -> None:
    await world.record(WORLD)
    await world.lose_streams()
    anchor = tmp_path / "anchors" / f"{SCHEME}.anchor"
    size, root, _ = anchor.read_text().split("\n")
    anchor.write_text(f"{int(size) + 1}\n{root}\n")

    with pytest.raises(RefillRefused, match="were signed"):
        await world.refill()


async def test_a_stream_that_disagrees_is_replaced_and_its_new_events_follow_the_end(
    world: LostWorld, tmp_path: Path
) -> None:
    await world.record(WORLD)
    new = [build.earned(f"c-new-{number}", deed=f"d-{number}") for number in range(2)]
    altered = build.changed(WORLD[9], nonce="1" * 32)
    await world.restore_stream([*WORLD[:9], altered, *new])
    aside = tmp_path / "aside.ndjson"
    refilled = await world.refill(aside)
    with pytest.raises(FileExistsError):
        await world.refill(aside)
    grown = await world.record([])

    assert (refilled.events, refilled.moved) == (len(WORLD), (2, 1))
    assert [one.payload for one in await world.stored()] == [*WORLD, *new]
    assert [orjson.loads(line)["seq"] for line in aside.read_text().splitlines()] == [10, 11, 12]
    assert (grown.size, (await world.reconcile()).finding) == (len(WORLD) + 2, None)


async def test_a_gap_is_filled_in_a_stream_made_anew(world: LostWorld, tmp_path: Path) -> None:
    await world.record(WORLD)
    await world.client.jetstream().delete_msg(stream_of(SCHEME), 10)
    with pytest.raises(RefillRefused, match="the stream has no seq 10"):
        await world.refill()
    refilled = await world.refill(tmp_path / "aside.ndjson")

    assert (refilled.moved, [one.payload for one in await world.stored()]) == ((0, 0), WORLD)


async def test_who_publishes_during_a_refill_is_refused_and_takes_no_number(
    world: LostWorld,
) -> None:
    await world.record(PAYLOADS)
    late = build.earned("c-late", deed="d-late")
    await world.lose_streams()
    refilling = asyncio.create_task(world.refill())
    refused_times = 0
    while not refilling.done():
        try:
            await world.client.request(subject_for(late), late, timeout=2)
        except nats.errors.NoRespondersError:
            refused_times += 1
    await refilling
    stored = [one.payload for one in await world.stored()]

    assert refused_times > 0
    assert stored[: len(PAYLOADS)] == PAYLOADS
    assert set(stored[len(PAYLOADS) :]) <= {late}


async def test_a_refill_that_was_cut_off_goes_on(world: LostWorld) -> None:
    await world.record(PAYLOADS)
    await world.lose_streams()
    settings = closed(event_stream(SCHEME, replicas=1, erasable=True), f"jifen.v1.{SCHEME}.>")
    await world.client.jetstream()._api_request(
        f"$JS.API.STREAM.CREATE.{stream_of(SCHEME)}", orjson.dumps(settings)
    )
    for payload in PAYLOADS[:30]:
        subject = subject_for(payload).replace("jifen.", "jifen.refill.", 1)
        await world.client.jetstream().publish(subject, payload)
    refilled = await world.refill()

    assert refilled.events == len(PAYLOADS) - 30
    assert [one.payload for one in await world.stored()] == PAYLOADS


async def test_private_parts_come_back_but_for_those_who_were_erased(world: LostWorld) -> None:
    await world.record(WORLD)
    parts = [
        part_of(build.earned(f"c-private-{number}", holder=holder), {"text": "a"})
        for number, holder in enumerate((ANNA, ANNA, BO))
    ]
    await world.keep(parts)
    await world.copy()
    before = await world.stored(private_stream_of(SCHEME))
    # As the order to erase a person does.
    query(world.database_url, "DELETE FROM private_part WHERE person = %s", BO)
    await world.lose_streams()
    first = await world.refill()
    after = await world.stored(private_stream_of(SCHEME))
    state = (await world.client.jetstream().stream_info(private_stream_of(SCHEME))).state
    copied = await world.copy()
    again = await world.refill()

    assert (first.private_parts, again.private_parts) == (2, 0)
    assert sorted(after) == sorted(one for one in before if not one.subject.endswith(BO))
    # Above every number that was read, so that nothing new is taken for known.
    assert (state.first_seq, copied) == (4, 5)


async def test_a_refill_needs_the_operator_and_comparing_no_more_than_the_ledger(
    database_url: str, tmp_path: Path
) -> None:
    async with signing_log(database_url, tmp_path) as log:
        await log.project(WORLD)
        await log.sign()
    passwords = {user: f"of-{user}" for user in USERS}
    server = start_nats(tmp_path / "nats", passwords=passwords, fast=True)
    try:
        settings = {
            user: ReconcileSettings(
                nats_url=server.url,
                nats_user=user,
                nats_password=SecretStr(passwords[user]),
                database_url=SecretStr(database_url),
                log_anchor_dir=tmp_path / "anchors",
            )
            for user in ("operator", "ledger")
        }
        refilled = await refill_stream(settings["operator"], SchemeStatus(SCHEME), ERASABLE)
        report = await reconcile(settings["ledger"], SchemeStatus(SCHEME))
    finally:
        server.stop()

    assert (refilled.events, report.finding, report.compared) == (len(WORLD), None, len(WORLD))
