"""F: from the raw values of one holder's claims to effective points (domain.md §5.1).

Every step is a function of the *set* of live verified claims, so the order of decisions cannot
matter. Where claims of one period carry different caps, the largest counts; a later quarter's
year cap never lowers what earlier quarters have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

K = TypeVar("K")


class Stacked(NamedTuple):
    """A claim in its stack group: raw value in tenths."""

    claim: str
    item: str
    day: date
    raw: int


def stack(group: Iterable[Stacked]) -> dict[str, int]:
    """Return what each claim of a `highest` group counts: only what exceeds those before it."""
    counted: dict[str, int] = {}
    highest = 0
    for one in sorted(group, key=lambda one: (one.day, -one.raw, one.item, one.claim)):
        counted[one.claim] = max(0, one.raw - highest)
        highest = max(highest, one.raw)
    return counted


class Counted(NamedTuple):
    """A claim after the stack step, with the caps of its effective line (None = no cap)."""

    month: str
    quarter: str
    value: int
    outside_month: bool
    month_cap: int | None
    quarter_cap: int | None
    year_cap: int | None


class QuarterStep(NamedTuple):
    """One quarter of an item: what the months gave, and what each cap left of it."""

    quarter: str
    months: Mapping[str, tuple[int, int | None, int]]
    outside: int
    quarter_cap: int | None
    after_quarter: int
    year_cap: int | None
    effective: int


def item_year(claims: Sequence[Counted]) -> dict[str, int]:
    """Return the effective points of one item by quarter of one year (steps 2 to 4)."""
    return {step.quarter: step.effective for step in item_year_steps(claims)}


def item_year_steps(claims: Sequence[Counted]) -> list[QuarterStep]:
    """Return every step of `item_year`, for explanations."""
    quarters: dict[str, list[Counted]] = {}
    for one in claims:
        quarters.setdefault(one.quarter, []).append(one)
    steps: list[QuarterStep] = []
    running = reached = 0
    for quarter in sorted(quarters):
        own = quarters[quarter]
        months = _months(own)
        outside = sum(one.value for one in own if one.outside_month)
        quarter_cap = _largest(one.quarter_cap for one in own)
        after_quarter = _capped(sum(left for _, _, left in months.values()) + outside, quarter_cap)
        running += after_quarter
        year_cap = _largest(one.year_cap for one in own)
        now = max(reached, _capped(running, year_cap))
        steps.append(
            QuarterStep(
                quarter, months, outside, quarter_cap, after_quarter, year_cap, now - reached
            )
        )
        reached = now
    return steps


def item_months(claims: Sequence[Counted]) -> dict[str, int]:
    """Return the effective points of one item by month (step 2), as incentive points take them."""
    effective: dict[str, int] = {}
    for month, (_, _, left) in _months(claims).items():
        effective[month] = left
    for one in claims:
        if one.outside_month:
            effective[one.month] = effective.get(one.month, 0) + one.value
    return effective


def _months(claims: Sequence[Counted]) -> dict[str, tuple[int, int | None, int]]:
    """Return sum, cap and what is left, by month, without what counts outside the month's cap."""
    sums: dict[str, int] = {}
    caps: dict[str, list[int | None]] = {}
    for one in claims:
        if not one.outside_month:
            sums[one.month] = sums.get(one.month, 0) + one.value
            caps.setdefault(one.month, []).append(one.month_cap)
    months = {}
    for month in sorted(sums):
        cap = _largest(caps[month])
        months[month] = (sums[month], cap, _capped(sums[month], cap))
    return months


def _largest(caps: Iterable[int | None]) -> int | None:
    largest = 0
    for cap in caps:
        if cap is None:
            return None
        largest = max(largest, cap)
    return largest


def _capped(value: int, cap: int | None) -> int:
    return value if cap is None else min(value, cap)


def differences(before: Mapping[K, int], after: Mapping[K, int]) -> dict[K, int]:
    """Return what changed, by key, zeros left out."""
    changed = {key: after.get(key, 0) - before.get(key, 0) for key in before.keys() | after.keys()}
    return {key: change for key, change in changed.items() if change}
