"""Reads what was published: the last revisions of bulletins, and the scores frozen in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_contracts.periods import end_day, first_day
from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.quarter_tables import bulletin
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.reads.places import spans
from jifen_ledger.adapters.tables import claim
from jifen_ledger.application.queries.publications import Publication
from jifen_ledger.domain.bulletins import Bulletin

ROWS = KEPT_ROWS["bulletins"]
CATEGORIES = ("a", "b", "c", "d")
QUARTER_TEXT: sa.ColumnElement[str] = sa.literal_column("'YYYY-\"Q\"Q'")


class PublicationReads:
    """What the branches of one scheme had published at one moment."""

    at: int | None = None
    as_of: date | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def publications(
        self, branches: Collection[str], quarters: Collection[str]
    ) -> Sequence[Publication]:
        """Return one row for each of the branches and quarters."""
        branch, quarter = _listed("branch", branches), _listed("quarter", quarters)
        pairs = sa.select(branch.c.branch, quarter.c.quarter).join_from(branch, quarter, sa.true())
        return await self._of(pairs.subquery("pairs"))

    async def publications_of(
        self, member: str, quarters: Collection[str]
    ) -> Sequence[Publication]:
        """Return one row for each quarter and branch that was the member's home on a day of it."""
        home = spans(self._scheme, ("member",), "home", self.at)
        quarter = sa.values(
            sa.column("name", sa.Text),
            sa.column("first", sa.Date),
            sa.column("end", sa.Date),
            name="quarter",
        ).data([(one, first_day(one), end_day(one)) for one in quarters])
        during = sa.func.daterange(quarter.c.first, quarter.c.end)
        pairs = (
            sa.select(home.c.unit.label("branch"), quarter.c.name.label("quarter"))
            .join_from(home, quarter, home.c.span.op("&&")(during))
            .where(home.c.member == member)
            .distinct()
            .subquery("pairs")
        )
        return await self._of(pairs)

    async def sheets(self, published: Collection[Publication]) -> Sequence[Bulletin]:
        """Return these revisions, the one frozen last at the end."""
        keys = [(one.branch, one.quarter, one.revision) for one in published if one.revision]
        if not keys:
            return []
        key = sa.tuple_(bulletin.c.branch, bulletin.c.quarter, bulletin.c.revision)
        asked = (
            sa.select(bulletin)
            .where(bulletin.c.scheme == self._scheme, key.in_(keys), held(bulletin, self.at))
            .order_by(bulletin.c.seq)
        )
        return [ROWS.object(row) for row in await self._connection.execute(asked)]

    async def _of(self, pairs: sa.Subquery) -> Sequence[Publication]:
        last = (
            sa.select(bulletin)
            .where(
                bulletin.c.scheme == self._scheme,
                bulletin.c.branch == pairs.c.branch,
                bulletin.c.quarter == pairs.c.quarter,
                held(bulletin, self.at),
            )
            .order_by(bulletin.c.revision.desc())
            .limit(1)
            .lateral("last")
        )
        asked = (
            sa.select(
                pairs.c.branch,
                pairs.c.quarter,
                sa.func.coalesce(last.c.revision, 0),
                last.c.seq,
                last.c.content_hash,
                last.c.branch_hash,
                self._deeds(pairs),
            )
            .select_from(pairs.outerjoin(last, sa.true()))
            .order_by(pairs.c.branch, pairs.c.quarter)
        )
        return [Publication(*row) for row in await self._connection.execute(asked)]

    def _deeds(self, pairs: sa.Subquery) -> sa.ColumnElement[bool]:
        """Tell whether a deed of the quarter was claimed in the branch, by what was known."""
        stated = sa.exists().where(
            claim.c.scheme == self._scheme,
            claim.c.branch == pairs.c.branch,
            claim.c.deed_quarter == pairs.c.quarter,
            added(claim, self.at),
        )
        if self.at is None:
            return stated
        # A claim put aside since then may have been of another branch or day.
        later = claim_past.c.until_seq > self.at
        changed = sa.exists().where(
            claim_past.c.scheme == claim.c.scheme, claim_past.c.claim == claim.c.claim, later
        )
        before = claim_past.alias("before")
        first = sa.exists().where(
            claim_past.c.scheme == before.c.scheme,
            claim_past.c.claim == before.c.claim,
            later,
            claim_past.c.until_seq < before.c.until_seq,
        )
        put_aside = sa.exists().where(
            before.c.scheme == self._scheme,
            before.c.branch == pairs.c.branch,
            sa.func.to_char(before.c.deed_date, QUARTER_TEXT) == pairs.c.quarter,
            before.c.seq <= self.at,
            before.c.until_seq > self.at,
            ~first,
        )
        return sa.or_(stated.where(~changed), put_aside)


def frozen_scores(
    scheme: str,
    capacity: str,
    branches: Collection[str],
    quarters: Collection[str],
    at: int | None,
) -> sa.Subquery:
    """Return (holder, quarter, score, a, b, c, d) as the last revisions have them.

    Of a holder whom two branches list in one quarter, what was frozen last counts: a person's score
    runs on over a transfer (domain.md §8.2, E32).
    """
    last = (
        sa.select(bulletin.c.quarter, bulletin.c.seq, bulletin.c.full_sheet)
        .ext(distinct_on(bulletin.c.branch, bulletin.c.quarter))
        .where(
            bulletin.c.scheme == scheme,
            bulletin.c.branch == sa.any_(_texts(branches)),
            bulletin.c.quarter == sa.any_(_texts(quarters)),
            held(bulletin, at),
        )
        .order_by(bulletin.c.branch, bulletin.c.quarter, bulletin.c.revision.desc())
        .subquery("last")
    )
    sheet = sa.cast(sa.func.convert_from(last.c.full_sheet, "UTF8"), JSONB)
    line = (
        sa.func.jsonb_to_recordset(sheet["holders"])
        .table_valued(
            sa.column("holder", sa.Text),
            sa.column("capacity", sa.Text),
            sa.column("score", sa.BigInteger),
            sa.column("points", JSONB),
        )
        .render_derived(name="line", with_types=True)
    )
    points = [sa.func.coalesce(line.c.points[one].as_integer(), 0).label(one) for one in CATEGORIES]
    lines = (
        sa.select(line.c.holder, last.c.quarter, line.c.score, *points)
        .ext(distinct_on(line.c.holder, last.c.quarter))
        .join_from(last, line, sa.true())
        .where(line.c.capacity == capacity)
        .order_by(line.c.holder, last.c.quarter, last.c.seq.desc())
        .subquery("lines")
    )
    return sa.select(lines).where(lines.c.score.is_not(None)).subquery("own")


def _listed(name: str, values: Collection[str]) -> sa.TableValuedAlias:
    listed = sa.func.unnest(_texts(values)).table_valued(sa.column(name, sa.Text), name=f"{name}s")
    return listed.render_derived()


def _texts(values: Collection[str]) -> sa.ColumnElement[list[str]]:
    return sa.literal(list(values), sa.ARRAY(sa.Text))
