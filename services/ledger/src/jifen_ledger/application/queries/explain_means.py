"""Why a unit's mean per member-day is what it is: scores, days, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.boards import (
    SCORES,
    Board,
    BoardAsked,
    BoardReads,
    Page,
    Place,
    board_for,
    kind_of,
)
from jifen_ledger.application.queries.comparison import (
    ComparisonAsked,
    ComparisonReads,
    UnitEntry,
    UnitScores,
    comparison_of,
    unit_scores_told,
)
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.moments import last_day
from jifen_ledger.application.queries.refusals import Forbidden, NotFound
from jifen_ledger.application.queries.rights import Policy

PEOPLE_MAX: Final = 100


class MeanReads(ComparisonReads, BoardReads, Protocol):
    """What is asked for the explanation of a mean."""


@dataclass(frozen=True, slots=True)
class MeanPart:
    """Holders alike in score and days there, and what they bring: score × days × holders."""

    score: str
    days: int
    holders: int
    product: str


@dataclass(frozen=True, slots=True)
class MeanAnswer:
    """The mean with its parts; they are null for who may not open the unit's board in full.

    `people` are the holders on the unit's board, at most PEOPLE_MAX, the best first; who moved away
    counts in the parts and stands on the board of another unit.
    """

    entry: UnitEntry
    period: str
    capacity: str
    size: int
    provisional: bool
    min_n: int
    total: str | None
    parts: Sequence[MeanPart] | None
    people: Sequence[Place]


async def mean_explained(
    reads: MeanReads, asked: Asked, unit: str, capacity: str, period: str
) -> MeanAnswer:
    """Return what is behind the unit's mean. Raises NotFound, Forbidden."""
    units = await reads.units()
    if unit not in units:
        raise NotFound("There is no such unit.")
    day = last_day(period, asked.as_of)
    kind = kind_of(units, unit, day)
    wanted = ComparisonAsked(period, kind, capacity, None)
    found = await comparison_of(reads, asked, wanted)
    entry = next((one for one in found.entries if one.unit == unit), None)
    if entry is None:
        raise NotFound("The unit has no scored holders in that period.")
    board = await _full_board(reads, asked, unit, capacity, period)
    shown = board is not None and entry.mean is not None
    own: list[UnitScores] = []
    people: Sequence[Place] = ()
    if board is not None and shown:
        people = await reads.places(board.asked, board.members, Page(PEOPLE_MAX))
        scores, _ = await unit_scores_told(reads, asked, wanted, board.figures)
        own = [one for one in scores if one.unit == unit and one.days > 0]
    return MeanAnswer(
        entry=entry,
        period=period,
        capacity=capacity,
        size=asked.size,
        provisional=found.provisional,
        min_n=found.min_n,
        total=format_points(sum(map(_product, own))) if shown else None,
        parts=[_part(one) for one in sorted(own, key=_by_score)] if shown else None,
        people=people,
    )


async def _full_board(
    reads: MeanReads, asked: Asked, unit: str, capacity: str, period: str
) -> Board | None:
    """Return the unit's board where the reader may open it in full: score by score is the same."""
    wanted = BoardAsked(period, capacity, SCORES, unit, None, None)
    try:
        board = await board_for(reads, asked, wanted)
    except Forbidden:
        return None
    return board if board.policy is Policy.FULL else None


def _product(one: UnitScores) -> int:
    return one.score * one.days * one.holders


def _by_score(one: UnitScores) -> tuple[int, int]:
    return -one.score, -one.days


def _part(one: UnitScores) -> MeanPart:
    return MeanPart(format_points(one.score), one.days, one.holders, format_points(_product(one)))
