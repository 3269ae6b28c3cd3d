"""Rankings: a page of a board, and one holder's place on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.boards import (
    SCORES,
    Board,
    BoardAsked,
    BoardReads,
    Page,
    Place,
    board_for,
)
from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.holders import Asked, known_holder, shown_names
from jifen_ledger.application.queries.moments import quarters_within
from jifen_ledger.application.queries.publications import (
    AwaitedBulletin,
    Publication,
    PublicationReads,
    PublishedRevision,
    awaited_of,
    is_provisional,
    revisions_of,
    told_by,
    with_adjusting,
)
from jifen_ledger.application.queries.refusals import QueryInvalid
from jifen_ledger.application.queries.rights import Holder, Policy, View, require, view_of
from jifen_ledger.application.queries.rights_about_people import sees_grades
from jifen_ledger.application.queries.rights_of_boards import sees_past
from jifen_ledger.domain.grades import Grade
from jifen_ledger.domain.ranking import band_of

TOO_FEW = "too_few_holders"
POLICY = "policy"
NOT_PUBLISHED = "not_published"


class RankingReads(BoardReads, PublicationReads, Protocol):
    """What is asked for a board, and for what it stands on."""

    async def grades_in_force(self, year: str, members: Collection[str]) -> Sequence[Grade]:
        """Return the grades of these members that nothing has superseded."""


@dataclass(frozen=True, slots=True)
class RankEntry:
    """A line of a board; under `bands` only the band is told, in no order.

    `grade` is what people decided for the year, on a published board of a year and to whom a
    grade is shown.
    """

    rank: int | None
    holder: str
    name_zh: str | None
    name_en: str | None
    score: str | None
    band: str | None
    unit: str | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of a board; `reason` says why nobody is listed.

    `figures` are `published`, those of the `revisions`, or `live`; live ones are provisional while
    bulletins are `awaited`. A published year counts the adjustments in later bulletins, too.
    """

    period: str
    capacity: str
    category: str
    scope: str
    size: int
    figures: str
    provisional: bool
    revisions: Sequence[PublishedRevision]
    awaited: Sequence[AwaitedBulletin]
    policy: str
    n: int
    min_n: int
    reason: str | None
    entries: Sequence[RankEntry]
    next: str | None


@dataclass(frozen=True, slots=True)
class HolderRank:
    """One holder's place; `reason` says why there is no rank.

    `figures` are `published`, those of the `revisions`, or `live`; live ones are provisional while
    bulletins are `awaited`.
    """

    holder: str
    period: str
    capacity: str
    category: str
    scope: str
    size: int
    figures: str
    provisional: bool
    revisions: Sequence[PublishedRevision]
    awaited: Sequence[AwaitedBulletin]
    policy: str
    n: int
    min_n: int
    reason: str | None
    rank: int | None
    score: str | None
    band: str | None


