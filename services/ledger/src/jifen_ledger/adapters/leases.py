"""The leases in PostgreSQL: every time is the database's own, so no two clocks are compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.tables import log_head
from jifen_ledger.adapters.worker_tables import lease, worker
from jifen_ledger.application.shares import Held, Seen
from jifen_ledger.application.working import LEASE_S, Told

# Long dead workers are of no interest to anybody.
FORGOTTEN_AFTER = timedelta(minutes=1)

# The clock's time, not the transaction's: whoever waited for a row must not set it back.
NOW = sa.func.clock_timestamp()
LASTS = sa.literal(timedelta(seconds=LEASE_S), sa.Interval)
WORKER = sa.bindparam("of_worker", type_=sa.Text)
SCHEMES = sa.bindparam("schemes", type_=ARRAY(sa.Text))

_alive = insert(worker).values(worker=WORKER, schemes=SCHEMES, seen_at=NOW)
ALIVE = _alive.on_conflict_do_update(
    index_elements=[worker.c.worker],
    set_={"schemes": _alive.excluded.schemes, "seen_at": _alive.excluded.seen_at},
)
FORGET = sa.delete(worker).where(worker.c.seen_at < NOW - sa.literal(FORGOTTEN_AFTER, sa.Interval))
_told = (
    sa.func.unnest(
        SCHEMES,
        sa.bindparam("lasts", type_=ARRAY(sa.BigInteger)),
        sa.bindparam("troubles", type_=ARRAY(sa.Text)),
    )
    .table_valued(
        sa.column("scheme", sa.Text),
        sa.column("stream_last", sa.BigInteger),
        sa.column("trouble", sa.Text),
        name="told",
    )
    .render_derived()
)
RENEW = (
    sa.update(lease)
    .where(lease.c.worker == WORKER, lease.c.scheme == _told.c.scheme)
    .values(expires_at=NOW + LASTS, stream_last=_told.c.stream_last, trouble=_told.c.trouble)
    .returning(lease.c.scheme)
)
WORKERS = sa.select(worker.c.worker, worker.c.schemes).where(worker.c.seen_at > NOW - LASTS)
_served = (
    sa.func.unnest(SCHEMES)
    .table_valued(sa.column("scheme", sa.Text), name="served")
    .render_derived()
)
LEASES = sa.select(
    _served.c.scheme,
    sa.case((lease.c.expires_at > NOW, lease.c.worker)).label("worker"),
    lease.c.stream_last,
    lease.c.trouble,
    sa.func.coalesce(log_head.c.size, 0).label("size"),
).select_from(
    _served.outerjoin(lease, lease.c.scheme == _served.c.scheme).outerjoin(
        log_head, log_head.c.scheme == _served.c.scheme
    )
)
_claim = insert(lease).from_select(
    ["scheme", "worker", "expires_at", "stream_last", "trouble"],
    # Everybody claims in the same order; unordered, two workers deadlock.
    sa.select(_served.c.scheme, WORKER, NOW + LASTS, sa.literal(0), sa.literal("")).order_by(
        _served.c.scheme
    ),
)
CLAIM = _claim.on_conflict_do_update(
    index_elements=[lease.c.scheme],
    set_={"worker": _claim.excluded.worker, "expires_at": _claim.excluded.expires_at},
    where=lease.c.expires_at <= NOW,
).returning(lease.c.scheme)
RELEASE = sa.delete(lease).where(lease.c.worker == WORKER, lease.c.scheme == sa.any_(SCHEMES))
LEAVE = (
    sa.delete(lease).where(lease.c.worker == WORKER),
    sa.delete(worker).where(worker.c.worker == WORKER),
)


class PostgresLeases:
    """One for all workers of a database."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine of its own, so that no projection keeps a renewal waiting."""
        self._engine = engine

    async def renew(self, worker: str, schemes: Collection[str], told: Mapping[str, Told]) -> Seen:
        """Say that the worker lives, extend what it holds, and return who holds what."""
        served = {"schemes": sorted(schemes)}
        async with transaction(self._engine) as connection:
            await connection.execute(ALIVE, {"of_worker": worker, **served})
            await connection.execute(FORGET)
            if told:
                await connection.execute(RENEW, {"of_worker": worker, **_columns(told)})
            workers = (await connection.execute(WORKERS)).all()
            rows = (await connection.execute(LEASES, served)).all()
        return Seen(
            workers={row.worker: frozenset(row.schemes) for row in workers},
            leases={
                row.scheme: Held(row.worker, row.stream_last, row.trouble)
                for row in rows
                if row.worker is not None
            },
            sizes={row.scheme: row.size for row in rows},
        )

    async def extend(self, worker: str, told: Mapping[str, Told]) -> frozenset[str]:
        """Extend these leases, and return which of them the worker still holds."""
        async with transaction(self._engine) as connection:
            key = {"of_worker": worker, **_columns(told)}
            return frozenset((await connection.execute(RENEW, key)).scalars())

    async def claim(self, worker: str, schemes: Collection[str]) -> frozenset[str]:
        """Take the leases that are free, and return which."""
        if not schemes:
            return frozenset()
        async with transaction(self._engine) as connection:
            key = {"of_worker": worker, "schemes": sorted(schemes)}
            return frozenset((await connection.execute(CLAIM, key)).scalars())

    async def release(self, worker: str, schemes: Collection[str]) -> None:
        """Give up what the worker holds of these."""
        if schemes:
            async with transaction(self._engine) as connection:
                key = {"of_worker": worker, "schemes": sorted(schemes)}
                await connection.execute(RELEASE, key)

    async def leave(self, worker: str) -> None:
        """Give up everything: the worker ends."""
        async with transaction(self._engine) as connection:
            for statement in LEAVE:
                await connection.execute(statement, {"of_worker": worker})


def _columns(told: Mapping[str, Told]) -> dict[str, list[object]]:
    ordered = sorted(told.items())
    return {
        "schemes": [scheme for scheme, _ in ordered],
        "lasts": [one.stream_last for _, one in ordered],
        "troubles": [one.trouble for _, one in ordered],
    }
