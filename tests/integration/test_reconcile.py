"""What differs between stream, journal and log is found, and stops the scheme until mended."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from jifen_contracts.subjects import stream_of
from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.compared_journal import PostgresComparedJournal
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.kept_passes import PostgresPasses
from jifen_ledger.application.queries.reconciled import reconciled_told
from jifen_ledger.application.reconciling.follow import Paces
from jifen_ledger.application.status import ProjectionStatus, Reconciled, SchemeStatus
from jifen_ledger.application.stopped import Reason
from jifen_ledger.composition.projection import work
from jifen_ledger.composition.reconciling import Reconcilers
from jifen_ledger.settings import LedgerSettings
from tests.support import builders as build
from tests.support.lost import LostWorld, lost_world
from tests.support.people import SCHEME
from tests.support.signing import LOG_ORIGIN, query, refused, tamper
from tests.support.wait import until

# A node of the tree, and more than one range.
PAYLOADS = [*build.world(), *refused(1_300)]
ALTERED = build.changed(PAYLOADS[699], nonce="1" * 32)


@pytest.fixture
async def world(nats_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[LostWorld]:
    async with lost_world(nats_url, database_url, tmp_path) as world:
        yield world


@asynccontextmanager
async def working(world: LostWorld) -> AsyncIterator[ProjectionStatus]:
    """A worker in this process, which looks often and begins a pass with every look."""
    settings = LedgerSettings(
        nats_url=world.nats_url,
        database_url=world.database_url,
        schemes=SCHEME,
        log_origin=LOG_ORIGIN,
        log_key_dir=world.directory / "keys",
        log_anchor_dir=world.directory / "anchors",
        readers_file=world.directory / "readers.toml",
        reconcile_look_s=0.02,
        reconcile_pass_s=0.001,
    )
    status, stopping = ProjectionStatus(), asyncio.Event()
    task = asyncio.create_task(work(settings, status, stopping, NatsEvidence()))
    try:
        yield status
    finally:
        stopping.set()
        await task


async def found_by(world: LostWorld) -> tuple[Reason | None, str]:
    """What a worker finds that runs beside."""
    async with working(world) as status:
        scheme = status.of(SCHEME)
        await until(lambda: scheme.reconciled.finding is not None)
        return scheme.stopped, scheme.reconciled.detail


async def test_a_message_altered_in_the_middle_is_named_and_stops_the_scheme(
    world: LostWorld,
) -> None:
    await world.record(PAYLOADS)
    await world.restore_stream([*PAYLOADS[:699], ALTERED, *PAYLOADS[700:]])
    once = (await world.reconcile()).finding

    assert once is not None
    assert once.reason is Reason.STREAM_ALTERED
    assert await found_by(world) == (
        Reason.STREAM_ALTERED,
        "seq 700 is not what its record holds",
    )


async def test_a_message_that_is_missing_in_the_middle_is_found(world: LostWorld) -> None:
    await world.record(PAYLOADS)
    await world.client.jetstream().delete_msg(stream_of(SCHEME), 700)
    once = (await world.reconcile()).finding

    assert once is not None
    assert (once.reason, once.detail) == (
        Reason.STREAM_GAP,
        "the stream has no seq 700, but 701",
    )
    assert (await found_by(world))[0] is Reason.STREAM_GAP


@pytest.mark.parametrize(
    ("statement", "reason", "said"),
    [
        ("UPDATE record SET bytes = bytes || ' ' WHERE seq = 700", Reason.JOURNAL_ALTERED, "700"),
        (
            "UPDATE log_checkpoint SET root = overlay(root placing 'x' from 1)",
            Reason.LOG_ALTERED,
            f"size {len(PAYLOADS)} was signed with another root",
        ),
        (
            "UPDATE log_node SET hash = overlay(hash placing 'x' from 1) WHERE idx = 2",
            Reason.LOG_ALTERED,
            "node 2 of tile level 1",
        ),
    ],
    ids=["a record", "a checkpoint", "a node"],
)
async def test_what_is_altered_in_the_tables_is_not_laid_to_the_stream(
    world: LostWorld, statement: str, reason: Reason, said: str
) -> None:
    await world.record(PAYLOADS)
    tamper(world.database_url, statement)

    stopped, detail = await found_by(world)
    assert (stopped, said in detail) == (reason, True), detail


async def test_a_worker_goes_on_by_itself_when_its_lost_stream_was_refilled(
    world: LostWorld,
) -> None:
    await world.record(PAYLOADS)
    async with working(world) as status:
        scheme = status.of(SCHEME)
        await until(lambda: scheme.reconciled.whole_size == len(PAYLOADS))
        await world.lose_streams()
        await until(lambda: scheme.stopped is Reason.STREAM_MISSING)
        told = reconciled_told(scheme.reconciled)
        await world.refill()
        await until(lambda: scheme.stopped is None)
        await world.record_beside([build.earned("c-2", deed="d-2")])
        await until(lambda: scheme.size == len(PAYLOADS) + 1)
        after = reconciled_told(scheme.reconciled)

    assert told is not None
    assert (told.finding, told.compared) == ("stream_missing", len(PAYLOADS))
    assert after is not None
    assert (after.finding, after.whole_size) == (None, len(PAYLOADS))


async def looked(world: LostWorld, looks: int = 1, pass_s: float = 3_600.0) -> Reconciled:
    """What a process finds that has just started, and looks at one range at a time."""
    engine = async_engine(world.database_url, connections_max=2, prepare_after=None)
    reconcilers = Reconcilers(
        PostgresComparedJournal(engine),
        AnchorFiles(world.directory / "anchors"),
        PostgresPasses(engine),
        Paces(part_s=0.0, pass_s=pass_s),
    )
    status = SchemeStatus(SCHEME)
    reconciler = reconcilers.of(world.client, status, asyncio.Event())
    try:
        for _ in range(looks):
            await reconciler.look()
    finally:
        await engine.dispose()
    return status.reconciled


async def test_a_pass_goes_on_after_a_restart_and_the_next_one_begins_anew(
    world: LostWorld,
) -> None:
    await world.record(PAYLOADS)
    begun = (await looked(world)).compared
    # In what was compared already, so that only a pass from the beginning finds it.
    tamper(world.database_url, "UPDATE record SET bytes = bytes || ' ' WHERE seq = 700")
    ended = await looked(world)
    waits = await looked(world, looks=3)
    found = (await looked(world, pass_s=0.0)).finding
    again = (await looked(world)).finding

    assert begun == 1_024
    assert (ended.finding, ended.compared, ended.whole_size) == (None, *[len(PAYLOADS)] * 2)
    assert (waits.compared, waits.whole_ms, waits.whole_size) == (
        *(0, ended.whole_ms),
        len(PAYLOADS),
    )
    # What was found is looked for again at once by whoever starts next.
    assert [found, again] == [Reason.JOURNAL_ALTERED] * 2


async def test_what_was_compared_of_another_stream_or_is_not_so_counts_for_nothing(
    world: LostWorld,
) -> None:
    await world.record(PAYLOADS)
    await looked(world)
    await world.restore_stream(PAYLOADS)
    other = (await looked(world)).compared
    query(world.database_url, "UPDATE compared SET peaks = sha256(peaks)")
    falsified = await looked(world)
    ended = await looked(world)

    assert (other, falsified.compared, falsified.finding) == (1_024, 1_024, None)
    assert (ended.whole_size, ended.finding) == (len(PAYLOADS), None)


async def test_the_command_tells_programs_what_it_tells_people(
    world: LostWorld,
) -> None:
    tree = await world.record(PAYLOADS)
    agree, said = await _command(world, "--json")
    told = json.loads(said)
    await world.restore_stream(PAYLOADS[:9])
    differ, lines = await _command(world)
    world.nats_url = "nats://127.0.0.1:1"
    unanswered, _ = await _command(world)

    assert (agree, differ, unanswered) == (0, 1, 2)
    assert (told["agree"], told["compared"]["size"]) == (True, tree.size)
    assert told["signed"] == told["anchor"]
    assert lines.splitlines()[0] == (
        f"{SCHEME}: stream_shortened: the stream ends at seq 9, the journal at {tree.size}"
    )
    assert lines.splitlines()[-1] == f"  repair    jifen-ledger refill-stream {SCHEME}"
    assert query(world.database_url, "SELECT count(*) FROM record") == [(tree.size,)]


async def _command(world: LostWorld, *options: str) -> tuple[int, str]:
    """Run the command as an operator does; return its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "jifen_ledger", "reconcile", SCHEME, *options),
        env=os.environ | world.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()