async def ranking_of(
    reads: RankingReads,
    asked: Asked,
    wanted: BoardAsked,
    limit: int,
    cursor: str | None,
    around: str | None = None,
) -> Ranking:
    """Return a page of the board, or the lines around a holder.

    Raises NotFound, Forbidden, QueryInvalid.
    """
    if around is not None:
        await known_holder(reads, asked, around)
    board = await board_for(reads, asked, wanted)
    require(allowed=not asked.moment or sees_past(asked.reader, board.policy))
    stands_on = await _standing_on(reads, asked, board)
    n = await reads.scored(board.asked, board.members)
    after = _read(cursor, board, asked.moment)
    reason = _reason(board, n, stands_on)
    places: Sequence[Place] = ()
    if reason is None and around is not None:
        # Bands have no order, so nobody has neighbours there.
        reason = None if board.policy is Policy.FULL else POLICY
        if reason is None:
            places = await reads.neighbours(board.asked, board.members, around, (limit - 1) // 2)
    elif reason is None:
        page = Page(limit + 1, after)
        if board.policy is Policy.FULL:
            places = await reads.places(board.asked, board.members, page)
        else:
            places = await reads.banded(board.asked, board.members, board.bands, page)
    shown = places[:limit]
    names = await shown_names(reads, asked, [place.holder for place in shown])
    grades = await _grades(reads, asked, board, shown)
    entries = []
    for place in shown:
        name = names.get(place.holder)
        full = board.policy is Policy.FULL
        entries.append(
            RankEntry(
                rank=place.rank if full else None,
                holder=place.holder,
                name_zh=None if name is None else name.zh,
                name_en=None if name is None else name.en,
                score=format_points(place.score) if full else None,
                band=_band(board, place.score),
                unit=place.unit,
                grade=grades.get(place.holder),
            )
        )
    more = around is None and len(places) > limit
    return Ranking(
        period=wanted.period,
        capacity=wanted.capacity,
        category=wanted.category,
        scope=wanted.scope or asked.reader.scheme,
        size=asked.size,
        figures=board.figures,
        provisional=_provisional(board, asked, stands_on),
        revisions=revisions_of(stands_on, asked),
        awaited=awaited_of(stands_on),
        policy=board.policy.value,
        n=n,
        min_n=board.min_n,
        reason=reason,
        entries=entries,
        next=_cursor(board, asked.moment, shown[-1]) if more else None,
    )


async def rank_of(reads: RankingReads, asked: Asked, id_: str, wanted: BoardAsked) -> HolderRank:
    """Return the holder's place. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    board = await board_for(reads, asked, wanted, about=id_)
    view = view_of(asked.reader, holder, wanted.capacity, board.policy)
    require(allowed=view is not View.NOTHING)
    require(allowed=not asked.moment or view is not View.BAND)
    stands_on = await _standing_on(reads, asked, board)
    standing = await reads.standing(board.asked, board.members, id_)
    n = await reads.scored(board.asked, board.members)
    reason = _reason(board, n, stands_on)
    if standing is None and reason != NOT_PUBLISHED:
        reason = "not_scored"
    ranked = standing is not None and reason is None and board.policy is Policy.FULL
    if standing is not None and reason is None and not ranked:
        reason = POLICY
    seen = view.value >= View.SHEET.value
    return HolderRank(
        holder=id_,
        period=wanted.period,
        capacity=wanted.capacity,
        category=wanted.category,
        scope=wanted.scope or asked.reader.scheme,
        size=asked.size,
        figures=board.figures,
        provisional=_provisional(board, asked, stands_on),
        revisions=revisions_of(stands_on, asked),
        awaited=awaited_of(stands_on),
        policy=board.policy.value,
        n=n,
        min_n=board.min_n,
        reason=reason,
        rank=standing.higher + 1 if ranked and standing is not None else None,
        score=format_points(standing.score) if standing is not None and seen else None,
        band=None if standing is None else _band(board, standing.score),
    )


async def _grades(
    reads: RankingReads, asked: Asked, board: Board, shown: Sequence[Place]
) -> Mapping[str, str]:
    """Return the grades that go with a year's published scores, as far as the reader sees them."""
    wanted = board.asked
    if not wanted.published or "Q" in wanted.period or wanted.capacity == "unit":
        return {}
    found = await reads.grades_in_force(wanted.period, [place.holder for place in shown])
    return {
        one.member: one.grade
        for one in found
        if sees_grades(asked.reader, Holder(one.member, of_unit=False, branch=one.branch))
    }


async def _standing_on(reads: RankingReads, asked: Asked, board: Board) -> Sequence[Publication]:
    """Return where the board's branches stand: those with a bulletin, or with a deed at least."""
    period = board.asked.period
    found = await reads.publications(board.members.branches, quarters_within(period))
    told = told_by(found, asked, period, published=board.asked.published)
    return await with_adjusting(reads, told, period) if board.asked.published else told


def _provisional(board: Board, asked: Asked, stands_on: Sequence[Publication]) -> bool:
    if board.asked.published:
        return False
    return is_provisional(stands_on, asked, board.asked.period)


def _reason(board: Board, n: int, stands_on: Sequence[Publication]) -> str | None:
    """Say why the board lists nobody: nothing published, too few, or a policy without an order."""
    if board.asked.published and not any(one.revision for one in stands_on):
        return NOT_PUBLISHED
    if n < board.min_n:
        return TOO_FEW
    if board.policy is Policy.OFF:
        return POLICY
    if board.policy is Policy.BANDS and board.asked.category != SCORES:
        return POLICY
    return None


def _band(board: Board, score: int) -> str | None:
    if board.asked.category != SCORES:
        return None
    band = band_of(score, board.bands)
    return None if band is None else format_points(band)


def _cursor(board: Board, moment: str, last: Place) -> str:
    return cursor_of(f"{board.figures},{moment}", last.score, last.holder)


def _read(cursor: str | None, board: Board, moment: str) -> tuple[int, str] | None:
    if cursor is None:
        return None
    of_moment, score, holder = read_cursor(cursor, str, int, str)
    if of_moment != f"{board.figures},{moment}":
        raise QueryInvalid(
            "The cursor belongs to another moment or figures: repeat known_at, as_of and figures."
        )
    assert isinstance(score, int)
    return score, str(holder)
