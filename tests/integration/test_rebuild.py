"""A rebuild computes everything again beside a running ledger, and replaces what differs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import pytest
import sqlalchemy as sa
from nats.aio.client import Client
from pydantic import SecretStr

from jifen_ledger.adapters.database import async_engine, sync_engine
from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.adapters.directory_table import METADATA
from jifen_ledger.adapters.leases import PostgresLeases
from jifen_ledger.adapters.projected import JOURNAL, MADE, OUTSIDE
from jifen_ledger.application.generations import RebuildRefused
from jifen_ledger.application.project import Limits
from jifen_ledger.application.rebuild import RebuildSource
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Reason, Stopped
from jifen_ledger.composition.rebuilding import build as build_generation
from jifen_ledger.composition.rebuilding import drop, rebuild, switch, switch_back
from jifen_ledger.settings import FoldSettings
from tests.integration.test_projection_equals_fold import life_of_claims
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import Projection, broker, make_stream, publish
from tests.support.wait import until

HISTORY = [*life_of_claims(), b"no event at all"]
ROW = "SELECT {} FROM pg_namespace WHERE nspname LIKE 'rebuild_%'"


def settings_for(nats_url: str, database_url: str) -> FoldSettings:
    return FoldSettings(
        nats_url=nats_url, database_url=SecretStr(database_url), batch_max=50, state_rows_max=100
    )


async def rebuilt(nats_url: str, database_url: str, source: str) -> SchemeStatus:
    status = SchemeStatus(SCHEME)
    await rebuild(settings_for(nats_url, database_url), status, RebuildSource(source))
    return status


@asynccontextmanager
async def projected(nats_url: str, database_url: str) -> AsyncIterator[Projection]:
    """A ledger that has followed the stream up to the end of the history."""
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, HISTORY)
        async with Projection(nats_url, database_url, Limits(batch_max=100)) as projection:
            await projection.use_case.catch_up()
            assert projection.status.size == len(HISTORY), projection.status
            yield projection


def changed_by_hand(database_url: str, *statements: str) -> None:
    with sync_engine(database_url).begin() as connection:
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            assert connection.execute(sa.text(statement)).rowcount > 0


@pytest.mark.parametrize("source", ["stream", "journal"])
async def test_a_rebuild_puts_right_what_the_records_do_not_say(
    nats_url: str, database_url: str, source: str
) -> None:
    async with projected(nats_url, database_url):
        before = digest_of(database_url, SCHEME)
        changed_by_hand(
            database_url,
            "UPDATE figures SET earned = earned + 1",
            "UPDATE balance SET tenths = tenths + 1",
            "DELETE FROM claim_step WHERE seq % 2 = 0",
        )
        damaged = digest_of(database_url, SCHEME)
        status = await rebuilt(nats_url, database_url, source)

    assert damaged != before
    assert (digest_of(database_url, SCHEME), status.size) == (before, len(HISTORY))
    with sync_engine(database_url).connect() as connection:
        assert connection.execute(sa.text(ROW.format("count(*)"))).scalar_one() == 0


@pytest.mark.parametrize("source", ["stream", "journal"])
async def test_a_record_that_comes_out_otherwise_stops_the_rebuild_and_leaves_the_ledger(
    nats_url: str, database_url: str, source: str
) -> None:
    async with projected(nats_url, database_url):
        changed_by_hand(
            database_url,
            "UPDATE record SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'),"
            """ '"status":"posted"', '"status":"recorded"'), 'UTF8') WHERE status = 'posted'""",
        )
        before = digest_of(database_url, SCHEME)
        with pytest.raises(Stopped) as stopped:
            await rebuilt(nats_url, database_url, source)

    assert (stopped.value.reason, digest_of(database_url, SCHEME)) == (
        Reason.RECORD_DIFFERS,
        before,
    )
    assert '"status":"posted"' in stopped.value.detail


async def test_a_ledger_that_runs_meanwhile_goes_on_with_what_was_rebuilt(
    nats_url: str, database_url: str
) -> None:
    later = [build.earned(f"c-later-{number}", deed=f"d-{number}") for number in range(100)]
    async with projected(nats_url, database_url) as ledger, publisher(nats_url) as publishing:
        following = asyncio.create_task(ledger.use_case.follow())
        sending = asyncio.create_task(publish(publishing, later))
        await rebuilt(nats_url, database_url, "journal")
        await sending
        await until(lambda: ledger.status.size == len(HISTORY) + len(later))
        live = digest_of(database_url, SCHEME)
        await rebuilt(nats_url, database_url, "stream")
        again = digest_of(database_url, SCHEME)
        ledger.stopping.set()
        await following

    assert (again, ledger.status.stopped) == (live, None)


async def test_two_workers_go_on_while_generations_are_switched_and_switched_back(
    nats_url: str, database_url: str
) -> None:
    later = [build.earned(f"c-later-{number}", deed=f"d-{number}") for number in range(100)]
    settings = settings_for(nats_url, database_url)
    async with (
        projected(nats_url, database_url) as one,
        Projection(nats_url, database_url, Limits(batch_max=10)) as other,
        publisher(nats_url) as publishing,
    ):
        following = [asyncio.create_task(worker.use_case.follow()) for worker in (one, other)]
        sending = asyncio.create_task(publish(publishing, later))
        await build_generation(settings, SchemeStatus(SCHEME), RebuildSource.STREAM)
        for source in RebuildSource:
            await switch(settings, SchemeStatus(SCHEME), source)
            await switch_back(settings, SchemeStatus(SCHEME), source)
        await switch(settings, SchemeStatus(SCHEME), RebuildSource.JOURNAL)
        await sending
        size = len(HISTORY) + len(later)
        await until(lambda: max(one.status.size, other.status.size) == size)
        live = digest_of(database_url, SCHEME)
        one.stopping.set()
        other.stopping.set()
        await asyncio.gather(*following)
        await rebuilt_beside_nothing(nats_url, database_url)

    assert (one.status.stopped, other.status.stopped) == (None, None)
    assert digest_of(database_url, SCHEME) == live


async def rebuilt_beside_nothing(nats_url: str, database_url: str) -> None:
    await drop(settings_for(nats_url, database_url), SchemeStatus(SCHEME), RebuildSource.JOURNAL)
    await rebuilt(nats_url, database_url, "journal")


@asynccontextmanager
async def publisher(nats_url: str) -> AsyncIterator[Client]:
    client = await nats.connect(nats_url)
    try:
        yield client
    finally:
        await client.close()


async def test_two_rebuilds_of_one_scheme_do_not_run_at_once(
    nats_url: str, database_url: str
) -> None:
    engine = async_engine(database_url, connections_max=1)
    async with projected(nats_url, database_url):
        assert await PostgresLeases(engine).claim("another", [f"rebuild/{SCHEME}"])
        with pytest.raises(RebuildRefused, match="another process"):
            await rebuilt(nats_url, database_url, "journal")
    await engine.dispose()


async def test_an_empty_ledger_is_not_rebuilt_but_projected(
    nats_url: str, database_url: str
) -> None:
    with pytest.raises(RebuildRefused, match="no record"):
        await rebuilt(nats_url, database_url, "journal")


def test_every_table_is_made_anew_or_kept() -> None:
    kinds = [*OUTSIDE, *JOURNAL, *MADE]

    assert sorted(table.name for table in kinds) == sorted(METADATA.tables)
