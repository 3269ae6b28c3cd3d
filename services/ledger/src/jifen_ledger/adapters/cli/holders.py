"""Which worker holds which scheme, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.tables import log_head
from jifen_ledger.adapters.worker_tables import lease, rebuild

HOLDERS = (
    sa.select(
        log_head.c.scheme,
        log_head.c.size,
        sa.case((lease.c.expires_at > sa.func.clock_timestamp(), lease.c.worker)).label("worker"),
        lease.c.stream_last,
        lease.c.trouble,
        rebuild.c.role,
        rebuild.c.size.label("rebuilt"),
    )
    .select_from(
        log_head.outerjoin(lease, lease.c.scheme == log_head.c.scheme).outerjoin(
            rebuild, rebuild.c.scheme == log_head.c.scheme
        )
    )
    .order_by(log_head.c.scheme)
)

_ARTICLE = {"new": "a new", "old": "the old"}


def lines_of_holders(url: str) -> Iterator[str]:
    """Yield a line for each scheme that has a head."""
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            for row in connection.execute(HOLDERS):
                yield _line(row)
    finally:
        engine.dispose()


def _line(row: sa.Row[*tuple[Any, ...]]) -> str:
    parts: list[str] = [f"{row.scheme}: {row.size} records"]
    if row.worker is None:
        parts.append("held by nobody")
    else:
        behind = max(0, row.stream_last - row.size)
        parts.append(f"held by {row.worker}, {behind} behind")
        parts.extend([row.trouble] if row.trouble else [])
    if row.rebuilt is not None:
        parts.append(f"beside it {_ARTICLE[row.role]} generation at {row.rebuilt}")
    return "; ".join(parts)
