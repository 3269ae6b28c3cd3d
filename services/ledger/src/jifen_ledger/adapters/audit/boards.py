"""The ledger's own boards at a size, as the rankings of an audit bundle (tlog.md §7.3)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

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


def rankings_of(url: str, scheme: str, size: int) -> Iterator[bytes]:
    """Yield a line for each place on the boards of all quarters, by board, rank and holder."""
    boards = asyncio.run(_boards(url, scheme, size)) if size else {}
    for board in sorted(boards):
        for one in boards[board]:
            yield place_line(board, one.rank, one.score, one.holder)


async def _boards(url: str, scheme: str, size: int) -> dict[str, list[Place]]:
    engine = async_engine(url, connections_max=1)
    try:
        async with Snapshots(engine).open(scheme) as now:
            assert now is not None, "a published log has records"
            # Where the ledger is still there, the boards are those that its readers see.
            at_head = now.moment.size == size
            reads = now if at_head else PastSnapshot(now, size, None)
            quarters = await _quarters(now, scheme, size)
            return {
                board_of(quarter, capacity): places
                for quarter in quarters
                for capacity in CAPACITIES
                if (places := await _places(reads, quarter, capacity))
            }
    finally:
        await engine.dispose()


async def _quarters(now: Snapshot, scheme: str, size: int) -> list[str]:
    connection, *_ = now.shared()
    found = await connection.execute(QUARTERS, {"scheme": scheme, "size": size})
    return [quarter for (quarter,) in found]


async def _places(reads: Snapshot, quarter: str, capacity: str) -> list[Place]:
    board = BoardAsked(quarter, capacity, SCORES, None, None, None, LIVE)
    found = list(await reads.places(board, EVERYBODY, EVERY_PLACE))
    fewest = version_for(await reads.versions(), quarter).document.ranking.min_n
    return found if len(found) >= fewest else []
