"""An older dump of the database is restored: nothing smaller is signed or shown than before."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.reads.snapshot import Snapshots
from jifen_ledger.application.log_halted import HaltReason
from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.queries.log import published_log
from jifen_ledger.application.queries.refusals import NotPublished
from jifen_ledger.application.remembered import RememberedByWitnesses
from jifen_ledger.application.sign import Stored
from jifen_ledger.application.stopped import Reason
from tests.support.dumps import dump, restored
from tests.support.people import SCHEME
from tests.support.signing import query, refused, tree_of
from tests.support.witness_process import WitnessProcess, running_witness
from tests.support.witnessed_log import WitnessedLog, witnessed_log

HIDDEN = None
PUBLISHED = "SELECT size FROM log_published"
OTHER = [*refused(3), *refused(30, "other")]


@pytest.fixture
async def log(database_url: str, tmp_path: Path) -> AsyncIterator[WitnessedLog]:
    async with witnessed_log(database_url, tmp_path) as one:
        await one.grow(3)
        yield one


@pytest.fixture
def witness(log: WitnessedLog, tmp_path: Path) -> Iterator[WitnessProcess]:
    with running_witness(tmp_path / "w1", "witness.example/w1", *log.status.keys) as process:
        yield process


async def grow(log: WitnessedLog, size: int) -> None:
    await log.grow(size)
    await log.cosign()


@asynccontextmanager
async def older(
    url: str, directory: Path, *witnesses: WitnessProcess, quorum: int = 0
) -> AsyncIterator[WitnessedLog]:
    """The same service on another database."""
    async with witnessed_log(url, directory) as old:
        old.watched_by(*witnesses, quorum=quorum)
        yield old


async def shown(log: WitnessedLog) -> int | None:
    """The size that anybody is shown who asks now; None where nobody is shown anything."""
    served = log.status.served_size
    engine = async_engine(log.url, connections_max=1)
    try:
        async with Snapshots(engine).open(SCHEME) as reads:
            assert reads is not None
            return (await published_log(reads, log.status, served)).newest.size
    except NotPublished:
        return HIDDEN
    finally:
        await engine.dispose()


def remembering(log: WitnessedLog) -> None:
    """Let it ask its witnesses what they remember, as the service does at its start."""
    memory = RememberedByWitnesses(log.asked, log.witnesses)
    log.stored = Stored(log.stored.log, log.anchors, log.keys, memory)
    log.restart()


async def test_under_a_quorum_nothing_smaller_is_shown_after_any_number_of_restarts(
    log: WitnessedLog, witness: WitnessProcess, postgres_url: str, tmp_path: Path
) -> None:
    log.watched_by(witness, quorum=1)
    await grow(log, 3)
    taken = dump(log.url, tmp_path / "older")
    await grow(log, 8)
    before = await shown(log)
    witness.kill()
    with restored(taken, postgres_url) as url:
        async with older(url, tmp_path, witness, quorum=1) as old:
            sizes = []
            for _ in range(3):
                await old.project(refused(8))
                await old.sign()
                sizes.append(await shown(old))
                old.restart()
            in_database = query(url, PUBLISHED)
            witness.start()
            await old.sign()
            await old.cosign()
            after = await shown(old)

    assert (before, in_database, sizes, after) == (8, [(3,)], [HIDDEN] * 3, 8)


async def test_a_dump_that_lacks_only_a_cosignature_hides_what_is_smaller(
    log: WitnessedLog, witness: WitnessProcess, postgres_url: str, tmp_path: Path
) -> None:
    log.watched_by(witness, quorum=1)
    await grow(log, 3)
    await log.project(refused(8))
    await log.sign()
    taken = dump(log.url, tmp_path / "older")
    await log.cosign()
    before = await shown(log)
    with restored(taken, postgres_url) as url:
        async with older(url, tmp_path, witness, quorum=1) as old:
            await old.sign()
            hidden = await shown(old)
            await old.cosign()
            after = await shown(old)

    assert (before, hidden, after) == (8, HIDDEN, 8)


async def test_without_a_quorum_the_anchor_is_reached_before_anything_is_shown(
    log: WitnessedLog, postgres_url: str, tmp_path: Path
) -> None:
    taken = dump(log.url, tmp_path / "older")
    await grow(log, 8)
    with restored(taken, postgres_url) as url:
        async with older(url, tmp_path) as old:
            behind = await old.sign()
            told = (behind.has_all_signed, behind.waiting, await shown(old))
            await old.project(refused(8))
            await old.sign()
            after = await shown(old)
            notes = old.notes()

    assert told == (False, "the database lacks records that were signed before", HIDDEN)
    assert (after, notes[8]) == (8, log.notes()[8])


async def test_where_the_projection_stands_still_a_restart_tells_what_the_database_lacks(
    log: WitnessedLog, postgres_url: str, tmp_path: Path
) -> None:
    taken = dump(log.url, tmp_path / "older")
    await grow(log, 8)
    log.restart()
    log.projection.stopped = Reason.STREAM_SHORTENED
    young = await log.sign()
    with restored(taken, postgres_url) as url:
        async with older(url, tmp_path) as old:
            old.projection.stopped = Reason.STREAM_SHORTENED
            behind = await old.sign()
            told = [(one.went_back, one.hidden, one.halted) for one in (young, behind)]
            sizes = [await shown(log), await shown(old)]

    assert (told, sizes) == ([(False, False, None), (True, True, None)], [8, HIDDEN])


async def test_an_anchor_that_went_back_with_the_database_is_put_right_by_a_witness(
    log: WitnessedLog, witness: WitnessProcess, postgres_url: str, tmp_path: Path
) -> None:
    log.watched_by(witness)
    taken, then = dump(log.url, tmp_path / "older"), log.anchors.read_now(SCHEME)
    assert then is not None
    await grow(log, 8)
    root = tree_of(log.url).root
    for file in (tmp_path / "anchors").iterdir():
        file.unlink()
    log.anchors.write_now(SCHEME, then)
    with restored(taken, postgres_url) as url:
        async with older(url, tmp_path, witness) as old:
            remembering(old)
            await old.project(refused(5))
            status = await old.sign()
            behind = (status.has_all_signed, sorted(old.notes()), await shown(old))
            anchor = old.anchors.read_now(SCHEME)
            await old.project(refused(8))
            await old.sign()
            after = (await shown(old), sorted(old.notes()))

    # 5 records are there, 8 were signed: nothing is, until the stream has given back the rest.
    assert (behind, anchor) == ((False, [3], HIDDEN), Anchor(8, root))
    assert after == (8, [3, 8])


async def test_another_history_than_the_one_that_witnesses_remember_is_never_signed(
    log: WitnessedLog, witness: WitnessProcess, postgres_url: str, tmp_path: Path
) -> None:
    log.watched_by(witness)
    taken = dump(log.url, tmp_path / "older")
    await grow(log, 8)
    for file in (tmp_path / "anchors").iterdir():
        file.unlink()
    with restored(taken, postgres_url) as url:
        async with older(url, tmp_path, witness) as old:
            remembering(old)
            await old.project(OTHER)
            await old.use_case.follow(0)
            found = (old.status.halted, sorted(old.notes()), await shown(old))

    assert found == (HaltReason.ANCHOR_CONTRADICTED, [3], HIDDEN)


async def test_a_witness_that_is_away_or_knows_nothing_hinders_nothing(
    log: WitnessedLog, witness: WitnessProcess
) -> None:
    log.watched_by(witness)
    remembering(log)
    nothing = (await log.sign()).halted
    witness.kill()
    remembering(log)
    await log.project(refused(5))
    away = (await log.sign()).signed_size

    assert (nothing, away) == (None, 5)
