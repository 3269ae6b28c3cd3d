"""Rankings: a page of a board, and one holder's place on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from jifen_ledger.application.queries.refusals import QueryInvalid
from jifen_ledger.application.queries.rights import Policy, View, require, sees_past, view_of
from jifen_ledger.domain.ranking import band_of

TOO_FEW = "too_few_holders"
POLICY = "policy"


@dataclass(frozen=True, slots=True)
class RankEntry:
    """A line of a board; under `bands` only the band is told, in no order."""

    rank: int | None
    holder: str
    name_zh: str | None
    name_en: str | None
    score: str | None
    band: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of a board; `reason` says why nobody is listed. Live boards are provisional."""

    period: str
    capacity: str
    category: str
    scope: str
    size: int
    provisional: bool
    policy: str
    n: int
    min_n: int
    reason: str | None
    entries: Sequence[RankEntry]
    next: str | None


@dataclass(frozen=True, slots=True)
class HolderRank:
    """One holder's place; `reason` says why there is no rank."""

    holder: str
    period: str
    capacity: str
    category: str
    scope: str
    size: int
    provisional: bool
    policy: str
    n: int
    min_n: int
    reason: str | None
    rank: int | None
    score: str | None
    band: str | None


async def ranking_of(
    reads: BoardReads, asked: Asked, wanted: BoardAsked, limit: int, cursor: str | None
) -> Ranking:
    """Return a page of the board. Raises NotFound, Forbidden, QueryInvalid."""
    board = await board_for(reads, asked, wanted)
    require(allowed=not asked.moment or sees_past(asked.reader, board.policy))
    n = await reads.scored(wanted, board.members)
    after = _read(cursor, asked.moment)
    reason = _reason(board, n)
    places: Sequence[Place] = ()
    if reason is None:
        page = Page(limit + 1, after)
        if board.policy is Policy.FULL:
            places = await reads.places(wanted, board.members, page)
        else:
            places = await reads.banded(wanted, board.members, board.bands, page)
    shown = places[:limit]
    names = await shown_names(reads, asked, [place.holder for place in shown])
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
            )
        )
    more = len(places) > limit
    return Ranking(
        period=wanted.period,
        capacity=wanted.capacity,
        category=wanted.category,
        scope=wanted.scope or asked.reader.scheme,
        size=asked.size,
        provisional=True,
        policy=board.policy.value,
        n=n,
        min_n=board.min_n,
        reason=reason,
        entries=entries,
        next=cursor_of(asked.moment, shown[-1].score, shown[-1].holder) if more else None,
    )


async def rank_of(reads: BoardReads, asked: Asked, id_: str, wanted: BoardAsked) -> HolderRank:
    """Return the holder's place. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    board = await board_for(reads, asked, wanted, about=id_)
    view = view_of(asked.reader, holder, wanted.capacity, board.policy)
    require(allowed=view is not View.NOTHING)
    require(allowed=not asked.moment or view is not View.BAND)
    standing = await reads.standing(wanted, board.members, id_)
    n = await reads.scored(wanted, board.members)
    reason = "not_scored" if standing is None else _reason(board, n)
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
        provisional=True,
        policy=board.policy.value,
        n=n,
        min_n=board.min_n,
        reason=reason,
        rank=standing.higher + 1 if ranked and standing is not None else None,
        score=format_points(standing.score) if standing is not None and seen else None,
        band=None if standing is None else _band(board, standing.score),
    )


def _reason(board: Board, n: int) -> str | None:
    """Say why the board lists nobody: too few, or a policy that shows no such order."""
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


def _read(cursor: str | None, moment: str) -> tuple[int, str] | None:
    if cursor is None:
        return None
    of_moment, score, holder = read_cursor(cursor, str, int, str)
    if of_moment != moment:
        raise QueryInvalid("The cursor belongs to another moment: repeat known_at and as_of.")
    assert isinstance(score, int)
    return score, str(holder)
