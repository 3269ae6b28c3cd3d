"""How many self-assessments of a branch came in time, month by month (H09)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jifen_contracts.periods import first_day, months_of, quarters_of
from jifen_contracts.points import format_points, half_up
from jifen_ledger.application.queries.assessed import Assessed, AssessmentReads, assessed_in_unit
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import reads_figures
from jifen_ledger.domain.assessment_figures import asked_in
from jifen_ledger.domain.three_levels import BRANCH, assessments_of, kind_in
from jifen_ledger.domain.timeliness import claims_deadline, is_closed

PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class MonthRate:
    """One month: of those asked on all levels, how many had assessed; `rate` in per cent.

    Before the deadline there is no rate yet; without anybody asked there is none at all.
    """

    month: str
    deadline: str
    closed: bool
    asked: int
    on_time: int
    late: int
    missing: int
    rate: str | None


@dataclass(frozen=True, slots=True)
class AssessmentRates:
    """A branch's period; the sums are those of the months that have closed."""

    branch: str
    period: str
    size: int
    asked: int
    on_time: int
    rate: str | None
    months: Sequence[MonthRate]


async def assessment_rates(
    reads: AssessmentReads, asked: Asked, unit: str, period: str
) -> AssessmentRates:
    """Return the rates of a month, quarter or year. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    begun = [month for month in _months(period) if first_day(month) <= asked.today]
    found = await assessed_in_unit(reads, asked, unit, begun)
    if not found.state.versions or not _was_branch(found, unit, begun):
        raise NotFound("There is no such branch in that period.")
    months = [_month(found, asked, unit, month) for month in begun]
    closed = [month for month in months if month.closed]
    total, on_time = sum(one.asked for one in closed), sum(one.on_time for one in closed)
    return AssessmentRates(
        branch=unit,
        period=period,
        size=asked.size,
        asked=total,
        on_time=on_time,
        rate=_percent(on_time, total),
        months=months,
    )


def _months(period: str) -> Sequence[str]:
    if "-Q" in period:
        return months_of(period)
    if "-" in period:
        return (period,)
    return [month for quarter in quarters_of(period) for month in months_of(quarter)]


def _was_branch(found: Assessed, unit: str, months: Iterable[str]) -> bool:
    return any(kind_in(found.state, unit, month) == BRANCH for month in months)


def _month(found: Assessed, asked: Asked, unit: str, month: str) -> MonthRate:
    subjects = asked_in(found.state, unit, month)
    first = [next(assessments_of(found.state, one, month), None) for one in subjects]
    counts = Counter(
        "missing" if one is None else "late" if one.late else "on_time" for one in first
    )
    closed = is_closed(found.state, month, asked.today)
    return MonthRate(
        month=month,
        deadline=claims_deadline(found.state, month, asked.today).isoformat(),
        closed=closed,
        asked=len(subjects),
        on_time=counts["on_time"],
        late=counts["late"],
        missing=counts["missing"],
        rate=_percent(counts["on_time"], len(subjects)) if closed else None,
    )


def _percent(part: int, whole: int) -> str | None:
    return format_points(half_up(PER_MILLE * part, whole)) if whole else None
