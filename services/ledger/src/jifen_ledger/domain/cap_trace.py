"""The cap trace: every step of F before and after one record, over the claims live there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jifen_ledger.domain.effective_points import (
    Counted,
    QuarterStep,
    Stacked,
    item_months,
    item_year_steps,
    stack,
)
from jifen_ledger.domain.score import BONUS_MAX
from jifen_ledger.domain.weighed import Weighed


class TraceStep(StrEnum):
    """The steps of domain.md §5.1, and `line` for what skips them: base and deduct lines."""

    LINE = "line"
    STACK = "stack"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ITEM = "item"
    BONUS_PART = "bonus_part"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Side:
    """One step on one side of the record: what went in, the cap on it, what is left.

    At the year step the running sum goes in, and the quarter's own part is left.
    """

    value: int = 0
    cap: int | None = None
    left: int = 0


@dataclass(frozen=True, slots=True)
class Traced:
    """One step of F, before and after the record. `of` names the claim, item or period."""

    step: TraceStep
    of: str
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class CapTrace:
    """All steps that lead to one posting; `delta` is what they say it must be."""

    steps: tuple[Traced, ...]
    before: int
    after: int

    @property
    def delta(self) -> int:
        """What the record changed."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class _ItemQuarter:
    """One item's steps in a quarter, and the year's running sum up to it."""

    step: QuarterStep | None
    running: int

    @property
    def effective(self) -> int:
        return 0 if self.step is None else self.step.effective

    def months(self) -> dict[str, Side]:
        found = {} if self.step is None else self.step.months
        return {month: Side(*sums) for month, sums in found.items()}

    def quarter(self) -> Side:
        if self.step is None:
            return Side()
        value = sum(left for _, _, left in self.step.months.values()) + self.step.outside
        return Side(value, self.step.quarter_cap, self.step.after_quarter)

    def year(self) -> Side:
        if self.step is None:
            return Side()
        return Side(self.running, self.step.year_cap, self.step.effective)


@dataclass(frozen=True, slots=True)
class _Live:
    """The claims live at one moment, with what the stack step leaves of each."""

    claims: tuple[Weighed, ...]
    counted: dict[str, int]

    def of_item_year(self, item: str, year: str) -> list[Counted]:
        return [
            Counted(
                one.month,
                one.quarter,
                self.counted[one.claim],
                one.outside_month,
                one.caps.month,
                one.caps.quarter,
                one.caps.year,
            )
            for one in self.claims
            if one.item == item and one.quarter[:4] == year
        ]

    def of_quarter(self, item: str, quarter: str) -> _ItemQuarter:
        running = 0
        for step in item_year_steps(self.of_item_year(item, quarter[:4])):
            running += step.after_quarter
            if step.quarter == quarter:
                return _ItemQuarter(step, running)
        return _ItemQuarter(None, running)


def _live_at(claims: Sequence[Weighed], seq: int) -> _Live:
    live = tuple(one for one in claims if one.live(seq))
    counted = {one.claim: one.raw for one in live}
    groups: dict[str, list[Stacked]] = {}
    for one in live:
        if one.highest:
            group = groups.setdefault(one.key, [])
            group.append(Stacked(one.claim, one.item, one.day, one.raw))
    for group in groups.values():
        counted.update(stack(group))
    return _Live(live, counted)


def trace_item(claims: Iterable[Weighed], item: str, quarter: str, seq: int) -> CapTrace:
    """Return the steps behind one bonus item's effective points of a deed quarter."""
    known = tuple(claims)
    sides = (_live_at(known, seq - 1), _live_at(known, seq))
    before, after = (side.of_quarter(item, quarter) for side in sides)
    steps = [
        *_stack_steps(known, sides, lambda one: one.item == item and one.quarter == quarter),
        *_month_steps(before, after),
        Traced(TraceStep.QUARTER, quarter, before.quarter(), after.quarter()),
        Traced(TraceStep.YEAR, quarter[:4], before.year(), after.year()),
    ]
    return CapTrace(tuple(steps), before.effective, after.effective)


