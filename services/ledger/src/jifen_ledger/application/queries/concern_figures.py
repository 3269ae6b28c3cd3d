"""Figures of the concerns that a unit and everything below it had in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.periods import end_day, first_day
from jifen_contracts.points import format_points, half_up
from jifen_ledger.application.queries.concern_list import units_within
from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.application.queries.rights import reads_figures

# Fewer answers would tell what one raiser said (domain.md §6.5, H11).
ANSWERS_MIN = 5


@dataclass(frozen=True, slots=True)
class Raised:
    """Which concerns are counted: raised in a span of days, in some units or all."""

    units: Sequence[str] | None
    first: date
    end: date
    today: date
    known_at: int


@dataclass(frozen=True, slots=True)
class ConcernCounts:
    """What the tables counted; medians are in tenths of a day."""

    raised: int
    open: int
    overdue: int
    unconfirmed: int
    confirmed: int
    closed: int
    on_time: int
    gross_median: int | None
    gross_worst: int | None
    net_median: int | None
    net_worst: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """How many raisers were very satisfied, satisfied, mostly so, and not."""

    very: int
    yes: int
    mostly: int
    no: int


class ConcernFigureReads(HolderReads, Protocol):
    """What is asked of the concerns of a period."""

    async def concern_counts(self, raised: Raised) -> ConcernCounts:
        """Return the counts; a concern that was merged is counted where it lives on."""

    async def concern_words(self, raised: Raised) -> Words:
        """Return what raisers say of those that are closed, and of those they reopened."""


@dataclass(frozen=True, slots=True)
class DaysToResolve:
    """Median and worst, as decimal strings; null where none was resolved."""

    median: str | None
    worst: int | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The raisers' words; null below five answers, which would tell one raiser's."""

    answers: int
    very: int | None
    yes: int | None
    mostly: int | None
    no: int | None
    satisfied_rate: str | None


@dataclass(frozen=True, slots=True)
class ConcernFigures:
    """Concerns raised in the period. Rates are in percent, of all that were due or are closed."""

    unit: str
    period: str
    size: int
    raised: int
    open: int
    overdue: int
    resolved: int
    confirmed: int
    unconfirmed: int
    on_time: int
    late: int
    on_time_rate: str | None
    gross_days: DaysToResolve
    net_days: DaysToResolve
    satisfaction: Satisfaction


async def concern_figures_of(
    reads: ConcernFigureReads, asked: Asked, unit: str, period: str
) -> ConcernFigures:
    """Return the figures. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    units = await units_within(reads, asked, unit)
    raised = Raised(units, first_day(period), end_day(period), asked.today, asked.size)
    counts = await reads.concern_counts(raised)
    return ConcernFigures(
        unit=unit,
        period=period,
        size=asked.size,
        raised=counts.raised,
        open=counts.open,
        overdue=counts.overdue,
        resolved=counts.closed,
        confirmed=counts.confirmed,
        unconfirmed=counts.unconfirmed,
        on_time=counts.on_time,
        late=counts.closed - counts.on_time,
        on_time_rate=_percent(counts.on_time, counts.closed + counts.overdue),
        gross_days=_days(counts.gross_median, counts.gross_worst),
        net_days=_days(counts.net_median, counts.net_worst),
        satisfaction=_satisfaction(await reads.concern_words(raised)),
    )


def _days(median: int | None, worst: int | None) -> DaysToResolve:
    return DaysToResolve(None if median is None else format_points(median), worst)


def _satisfaction(words: Words) -> Satisfaction:
    satisfied = words.very + words.yes + words.mostly
    answers = satisfied + words.no
    if answers < ANSWERS_MIN:
        return Satisfaction(answers, None, None, None, None, None)
    rate = _percent(satisfied, answers)
    return Satisfaction(answers, words.very, words.yes, words.mostly, words.no, rate)


def _percent(part: int, whole: int) -> str | None:
    return None if not whole else format_points(half_up(1_000 * part, whole))
