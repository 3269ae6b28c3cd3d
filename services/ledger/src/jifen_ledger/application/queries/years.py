"""A member's year: the quarters behind it, and the point that both capacities give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jifen_contracts.periods import quarters_of
from jifen_contracts.points import format_points
from jifen_ledger.application.queries.adjusted import AdjustedScore
from jifen_ledger.application.queries.holders import (
    Asked,
    known_holder,
    policy_of,
    version_for,
)
from jifen_ledger.application.queries.publications import (
    is_provisional,
    of_quarters,
    publications_of_holder,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import View, require, view_of
from jifen_ledger.application.queries.scores import FigureReads, seen_figures
from jifen_ledger.domain.score import Figures
from jifen_ledger.domain.year_scores import year_scores

CAPACITIES = ("member", "committee")


@dataclass(frozen=True, slots=True)
class YearQuarter:
    """A scored quarter of one capacity, with the days that weigh it.

    `score` is what the year counts; `adjusted` names the bulletin whose adjustments made it other
    than the quarter's own bulletin says. `zeroed` says that a veto made the score 0.
    """

    capacity: str
    quarter: str
    score: str
    active_days: int
    zeroed: bool
    adjusted: AdjustedScore | None


@dataclass(frozen=True, slots=True)
class Point:
    """The two coordinates (domain.md §5.2); a plain member has the first only."""

    member: str | None
    committee: str | None


@dataclass(frozen=True, slots=True)
class Year:
    """A member's year scores; what is null was not scored, or is not for the reader.

    Whoever sees everything of the member sees live figures, others those of bulletins.
    `combined` is the weighted mean of both coordinates, shown to who sees both.
    """

    member: str
    year: str
    size: int
    provisional: bool
    capacities_shown: Sequence[str]
    quarters: Sequence[YearQuarter]
    point: Point
    combined: str | None


async def year_of(reads: FigureReads, asked: Asked, id_: str, year: str) -> Year:
    """Return the member's year. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    if holder.of_unit:
        raise NotFound("A unit has scores, and no point in the coordinate system.")
    document = version_for(await reads.versions(), year).document
    ruling = version_for(await reads.versions_now(), year).document
    views = {
        capacity: view_of(asked.reader, holder, capacity, policy_of(ruling, capacity))
        for capacity in CAPACITIES
    }
    shown = {name: view for name, view in views.items() if view.value >= View.SHEET.value}
    require(allowed=bool(shown))
    stands_on = await publications_of_holder(reads, asked, holder, year)
    seen = await seen_figures(reads, asked, id_, shown, stands_on, year)
    adjusted = {(one.capacity, one.quarter): one.adjusted for one in seen}
    figures: dict[tuple[str, str], Figures] = {
        (one.capacity, one.quarter): one.counted for one in seen if one.counted.score is not None
    }
    days: dict[tuple[str, str], int] = {}
    for capacity in shown:
        found = await reads.days(holder, capacity, quarters_of(year))
        days |= {(capacity, quarter): count for quarter, count in found.items()}
    scores = year_scores(figures, days, document)
    return Year(
        member=id_,
        year=year,
        size=asked.size,
        provisional=is_provisional(
            of_quarters(stands_on, [quarter for _, quarter in figures]), asked, year
        ),
        capacities_shown=list(shown),
        quarters=[
            YearQuarter(
                capacity,
                quarter,
                format_points(one.score or 0),
                days.get(key, 0),
                one.zeroed,
                adjusted[key],
            )
            for key, one in figures.items()
            for capacity, quarter in (key,)
        ],
        point=Point(_shown(scores.member), _shown(scores.committee)),
        combined=_shown(scores.combined),
    )


def _shown(tenths: int | None) -> str | None:
    return None if tenths is None else format_points(tenths)