def trace_bonus_part(claims: Iterable[Weighed], quarter: str, seq: int) -> CapTrace:
    """Return the steps behind what the bonus part of a quarter takes back (it lowers, so < 0)."""
    known = tuple(claims)
    sides = (_live_at(known, seq - 1), _live_at(known, seq))
    items = sorted({one.item for one in known if one.quarter[:4] == quarter[:4]})
    steps: list[Traced] = []
    sums = [0, 0]
    for item in items:
        left = [side.of_quarter(item, quarter).effective for side in sides]
        if any(left):
            steps.append(Traced(TraceStep.ITEM, item, *(Side(one, None, one) for one in left)))
        sums = [total + one for total, one in zip(sums, left, strict=True)]
    before, after = (Side(total, BONUS_MAX, min(total, BONUS_MAX)) for total in sums)
    steps.append(Traced(TraceStep.BONUS_PART, quarter, before, after))
    return CapTrace(tuple(steps), before.left - before.value, after.left - after.value)


# What an exhausted budget had kept back, by (item, month), before and after the record.
KeptBack = tuple[Mapping[tuple[str, str], int], Mapping[tuple[str, str], int]]
NOTHING_KEPT_BACK: KeptBack = ({}, {})


def trace_incentive(
    claims: Iterable[Weighed],
    item: str,
    quarter: str,
    seq: int,
    *,
    rising: bool,
    kept_back: KeptBack = NOTHING_KEPT_BACK,
) -> CapTrace:
    """Return the steps behind incentive points of one item: stack, month and the year's budget.

    Months that rise and months that fall are postings of their own.
    """
    known = tuple(claims)
    sides = (_live_at(known, seq - 1), _live_at(known, seq))
    months = [item_months(side.of_item_year(item, quarter[:4])) for side in sides]
    moved = [
        month
        for month in sorted(months[0].keys() | months[1].keys())
        if month in _months_of(quarter)
        and (months[1].get(month, 0) > months[0].get(month, 0)) == rising
        and months[1].get(month, 0) != months[0].get(month, 0)
    ]
    steps = [
        *_stack_steps(known, sides, lambda one: one.item == item and one.month in moved),
        *_month_steps(*(side.of_quarter(item, quarter) for side in sides)),
    ]
    shown = [step for step in steps if step.step is not TraceStep.MONTH or step.of in moved]
    issued = [
        {month: _issued(side.get(month, 0), kept.get((item, month), 0)) for month in moved}
        for side, kept in zip(months, kept_back, strict=True)
    ]
    shown += [
        Traced(TraceStep.BUDGET, month, *(side[month] for side in issued))
        for month in moved
        if any(side[month].value != side[month].left for side in issued)
    ]
    before, after = (sum(side[month].left for month in moved) for side in issued)
    return CapTrace(tuple(shown), before, after)


def _issued(earned: int, kept_back: int) -> Side:
    return Side(earned, None, earned - kept_back)


def _months_of(quarter: str) -> tuple[str, ...]:
    first = int(quarter[-1]) * 3 - 2
    return tuple(f"{quarter[:4]}-{month:02}" for month in range(first, first + 3))


def trace_line(claims: Iterable[Weighed], item: str, quarter: str, seq: int) -> CapTrace:
    """Return the values of a base or deduct line: no step of F touches them."""
    own = [one for one in claims if one.item == item and one.quarter == quarter]
    steps = []
    for one in sorted(own, key=_by_day):
        sides = [Side(one.raw, None, one.raw) if one.live(at) else Side() for at in (seq - 1, seq)]
        if sides[0] != Side() or sides[1] != Side():
            steps.append(Traced(TraceStep.LINE, one.claim, *sides))
    before, after = (sum(one.raw for one in own if one.live(at)) for at in (seq - 1, seq))
    return CapTrace(tuple(steps), before, after)


def _stack_steps(
    known: Iterable[Weighed], sides: tuple[_Live, _Live], wanted: Callable[[Weighed], bool]
) -> list[Traced]:
    steps = []
    for one in sorted(filter(wanted, known), key=_by_day):
        before, after = (
            Side(one.raw, None, side.counted[one.claim]) if one.claim in side.counted else Side()
            for side in sides
        )
        if before != Side() or after != Side():
            steps.append(Traced(TraceStep.STACK, one.claim, before, after))
    return steps


def _by_day(one: Weighed) -> tuple[date, int, str]:
    return (one.day, -one.raw, one.claim)


def _month_steps(before: _ItemQuarter, after: _ItemQuarter) -> list[Traced]:
    sides = (before.months(), after.months())
    return [
        Traced(TraceStep.MONTH, month, *(side.get(month, Side()) for side in sides))
        for month in sorted(sides[0].keys() | sides[1].keys())
    ]
