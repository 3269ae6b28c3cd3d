"""Reads boards: scores of a period within a scope, counted and ordered by the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_contracts.periods import quarters_of
from jifen_ledger.adapters.reads.held import added
from jifen_ledger.adapters.reads.places import (
    COMMITTEE,
    active_days,
    among,
    last_homes,
    spans,
)
from jifen_ledger.adapters.reads.publications import published_scores
from jifen_ledger.adapters.register_tables import unit_state
from jifen_ledger.adapters.tables import figures
from jifen_ledger.application.queries.boards import (
    SCORES,
    BoardAsked,
    Members,
    Page,
    Place,
    Standing,
)
from jifen_ledger.application.queries.comparison import UnitScores
from jifen_ledger.application.queries.moments import span_of, whole_quarters

BIG = sa.BigInteger


class BoardReads:
    """The boards of one scheme at one moment."""

    at: int | None = None
    as_of: date | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def places(self, board: BoardAsked, members: Members, page: Page) -> Sequence[Place]:
        """Return the holders of a page, the higher score first."""
        scores = await self._within(board, members)
        ranked = sa.select(
            scores.c.holder,
            scores.c.score,
            sa.func.rank().over(order_by=scores.c.score.desc()).label("rank"),
        ).subquery("ranked")
        return await self._page(board, sa.select(ranked), page)

    async def banded(
        self, board: BoardAsked, members: Members, bands: Sequence[int], page: Page
    ) -> Sequence[Place]:
        """Return the holders of a page in order of band and id; `score` is the band's floor."""
        scores = await self._within(board, members)
        floors = sorted(bands, reverse=True)
        floor = sa.case(*((scores.c.score >= one, one) for one in floors), else_=None)
        banded = (
            sa.select(
                scores.c.holder, sa.cast(floor, BIG).label("score"), sa.literal(0).label("rank")
            )
            .where(scores.c.score >= floors[-1])
            .subquery("banded")
        )
        return await self._page(board, sa.select(banded), page)

    async def neighbours(
        self, board: BoardAsked, members: Members, holder: str, each: int
    ) -> Sequence[Place]:
        """Return the holder's line with as many above and below it; none without a score."""
        scores = await self._within(board, members)
        order = (scores.c.score.desc(), scores.c.holder)
        ranked = sa.select(
            scores.c.holder,
            scores.c.score,
            sa.func.rank().over(order_by=scores.c.score.desc()).label("rank"),
            sa.func.row_number().over(order_by=order).label("line"),
        ).cte("ranked")
        own = sa.select(ranked.c.line).where(ranked.c.holder == holder).scalar_subquery()
        near = sa.select(ranked.c.holder, ranked.c.score, ranked.c.rank).where(
            ranked.c.line.between(own - each, own + each)
        )
        return await self._page(board, near, Page(2 * each + 1))

    async def scored(self, board: BoardAsked, members: Members) -> int:
        """Return how many scored holders the board has."""
        scores = await self._within(board, members)
        count = sa.select(sa.func.count()).select_from(scores)
        return int((await self._connection.execute(count)).scalar_one())

    async def standing(self, board: BoardAsked, members: Members, holder: str) -> Standing | None:
        """Return the holder's place, None where the board has no score of theirs."""
        scores = await self._within(board, members)
        own = sa.select(scores.c.score).where(scores.c.holder == holder)
        score = (await self._connection.execute(own)).scalar_one_or_none()
        if score is None:
            return None
        higher = sa.select(sa.func.count()).select_from(scores).where(scores.c.score > score)
        return Standing(score, int((await self._connection.execute(higher)).scalar_one()))

    async def unit_scores(
        self, board: BoardAsked, members: Members, role: str, targets: Mapping[str, str]
    ) -> Sequence[UnitScores]:
        """Return the scored holders of the units that `targets` maps branches or groups to."""
        scores = await self._scores(board, members)
        dates = [(board.period, *span_of(board.period, self.as_of))]
        active = active_days(self._scheme, board.capacity, dates, role, self.at)
        target = (
            sa.func.unnest(
                sa.literal(list(targets), sa.ARRAY(sa.Text)),
                sa.literal(list(targets.values()), sa.ARRAY(sa.Text)),
            )
            .table_valued(sa.column("unit", sa.Text), sa.column("target", sa.Text), name="target")
            .render_derived()
        )
        # Who moved within a target is one holder of it.
        held = (
            sa.select(
                target.c.target,
                scores.c.holder,
                scores.c.score,
                sa.cast(sa.func.sum(active.c.days), BIG).label("days"),
            )
            .join_from(active, target, target.c.unit == active.c.unit)
            .join(scores, scores.c.holder == active.c.holder)
            .group_by(target.c.target, scores.c.holder, scores.c.score)
            .subquery("held_scores")
        )
        alike = (held.c.target, held.c.score, held.c.days)
        found = await self._connection.execute(sa.select(*alike, sa.func.count()).group_by(*alike))
        return [UnitScores(*row) for row in found]

    async def _told(self, board: BoardAsked, members: Members) -> sa.FromClause:
        """Return (holder, quarter, score, a, b, c, d) as bulletins have them, or live."""
        if not board.published:
            return await self._figures(board)
        return published_scores(
            self._scheme,
            board.capacity,
            members.branches,
            whole_quarters(board.period, self.as_of),
            self.at,
            adjusted="Q" not in board.period,
        )

    async def _figures(self, board: BoardAsked) -> sa.FromClause:
        """Return (holder, quarter, score, a, b, c, d) of the holders scored in the period."""
        own = (figures.c.scheme == self._scheme, figures.c.capacity == board.capacity)
        period = figures.c.quarter == board.period
        if "Q" not in board.period:
            period = figures.c.quarter.in_(quarters_of(board.period))
        return sa.select(figures).where(*own, figures.c.score.is_not(None), period).subquery("own")

    async def _scores(self, board: BoardAsked, members: Members) -> sa.Subquery:
        """Return (holder, score) of every scored holder of the period."""
        own = await self._told(board, members)
        category = None if board.category == SCORES else own.c[board.category.lower()]
        if "Q" in board.period:
            value = own.c.score if category is None else category
            return sa.select(own.c.holder, sa.cast(value, BIG).label("score")).subquery("scores")
        days = self._days(board)
        weighted = sa.cast(sa.func.sum(own.c.score * days.c.days), BIG)
        total = sa.cast(sa.func.sum(days.c.days), BIG)
        # Half up, as `half_up` has it: whole numbers divide without a remainder here.
        year = sa.func.div(2 * weighted + total, 2 * total)
        total_value = year if category is None else sa.func.sum(category)
        same = sa.and_(days.c.holder == own.c.holder, days.c.period == own.c.quarter)
        return (
            sa.select(own.c.holder, sa.cast(total_value, BIG).label("score"))
            .join_from(own, days, same)
            .where(days.c.days > 0)
            .group_by(own.c.holder)
            .subquery("scores")
        )

    def _days(self, board: BoardAsked) -> sa.Subquery:
        """Return (holder, period, days): the active days by quarter of the year."""
        quarters = [(one, *span_of(one, self.as_of)) for one in quarters_of(board.period)]
        if board.capacity == "unit":
            return _unit_days(self._scheme, quarters, self.at)
        active = active_days(self._scheme, board.capacity, quarters, at=self.at)
        days = sa.cast(sa.func.sum(active.c.days), BIG).label("days")
        return (
            sa.select(active.c.holder, active.c.period, days)
            .group_by(active.c.holder, active.c.period)
            .subquery("days")
        )

    async def _within(self, board: BoardAsked, members: Members) -> sa.Subquery:
        """Return (holder, score) of the board, cut to the members it takes in."""
        scores = await self._scores(board, members)
        found = sa.select(scores.c.holder, scores.c.score)
        if members.units is not None:
            found = found.where(among(scores.c.holder, members.units))
        # Whom a bulletin lists is frozen with it: who has moved on stays on the branch's board.
        homes = None if board.published else members.homes
        if homes is not None or members.groups is not None or members.post is not None:
            last = last_homes(self._scheme, *span_of(board.period, self.as_of), self.at)
            found = found.join(last, last.c.member == scores.c.holder)
            if homes is not None:
                found = found.where(among(last.c.unit, homes))
            if members.groups is not None:
                group = spans(self._scheme, ("group_member",), "in_group", self.at)
                found = found.where(
                    sa.exists().where(
                        group.c.member == last.c.member,
                        among(group.c.unit, members.groups),
                        group.c.from_day <= last.c.last_day,
                        group.c.to_day > last.c.last_day,
                    )
                )
            if members.post is not None:
                found = found.where(self._holds_post(last, members.post))
        return found.subquery("within")

    def _holds_post(self, last: sa.Subquery, post: str) -> sa.ColumnElement[bool]:
        office = spans(self._scheme, COMMITTEE, "office", self.at)
        named = office.c.post == post
        if post == "secretary":
            named = sa.or_(named, office.c.role == "secretary")
        return sa.exists().where(
            office.c.member == last.c.member,
            named,
            office.c.from_day <= last.c.last_day,
            office.c.to_day > last.c.last_day,
        )

    async def _page(
        self, board: BoardAsked, found: sa.Select[tuple[object, ...]], page: Page
    ) -> Sequence[Place]:
        rows = found.subquery("rows")
        place = sa.tuple_(-rows.c.score, rows.c.holder)
        cut = sa.select(rows)
        if page.after is not None:
            score, holder = page.after
            cut = cut.where(place > sa.tuple_(sa.literal(-score, BIG), sa.literal(holder)))
        cut = cut.order_by(rows.c.score.desc(), rows.c.holder).limit(page.limit)
        listed = [tuple(row) for row in await self._connection.execute(cut)]
        homes = await self._homes(board, [row[0] for row in listed])
        return [Place(holder, score, rank, homes.get(holder)) for holder, score, rank in listed]

    async def _homes(self, board: BoardAsked, holders: Collection[str]) -> dict[str, str]:
        if board.capacity == "unit":
            return {holder: holder for holder in holders}
        last = last_homes(self._scheme, *span_of(board.period, self.as_of), self.at)
        rows = await self._connection.execute(
            sa.select(last.c.member, last.c.unit).where(among(last.c.member, holders))
        )
        return {row.member: row.unit for row in rows}


def _unit_days(
    scheme: str, periods: Sequence[tuple[str, date, date]], at: int | None
) -> sa.Subquery:
    """Return (holder, period, days): a unit is active from its first registration to its end."""
    known = (unit_state.c.scheme == scheme, added(unit_state, at))
    ends = (
        sa.select(unit_state.c.unit, unit_state.c.to_day)
        .ext(distinct_on(unit_state.c.unit))
        .where(*known)
        .order_by(unit_state.c.unit, unit_state.c.seq.desc())
        .subquery("ends")
    )
    begins = (
        sa.select(unit_state.c.unit, sa.func.min(unit_state.c.from_day).label("from_day"))
        .where(*known)
        .group_by(unit_state.c.unit)
        .subquery("begins")
    )
    parts = []
    for name, first, end in periods:
        days = sa.func.least(ends.c.to_day, sa.literal(end, sa.Date)) - sa.func.greatest(
            begins.c.from_day, sa.literal(first, sa.Date)
        )
        parts.append(
            sa.select(
                begins.c.unit.label("holder"),
                sa.literal(name).label("period"),
                sa.cast(days, BIG).label("days"),
            ).join_from(begins, ends, ends.c.unit == begins.c.unit)
        )
    return sa.union_all(*parts).subquery("days")
