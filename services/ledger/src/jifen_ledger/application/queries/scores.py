"""A holder's figures and scores, by capacity and quarter, with the year score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.periods import quarters_of
from jifen_contracts.points import format_points, parse_points
from jifen_ledger.application.queries.adjusted import AdjustedScore, published_figures
from jifen_ledger.application.queries.holders import (
    Asked,
    known_holder,
    policy_of,
    version_for,
)
from jifen_ledger.application.queries.moments import whole_quarters
from jifen_ledger.application.queries.publications import (
    Publication,
    PublicationReads,
    PublishedRevision,
    is_provisional,
    of_quarters,
    publications_of_holder,
    revisions_of,
    with_adjusting,
)
from jifen_ledger.application.queries.rights import Holder, View, require, view_of
from jifen_ledger.domain.ranking import band_of
from jifen_ledger.domain.score import BONUS_MAX, RESERVE, Figures
from jifen_ledger.domain.unit_mean import MemberDays, year_score

CATEGORIES = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """The figures of one holder in one capacity and quarter.

    `in_year` are those that the year counts where a later bulletin adjusted them, as `adjusted`.
    """

    capacity: str
    quarter: str
    figures: Figures
    in_year: Figures | None = None
    adjusted: AdjustedScore | None = None

    @property
    def counted(self) -> Figures:
        """What the year counts."""
        return self.in_year or self.figures


class FigureReads(PublicationReads, Protocol):
    """What is asked of the figures."""

    async def figures(self, holder: str, quarters: Sequence[str]) -> Sequence[QuarterFigures]:
        """Return the holder's figures of these quarters."""

    async def days(
        self, holder: Holder, capacity: str, quarters: Sequence[str]
    ) -> Mapping[str, int]:
        """Return the holder's active days in a capacity by quarter."""


@dataclass(frozen=True, slots=True)
class QuarterScore:
    """One capacity in one quarter; what the reader may not see is null.

    `adjusted` is the score that the year counts, where a later bulletin lists adjustments.
    """

    capacity: str
    quarter: str
    provisional: bool
    scored: bool
    score: str | None
    band: str | None
    base: str | None
    base_earned: str | None
    base_applicable: str | None
    bonus: str | None
    excess: str | None
    deductions: str | None
    reserve: str | None
    categories: Mapping[str, str] | None
    active_days: int | None
    adjusted: AdjustedScore | None


@dataclass(frozen=True, slots=True)
class YearScore:
    """One capacity's year; null where no quarter was scored or the reader may not see it."""

    capacity: str
    provisional: bool
    score: str | None
    band: str | None


@dataclass(frozen=True, slots=True)
class Scores:
    """A holder's year.

    Whoever sees everything of the holder sees live figures, provisional until they are published;
    all others see published ones, those of the `revisions`. The year counts adjustments, too.
    """

    holder: str
    year: str
    size: int
    provisional: bool
    revisions: Sequence[PublishedRevision]
    deductions_shown: bool
    quarters: Sequence[QuarterScore]
    years: Sequence[YearScore]


async def scores_of(reads: FigureReads, asked: Asked, id_: str, year: str) -> Scores:
    """Return the holder's scores of a year. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    document = version_for(await reads.versions(), year, asked.as_of).document
    ruling = version_for(await reads.versions_now(), year).document
    bands = [parse_points(band) for band in document.ranking.bands]
    views = {
        capacity: view
        for capacity in (("unit",) if holder.of_unit else ("committee", "member"))
        if (view := view_of(asked.reader, holder, capacity, policy_of(ruling, capacity)))
        is not View.NOTHING
        and not (view is View.BAND and asked.moment)
    }
    require(allowed=bool(views))
    stands_on = await publications_of_holder(reads, asked, holder, year)
    found = await seen_figures(reads, asked, id_, views, stands_on, year)
    rows: list[QuarterScore] = []
    years: list[YearScore] = []
    for capacity, view in views.items():
        own = [one for one in found if one.capacity == capacity]
        if not own:
            continue
        days = await reads.days(holder, capacity, quarters_of(year))
        waiting = {
            one.quarter: is_provisional(of_quarters(stands_on, [one.quarter]), asked, one.quarter)
            for one in own
        }
        rows += [_quarter(one, view, bands, days, provisional=waiting[one.quarter]) for one in own]
        whole = is_provisional(of_quarters(stands_on, waiting), asked, year)
        years.append(_year(own, view, bands, days, provisional=whole))
    return Scores(
        holder=id_,
        year=year,
        size=asked.size,
        provisional=not years or any(one.provisional for one in years),
        revisions=revisions_of(await with_adjusting(reads, stands_on, year), asked),
        deductions_shown=all(view is View.EVERYTHING for view in views.values()),
        quarters=rows,
        years=years,
    )


async def seen_figures(
    reads: FigureReads,
    asked: Asked,
    holder: str,
    views: Mapping[str, View],
    stands_on: Sequence[Publication],
    year: str,
) -> Sequence[QuarterFigures]:
    """Return live figures of the capacities that are seen whole, and published ones of others."""
    live = [one for one, view in views.items() if view is View.EVERYTHING]
    found = [
        one
        for one in (await reads.figures(holder, quarters_of(year)) if live else ())
        if one.capacity in live
    ]
    if len(live) < len(views):
        told = of_quarters(stands_on, whole_quarters(year, asked.as_of))
        published = published_figures(await reads.published_of(holder, told))
        found += [
            QuarterFigures(
                one.line.capacity,
                one.line.quarter,
                one.line.figures,
                one.counted,
                one.adjusted_score,
            )
            for one in sorted(published, key=lambda one: (one.line.capacity, one.line.quarter))
            if one.line.capacity in views and one.line.capacity not in live and one.counted.any
        ]
    return found


def _quarter(
    one: QuarterFigures,
    view: View,
    bands: Sequence[int],
    days: Mapping[str, int],
    *,
    provisional: bool,
) -> QuarterScore:
    figures = one.figures
    score = figures.score
    band = None if score is None else band_of(score, bands)
    sheet = view.value >= View.SHEET.value
    every = view is View.EVERYTHING
    base = figures.base
    categories = {
        category: format_points(figures.categories.get(category, 0)) for category in CATEGORIES
    }
    return QuarterScore(
        capacity=one.capacity,
        quarter=one.quarter,
        provisional=provisional,
        scored=score is not None,
        score=None if score is None or not sheet else format_points(score),
        band=None if band is None else format_points(band),
        base=None if base is None or not sheet else format_points(base),
        base_earned=format_points(figures.earned) if sheet else None,
        base_applicable=format_points(figures.applicable) if sheet else None,
        bonus=format_points(min(BONUS_MAX, figures.bonus)) if sheet else None,
        excess=format_points(figures.excess) if sheet else None,
        deductions=format_points(figures.deductions) if every else None,
        reserve=format_points(RESERVE - figures.deductions) if every else None,
        categories=categories if sheet else None,
        active_days=days.get(one.quarter, 0) if sheet else None,
        adjusted=one.adjusted if sheet else None,
    )


def _year(
    own: Sequence[QuarterFigures],
    view: View,
    bands: Sequence[int],
    days: Mapping[str, int],
    *,
    provisional: bool,
) -> YearScore:
    score = year_score(
        MemberDays(score, days.get(one.quarter, 0))
        for one in own
        if (score := one.counted.score) is not None
    )
    band = None if score is None else band_of(score, bands)
    sheet = view.value >= View.SHEET.value
    return YearScore(
        own[0].capacity,
        provisional,
        None if score is None or not sheet else format_points(score),
        None if band is None else format_points(band),
    )
