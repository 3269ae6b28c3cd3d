"""Leases in a real database: one holder at a time, and a worker that loses one lets go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.leases import PostgresLeases
from jifen_ledger.application.shares import Held
from jifen_ledger.application.status import ProjectionStatus, SchemeStatus
from jifen_ledger.application.working import Told, Worker
from tests.support.wait import until

SCHEMES = ["s-1", "s-2"]
RUN_OUT = sa.text("UPDATE lease SET expires_at = clock_timestamp()")
STEAL = sa.text("UPDATE lease SET worker = 'thief' WHERE scheme = 's-1'")


@asynccontextmanager
async def leases_in(database_url: str) -> AsyncIterator[tuple[PostgresLeases, AsyncEngine]]:
    engine = async_engine(database_url, connections_max=2)
    try:
        yield PostgresLeases(engine), engine
    finally:
        await engine.dispose()


async def execute(engine: AsyncEngine, statement: sa.TextClause) -> None:
    async with engine.begin() as connection:
        await connection.execute(statement)


async def test_a_lease_has_one_holder_until_it_runs_out(database_url: str) -> None:
    async with leases_in(database_url) as (leases, engine):
        claims = [
            await leases.claim("one", ["s-1"]),
            await leases.claim("two", SCHEMES),
            await leases.claim("one", SCHEMES),
        ]
        await execute(engine, RUN_OUT)
        claims.append(await leases.claim("two", ["s-1"]))
        extended = await leases.extend("one", {"s-1": Told(0, "")})

    assert claims == [{"s-1"}, {"s-2"}, set(), {"s-1"}]
    assert extended == set()


async def test_a_renewal_tells_the_others_who_holds_what_and_how_it_fares(
    database_url: str,
) -> None:
    async with leases_in(database_url) as (leases, _):
        await leases.claim("one", ["s-1"])
        await leases.renew("one", SCHEMES, {"s-1": Told(7, "a reason"), "s-2": Told(9, "")})
        seen = await leases.renew("two", SCHEMES, {})
        await leases.leave("one")
        after = await leases.renew("two", SCHEMES, {})

    both = frozenset(SCHEMES)
    assert (seen.workers, seen.leases) == (
        {"one": both, "two": both},
        {"s-1": Held("one", 7, "a reason")},
    )
    assert (after.workers, after.leases) == ({"two": both}, {})


async def test_a_worker_whose_lease_was_taken_ends_the_work_on_it(database_url: str) -> None:
    status, stopping = ProjectionStatus(), asyncio.Event()
    for scheme in SCHEMES:
        status.of(scheme)
    working: set[str] = set()

    async def follow(one: SchemeStatus, told_to_stop: asyncio.Event) -> None:
        working.add(one.scheme)
        await told_to_stop.wait()
        working.discard(one.scheme)

    async with leases_in(database_url) as (leases, engine):
        worker = asyncio.create_task(Worker("one", leases, follow, status, stopping).run())
        await until(lambda: working == set(SCHEMES))
        await execute(engine, STEAL)
        await until(lambda: working == {"s-2"})
        lost = status.of("s-1")
        await until(lambda: lost.worker == "thief")
        shown = [(one.worker, one.held) for one in status.schemes.values()]
        stopping.set()
        await worker
        left = await leases.renew("two", SCHEMES, {})

    assert shown == [("thief", False), ("one", True)]
    assert (working, list(left.leases)) == (set(), ["s-1"])
