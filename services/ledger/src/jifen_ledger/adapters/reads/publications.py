"""Reads what was published: the last revisions of bulletins, and the scores frozen in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_contracts.periods import end_day, first_day
from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.quarter_tables import bulletin, published_line
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.reads.places import spans
from jifen_ledger.adapters.tables import claim
from jifen_ledger.application.queries.publications import Publication
from jifen_ledger.domain.published_lines import PublishedLine

LINES = KEPT_ROWS["published_lines"]
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

    async def adjusting(
        self, branches: Collection[str], quarters: Collection[str]
    ) -> Sequence[Publication]:
        """Return the bulletins of later quarters that list adjustments of these."""
        listing = (
            sa.select(published_line.c.branch, published_line.c.quarter)
            .where(*_adjusts(self._scheme, branches, quarters, self.at))
            .distinct()
            .subquery("pairs")
        )
        return await self._of(listing)

    async def published_in(self, revision: Publication) -> Sequence[PublishedLine]:
        """Return what a revision says of everybody in its quarter."""
        line = published_line.c
        return await self._published(
            line.branch == revision.branch,
            line.quarter == revision.quarter,
            line.revision == revision.revision,
            line.of_quarter == line.quarter,
        )

    async def published_of(
        self, holder: str, told: Collection[Publication]
    ) -> Sequence[PublishedLine]:
        """Return what these revisions say of the holder, and later ones of their quarters.

        The line published last is at the end.
        """
        keys = [(one.branch, one.quarter, one.revision) for one in told if one.revision]
        if not keys:
            return []
        line = published_line.c
        own = sa.tuple_(line.branch, line.of_quarter, line.revision).in_(keys)
        later = sa.tuple_(line.branch, line.of_quarter).in_([key[:2] for key in keys])
        return await self._published(
            line.holder == holder,
            sa.or_(
                sa.and_(line.of_quarter == line.quarter, own),
                sa.and_(line.of_quarter < line.quarter, later),
            ),
        )

    async def _published(self, *where: sa.ColumnElement[bool]) -> list[PublishedLine]:
        asked = (
            sa.select(published_line)
            .where(published_line.c.scheme == self._scheme, held(published_line, self.at), *where)
            .order_by(published_line.c.seq, published_line.c.holder, published_line.c.capacity)
        )
        return [LINES.object(row) for row in await self._connection.execute(asked)]

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


def published_scores(
    scheme: str,
    capacity: str,
    branches: Collection[str],
    quarters: Collection[str],
    at: int | None,
    *,
    adjusted: bool,
) -> sa.Subquery:
    """Return (holder, quarter, score, a, b, c, d) as the last revisions have them.

    Of a holder whom two branches list in one quarter, what was published last counts: a person's
    score runs on over a transfer (domain.md §8.2, E32). `adjusted` figures are those after the
    adjustments that later bulletins list, which a year counts.
    """
    line = published_line
    last = _last_revisions(scheme, branches, quarters, at)
    said = sa.select(line).join(
        last,
        sa.and_(
            line.c.branch == last.c.branch,
            line.c.quarter == last.c.quarter,
            line.c.revision == last.c.revision,
        ),
    )
    own = said.where(
        line.c.scheme == scheme,
        line.c.capacity == capacity,
        line.c.of_quarter == line.c.quarter,
        held(line, at),
    ).subquery("said")
    known: sa.FromClause = own
    if adjusted:
        later = sa.select(line).where(
            line.c.capacity == capacity,
            *_adjusts(scheme, branches, quarters, at),
            # Whom the last revision no longer lists is not brought back by an adjustment.
            sa.exists().where(own.c.holder == line.c.holder, own.c.of_quarter == line.c.of_quarter),
        )
        known = sa.union_all(sa.select(own), later).subquery("known")
    points = [
        sa.func.coalesce(known.c.categories[one.upper()].as_integer(), 0).label(one)
        for one in CATEGORIES
    ]
    quarter = known.c.of_quarter.label("quarter")
    lines = (
        sa.select(known.c.holder, quarter, known.c.score, *points)
        .ext(distinct_on(known.c.holder, known.c.of_quarter))
        .order_by(known.c.holder, known.c.of_quarter, known.c.seq.desc())
        .subquery("lines")
    )
    return sa.select(lines).where(lines.c.score.is_not(None)).subquery("own")


def _last_revisions(
    scheme: str, branches: Collection[str], quarters: Collection[str], at: int | None
) -> sa.Subquery:
    """Return (branch, quarter, revision) of what each branch published last of each quarter."""
    return (
        sa.select(bulletin.c.branch, bulletin.c.quarter, bulletin.c.revision)
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


def _adjusts(
    scheme: str, branches: Collection[str], quarters: Collection[str], at: int | None
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for lines after adjustments of some quarters."""
    line = published_line
    return (
        line.c.scheme == scheme,
        line.c.branch == sa.any_(_texts(branches)),
        line.c.of_quarter == sa.any_(_texts(quarters)),
        line.c.of_quarter < line.c.quarter,
        held(line, at),
    )


def _listed(name: str, values: Collection[str]) -> sa.TableValuedAlias:
    listed = sa.func.unnest(_texts(values)).table_valued(sa.column(name, sa.Text), name=f"{name}s")
    return listed.render_derived()


def _texts(values: Collection[str]) -> sa.ColumnElement[list[str]]:
    return sa.literal(list(values), sa.ARRAY(sa.Text))
