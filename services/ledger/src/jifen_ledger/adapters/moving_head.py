"""Moves the head with its tree: from the size that was read, or not at all."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.log_tables import log_node
from jifen_ledger.adapters.tables import log_head
from jifen_ledger.application.ports import Batch
from jifen_ledger.application.stopped import Overtaken
from jifen_ledger.log.tree import Growth


def _move_head() -> sa.Select[tuple[str]]:
    """Return the statement: nodes are few, so they go along instead of by a trip of their own."""
    moved = (
        sa.update(log_head)
        .where(
            log_head.c.scheme == sa.bindparam("of_scheme"),
            log_head.c.size == sa.bindparam("from_size"),
            # On the row itself: who waited for a rebuild's end sees it.
            log_head.c.generation == sa.bindparam("of_generation"),
        )
        .values(
            size=sa.bindparam("to_size"),
            last_recorded_at=sa.bindparam("recorded_at"),
            live_from=sa.bindparam("live_from_seq", type_=sa.BigInteger),
            peaks=sa.bindparam("joined_peaks", type_=sa.LargeBinary),
        )
        .returning(log_head.c.scheme)
        .cte("moved")
    )
    node = (
        sa.func.unnest(
            sa.bindparam("tile_levels", type_=ARRAY(sa.SmallInteger)),
            sa.bindparam("idxs", type_=ARRAY(sa.BigInteger)),
            sa.bindparam("hashes", type_=ARRAY(sa.LargeBinary)),
        )
        .table_valued(
            sa.column("tile_level", sa.SmallInteger),
            sa.column("idx", sa.BigInteger),
            sa.column("hash", sa.LargeBinary),
            name="node",
        )
        .render_derived()
    )
    rows = sa.select(moved.c.scheme, node.c.tile_level, node.c.idx, node.c.hash)
    added = insert(log_node).from_select(
        ["scheme", "tile_level", "idx", "hash"], rows.select_from(moved.join(node, sa.true()))
    )
    return sa.select(moved.c.scheme).add_cte(added.cte("added"))


MOVE_HEAD = _move_head()


async def move_head(
    connection: AsyncConnection, batch: Batch, growth: Growth, generation: int
) -> None:
    """Move the head past the batch and add the nodes that it completes. Raises Overtaken."""
    moved = await connection.execute(
        MOVE_HEAD,
        {
            "of_scheme": batch.scheme,
            "from_size": batch.from_size,
            "of_generation": generation,
            "to_size": batch.to_size,
            "recorded_at": batch.records[-1].recorded_at,
            "live_from_seq": batch.live_from,
            "joined_peaks": growth.tree.joined,
            "tile_levels": [node.tile_level for node in growth.nodes],
            "idxs": [node.idx for node in growth.nodes],
            "hashes": [node.hash for node in growth.nodes],
        },
    )
    if moved.one_or_none() is None:
        raise Overtaken(f"the head of {batch.scheme} is no longer at {batch.from_size}")
