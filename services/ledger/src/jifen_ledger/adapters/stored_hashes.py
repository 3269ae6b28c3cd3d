"""Stored hashes of a log by spans: leaf hashes stand in the records, the others in their table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.log_tables import log_node
from jifen_ledger.adapters.tables import record
from jifen_ledger.log.ranges import Span

_SCHEME = sa.bindparam("scheme", type_=sa.Text)


def _spans() -> sa.TableValuedAlias:
    columns = ("tile_levels", sa.SmallInteger), ("firsts", sa.BigInteger), ("ends", sa.BigInteger)
    arrays = [sa.bindparam(name, type_=ARRAY(type_)) for name, type_ in columns]
    return (
        sa.func.unnest(*arrays)
        .table_valued(*(sa.column(name, type_) for name, type_ in columns), name="span")
        .render_derived()
    )


def _leaves() -> sa.Select[Any]:
    span = _spans()
    within = sa.and_(
        record.c.scheme == _SCHEME, record.c.seq > span.c.firsts, record.c.seq <= span.c.ends
    )
    return sa.select(
        span.c.tile_levels, (record.c.seq - 1).label("idx"), record.c.leaf_hash
    ).select_from(span.join(record, within))


def _nodes() -> sa.Select[Any]:
    span = _spans()
    within = sa.and_(
        log_node.c.scheme == _SCHEME,
        log_node.c.tile_level == span.c.tile_levels,
        log_node.c.idx >= span.c.firsts,
        log_node.c.idx < span.c.ends,
    )
    return sa.select(log_node.c.tile_level, log_node.c.idx, log_node.c.hash).select_from(
        span.join(log_node, within)
    )


LEAVES = _leaves()
NODES = _nodes()


async def stored_hashes(
    connection: AsyncConnection, scheme: str, spans: Sequence[Span]
) -> dict[tuple[int, int], bytes]:
    """Return the hashes of the spans by tile level and index, as far as they are there."""
    found: dict[tuple[int, int], bytes] = {}
    for statement, own in (
        (LEAVES, [span for span in spans if span.tile_level == 0]),
        (NODES, [span for span in spans if span.tile_level > 0]),
    ):
        if own:
            key = {
                "scheme": scheme,
                "tile_levels": [span.tile_level for span in own],
                "firsts": [span.first for span in own],
                "ends": [span.first + span.width for span in own],
            }
            rows = await connection.execute(statement, key)
            found |= {(level, idx): bytes(hash_) for level, idx, hash_ in rows}
    return found
