"""Boards of now by the places and counts that are kept: what they cost does not grow with them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.place_tables import BUCKET, place, score_count
from jifen_ledger.adapters.reads.boards import BoardReads
from jifen_ledger.adapters.reads.places import among
from jifen_ledger.application.queries.boards import (
    SCORES,
    BoardAsked,
    Members,
    Page,
    Place,
    Standing,
)
from jifen_ledger.domain.score import SCORE_MAX

BIG = sa.BigInteger


class CountedBoardReads(BoardReads):
    """The boards of scores of now; others are counted when asked.

    Those are boards of an earlier moment, of bulletins, of a category, of a group or of a post.
    """

    async def places(self, board: BoardAsked, members: Members, page: Page) -> Sequence[Place]:
        """Return the holders of a page, the higher score first."""
        if not self._is_kept(board, members):
            return await super().places(board, members, page)
        found = self._nearest(board, members, _from_the_top(page), page.limit)
        cut = sa.select(found).order_by(*_display(found))
        lines = (await self._connection.execute(cut)).all()
        ranks = await self._ranks(board, members, page, [line.score for line in lines])
        return [Place(line.holder, line.score, ranks[line.score], line.unit) for line in lines]

    async def banded(
        self, board: BoardAsked, members: Members, bands: Sequence[int], page: Page
    ) -> Sequence[Place]:
        """Return the holders of a page in order of band and id; `score` is the band's floor."""
        if not self._is_kept(board, members):
            return await super().banded(board, members, bands, page)
        floors = sorted(bands, reverse=True)
        parts = []
        for floor, above in zip(floors, [SCORE_MAX + 1, *floors], strict=False):
            part = sa.select(sa.literal(floor, BIG).label("score"), place.c.holder, place.c.unit)
            part = part.where(
                *self._on(board, members), place.c.score >= floor, place.c.score < above
            )
            if page.after is not None:
                band, holder = page.after
                part = part.where(sa.or_(sa.literal(floor < band), place.c.holder > holder))
                part = part.where(sa.literal(floor <= band))
            parts.append(part.order_by(place.c.holder).limit(_shown(page.limit)).subquery())
        found = sa.union_all(*(sa.select(part) for part in parts)).subquery("found")
        ordered = sa.select(found).order_by(found.c.score.desc(), found.c.holder)
        cut = ordered.limit(_shown(page.limit))
        rows = await self._connection.execute(cut)
        return [Place(row.holder, row.score, 0, row.unit) for row in rows]

    async def neighbours(
        self, board: BoardAsked, members: Members, holder: str, each: int
    ) -> Sequence[Place]:
        """Return the holder's line with as many above and below it; none without a score."""
        if not self._is_kept(board, members):
            return await super().neighbours(board, members, holder, each)
        line = (
            sa.select(place.c.score, place.c.holder)
            .where(*self._on(board, members), place.c.holder == holder)
            .subquery("line")
        )
        own = sa.select(line, self._higher(board, members, line.c.score).label("higher")).cte("own")
        equal = place.c.score == own.c.score
        above = (sa.and_(equal, place.c.holder < own.c.holder), place.c.score > own.c.score)
        upto = (sa.and_(equal, place.c.holder >= own.c.holder), place.c.score < own.c.score)
        # Each range is read along the index, from the holder on, as far as it is shown.
        higher = self._nearest(board, members, above, each, upwards=True, beside=own)
        lower = self._nearest(board, members, upto, each + 1, beside=own)
        found = sa.union_all(sa.select(higher), sa.select(lower)).subquery("near")
        equals = self._equal(board, members, found.c.score).label("equals")
        listed = sa.select(found, equals, sa.select(own.c.higher).scalar_subquery().label("higher"))
        lines = (await self._connection.execute(listed.order_by(*_display(found)))).all()
        ranks = _ranks_beside(lines, holder)
        return [Place(line.holder, line.score, ranks[line.score], line.unit) for line in lines]

    async def scored(self, board: BoardAsked, members: Members) -> int:
        """Return how many scored holders the board has."""
        if not self._is_kept(board, members):
            return await super().scored(board, members)
        counted = sa.select(self._higher(board, members, sa.literal(-1, sa.Integer)))
        return int((await self._connection.execute(counted)).scalar_one())

    async def standing(self, board: BoardAsked, members: Members, holder: str) -> Standing | None:
        """Return the holder's place, None where the board has no score of theirs."""
        if not self._is_kept(board, members):
            return await super().standing(board, members, holder)
        own = (
            sa.select(place.c.score)
            .where(*self._on(board, members), place.c.holder == holder)
            .subquery("own")
        )
        counted = sa.select(own.c.score, self._higher(board, members, own.c.score))
        row = (await self._connection.execute(counted)).one_or_none()
        return None if row is None else Standing(row[0], int(row[1]))

    def _is_kept(self, board: BoardAsked, members: Members) -> bool:
        now = self.at is None and self.as_of is None and not board.published
        return now and board.category == SCORES and members.groups is None and members.post is None

    def _on(self, board: BoardAsked, members: Members) -> list[sa.ColumnElement[bool]]:
        """Return the conditions that a place is on the board."""
        units = members.units if board.capacity == "unit" else members.homes
        own = [
            place.c.scheme == self._scheme,
            place.c.period == board.period,
            place.c.capacity == board.capacity,
        ]
        return own if units is None else [*own, among(place.c.unit, units)]

    def _higher(
        self, board: BoardAsked, members: Members, score: sa.ColumnElement[int]
    ) -> sa.ColumnElement[int]:
        """Return how many on the board have more than the score."""
        if board.unit_class is not None:
            return self._number_of(board, members, place.c.score > score)
        scope = board.scope or self._scheme
        bucket = score - score % BUCKET
        fine = sa.and_(
            score_count.c.width == 1,
            score_count.c.low > score,
            score_count.c.low < bucket + BUCKET,
        )
        coarse = sa.and_(score_count.c.width == BUCKET, score_count.c.low > bucket)
        below = self._sum_of(board, scope, coarse) + self._sum_of(board, scope, fine)
        if scope == self._scheme:
            return below
        # A scope may be a home itself: those who are there are not below it.
        direct = Members(branches=[scope], homes=[scope], units=[scope])
        return below + self._number_of(board, direct, place.c.score > score)

    def _equal(
        self, board: BoardAsked, members: Members, score: sa.ColumnElement[int]
    ) -> sa.ColumnElement[int]:
        """Return how many on the board have the score."""
        same = place.c.score == score
        if board.unit_class is not None:
            return self._number_of(board, members, same)
        scope = board.scope or self._scheme
        one = sa.and_(score_count.c.width == 1, score_count.c.low == score)
        below = self._sum_of(board, scope, one)
        if scope == self._scheme:
            return below
        return below + self._number_of(
            board, Members(branches=[scope], homes=[scope], units=[scope]), same
        )

    def _sum_of(
        self, board: BoardAsked, scope: str, where: sa.ColumnElement[bool]
    ) -> sa.ColumnElement[int]:
        total = sa.cast(sa.func.coalesce(sa.func.sum(score_count.c.holders), 0), BIG)
        return (
            sa.select(total)
            .where(
                score_count.c.scheme == self._scheme,
                score_count.c.period == board.period,
                score_count.c.capacity == board.capacity,
                score_count.c.scope == scope,
                where,
            )
            .scalar_subquery()
        )

    def _number_of(
        self, board: BoardAsked, members: Members, where: sa.ColumnElement[bool]
    ) -> sa.ColumnElement[int]:
        return (
            sa.select(sa.func.count())
            .select_from(place)
            .where(*self._on(board, members), where)
            .scalar_subquery()
        )

    def _nearest(
        self,
        board: BoardAsked,
        members: Members,
        ranges: Sequence[sa.ColumnElement[bool]],
        limit: int,
        *,
        upwards: bool = False,
        beside: sa.FromClause | None = None,
    ) -> sa.Subquery:
        """Return the first lines of the ranges in display order, or the last ones."""
        parts = []
        for where in ranges:
            part = sa.select(place.c.score, place.c.holder, place.c.unit)
            part = part.where(*self._on(board, members), where)
            part = part.order_by(*_display(place, upwards=upwards)).limit(_shown(limit))
            if beside is None:
                parts.append(sa.select(part.subquery()))
            else:
                lines = part.correlate(beside).lateral()
                parts.append(sa.select(lines).select_from(beside.join(lines, sa.true())))
        found = sa.union_all(*parts).subquery()
        cut = sa.select(found).order_by(*_display(found, upwards=upwards)).limit(_shown(limit))
        return cut.subquery()

    async def _ranks(
        self, board: BoardAsked, members: Members, page: Page, scores: Sequence[int]
    ) -> dict[int, int]:
        """Return the rank of each score on a page.

        Nobody is above the first page. Below it, how many are higher is asked for the first two
        scores; whoever has the second one is on the page as far as lines follow it, so the others
        are counted along.
        """
        different = sorted(set(scores), reverse=True)
        higher = dict.fromkeys(different[:1], 0)
        if page.after is not None:
            for score in different[:2]:
                counted = sa.select(self._higher(board, members, sa.literal(score, sa.Integer)))
                higher[score] = int((await self._connection.execute(counted)).scalar_one())
        for before, score in pairwise(different):
            if score not in higher:
                higher[score] = higher[before] + scores.count(before)
        return {score: number + 1 for score, number in higher.items()}


