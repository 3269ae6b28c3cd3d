"""The ledger's own boards at a size, as the rankings of an audit bundle (tlog.md §7.3)."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.reads.past import PastSnapshot
from jifen_ledger.adapters.reads.snapshot import Snapshot, Snapshots
from jifen_ledger.adapters.tables import posting
from jifen_ledger.application.audit.rankings import CAPACITIES, board_of, place_line
from jifen_ledger.application.queries.boards import SCORES, BoardAsked, Members, Page, Place
from jifen_ledger.application.queries.holders import version_for
from jifen_ledger.application.queries.rights_of_boards import LIVE

# No board has more places.
EVERY_PLACE = Page(2**31 - 1)
EVERYBODY = Members(branches=())
QUARTERS = (
    sa.select(posting.c.quarter)
    .where(
        posting.c.scheme == sa.bindparam("scheme", type_=sa.Text),
        posting.c.seq <= sa.bindparam("size", type_=sa.BigInteger),
        posting.c.quarter.is_not(None),
    )
    .distinct()
)


def rankings_of(url: str, scheme: str, size: int) -> bytes:
    """Return the rankings of a published size."""
    return asyncio.run(_boards(url, scheme, size)) if size else b""


async def _boards(url: str, scheme: str, size: int) -> bytes:
    engine = async_engine(url, connections_max=1)
    try:
        async with Snapshots(engine).open(scheme) as now:
            assert now is not None, "a published log has records"
            return await rankings_at(now, size)
    finally:
        await engine.dispose()


async def rankings_at(now: Snapshot, size: int) -> bytes:
    """Return a line for each place on the boards of all quarters, by board, rank and holder."""
    # Where the ledger is still there, the boards are those that its readers see.
    reads = now if now.moment.size == size else PastSnapshot(now, size, None)
    boards = {
        board_of(quarter, capacity): await _places(reads, quarter, capacity)
        for quarter in await _quarters(now, size)
        for capacity in CAPACITIES
    }
    return b"".join(
        place_line(board, one.rank, one.score, one.holder)
        for board in sorted(boards)
        for one in boards[board]
    )


async def _quarters(now: Snapshot, size: int) -> list[str]:
    connection, scheme, *_ = now.shared()
    found = await connection.execute(QUARTERS, {"scheme": scheme, "size": size})
    return [quarter for (quarter,) in found]


async def _places(reads: Snapshot, quarter: str, capacity: str) -> list[Place]:
    board = BoardAsked(quarter, capacity, SCORES, None, None, None, LIVE)
    found = list(await reads.places(board, EVERYBODY, EVERY_PLACE))
    fewest = version_for(await reads.versions(), quarter).document.ranking.min_n
    return found if len(found) >= fewest else []
