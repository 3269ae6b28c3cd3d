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

# Every key is named: a planner takes a join by ranges for a large part of the table, and reads all.
LEAVES = sa.select(sa.literal(0), record.c.seq - 1, record.c.leaf_hash).where(
    record.c.scheme == _SCHEME,
    record.c.seq == sa.any_(sa.bindparam("seqs", type_=ARRAY(sa.BigInteger))),
)


def _nodes() -> sa.Select[Any]:
    names = ("tile_levels", "tile_level", sa.SmallInteger), ("idxs", "idx", sa.BigInteger)
    arrays = [sa.bindparam(array, type_=ARRAY(type_)) for array, _, type_ in names]
    columns = [sa.column(name, type_) for _, name, type_ in names]
    wanted = sa.func.unnest(*arrays).table_valued(*columns, name="wanted").render_derived()
    own = sa.and_(
        log_node.c.scheme == _SCHEME,
        log_node.c.tile_level == wanted.c.tile_level,
        log_node.c.idx == wanted.c.idx,
    )
    return sa.select(log_node.c.tile_level, log_node.c.idx, log_node.c.hash).select_from(
        wanted.join(log_node, own)
    )


NODES = _nodes()


async def stored_hashes(
    connection: AsyncConnection, scheme: str, spans: Sequence[Span]
) -> dict[tuple[int, int], bytes]:
    """Return the hashes of the spans by tile level and index, as far as they are there."""
    wanted = [
        (span.tile_level, idx)
        for span in spans
        for idx in range(span.first, span.first + span.width)
    ]
    rows: list[Any] = []
    if seqs := [idx + 1 for tile_level, idx in wanted if tile_level == 0]:
        rows += await connection.execute(LEAVES, {"scheme": scheme, "seqs": seqs})
    if nodes := [node for node in wanted if node[0] > 0]:
        tile_levels, idxs = (list(column) for column in zip(*nodes, strict=True))
        key = {"scheme": scheme, "tile_levels": tile_levels, "idxs": idxs}
        rows += await connection.execute(NODES, key)
    return {(tile_level, idx): bytes(hash_) for tile_level, idx, hash_ in rows}
