"""The mean of a unit per member-day, with its median and number of holders (domain.md §5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jifen_contracts.points import half_up


@dataclass(frozen=True, slots=True)
class MemberDays:
    """Scored holders alike: their score in tenths, and the days each of them spent in the unit."""

    score: int
    days: int
    holders: int = 1


@dataclass(frozen=True, slots=True)
class UnitMean:
    """What a unit's scored holders have in common."""

    mean: int
    median: int
    n: int
    member_days: int


def unit_mean(holders: Iterable[MemberDays]) -> UnitMean | None:
    """Return the mean per member-day; None where no scored holder spent a day in the unit."""
    present = sorted((one for one in holders if one.days > 0), key=lambda one: one.score)
    if not present:
        return None
    n = sum(one.holders for one in present)
    days = sum(one.days * one.holders for one in present)
    weighted = sum(one.score * one.days * one.holders for one in present)
    return UnitMean(half_up(weighted, days), _median(present, n), n, days)


def year_score(quarters: Iterable[MemberDays]) -> int | None:
    """Return the year score over scored quarters; None where there is none with active days."""
    found = unit_mean(quarters)
    return None if found is None else found.mean


def _median(ascending: Sequence[MemberDays], n: int) -> int:
    """Return the middle score; between two middles, their mean rounded half up."""
    return half_up(_score_at(ascending, (n - 1) // 2) + _score_at(ascending, n // 2), 2)


def _score_at(ascending: Sequence[MemberDays], place: int) -> int:
    for one in ascending:
        place -= one.holders
        if place < 0:
            return one.score
    raise AssertionError("the place is below the number of holders")