def _ranks_beside(lines: Sequence[sa.Row[*tuple[Any, ...]]], holder: str) -> dict[int, int]:
    """Return the ranks of scores that follow each other, from that of one holder among them."""
    equals = {line.score: line.equals for line in lines}
    own = next((line for line in lines if line.holder == holder), None)
    if own is None:
        return {}
    different = sorted(equals, reverse=True)
    at = different.index(own.score)
    higher = {own.score: own.higher}
    for score, above in pairwise(different[at::-1]):
        higher[above] = higher[score] - equals[above]
    for score, below in pairwise(different[at:]):
        higher[below] = higher[score] + equals[score]
    return {score: int(number) + 1 for score, number in higher.items()}


def _from_the_top(page: Page) -> list[sa.ColumnElement[bool]]:
    """Return the ranges of a page: the rest of a score, then what is below it."""
    if page.after is None:
        return [sa.true()]
    score, holder = page.after
    return [
        sa.and_(place.c.score == score, place.c.holder > holder),
        place.c.score < score,
    ]


def _display(
    lines: sa.FromClause, *, upwards: bool = False
) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    if upwards:
        return lines.c.score, lines.c.holder.desc()
    return lines.c.score.desc(), lines.c.holder


def _shown(limit: int) -> sa.ColumnElement[int]:
    """Return the limit in words of the statement.

    As a parameter it could be anything to a planner that plans once for all: it would expect a
    tenth of the board, and so plan every time anew, which takes longer than the reading.
    """
    return sa.literal_column(str(limit), sa.Integer)
