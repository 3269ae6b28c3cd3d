"""Reads frozen bulletins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.quarter_tables import bulletin
from jifen_ledger.adapters.reads.held import held
from jifen_ledger.application.queries.moments import whole_quarters
from jifen_ledger.domain.bulletins import Bulletin

ROWS = KEPT_ROWS["bulletins"]


class BulletinReads:
    """The bulletins of one scheme at one moment."""

    at: int | None = None
    as_of: date | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def bulletins(self, branch: str, quarter: str | None) -> Sequence[Bulletin]:
        """Return the branch's revisions, of one quarter or of all, in their order."""
        asked = (
            sa.select(bulletin)
            .where(bulletin.c.scheme == self._scheme, bulletin.c.branch == branch)
            .where(held(bulletin, self.at))
            .order_by(bulletin.c.seq)
        )
        if quarter is not None:
            asked = asked.where(bulletin.c.quarter == quarter)
        found: list[Bulletin] = [ROWS.object(row) for row in await self._connection.execute(asked)]
        # A bulletin tells nothing of the deeds up to a day within its quarter.
        return [one for one in found if whole_quarters(one.quarter, self.as_of)]
