"""When a branch reviews: one day a month for the preliminary review, one for verifying."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from jifen_local.demo.filed import Filed
from jifen_local.demo.rules import Rules
from jifen_local.demo.workdays import (
    later,
    preliminary_window,
    verify_deadline,
    working_days_between,
)

DEDUCTIONS: Final = frozenset({"A07", "B06", "C11", "D07"})
# The holder has three working days to answer a notice; the panel waits a little longer.
_STATEMENT_DAYS: Final = 5
_QUICK_ROLES: Final = frozenset({"specialist", "counterpart"})


class Meetings:
    """The branches' meeting days, drawn once per branch and month within the deadlines."""

    def __init__(self, rules: Rules, rng: Random) -> None:
        """Draw the days from `rng` when a month is first asked for."""
        self.rules = rules
        self.rng = rng
        self._days: dict[tuple[str, int], tuple[date, date]] = {}

    def plan(self, filed: Filed) -> tuple[date, date]:
        """Return the days of both stages; the second is later than the first."""
        first, second = self._of(filed.branch.id, filed.month)
        quick = self.rules.preliminary(filed.item) in _QUICK_ROLES and "member" in filed.measure
        bonus = filed.deed != f"{filed.item.lower()}-{filed.deed_on:%Y-%m}"
        if filed.filed_on >= first or (quick and bonus):
            first = later(filed.filed_on, 1)
        if filed.item in DEDUCTIONS:
            second = max(second, later(filed.filed_on, _STATEMENT_DAYS))
        return first, second if second > first else later(first, 1)

    def _of(self, branch: str, month: int) -> tuple[date, date]:
        if (branch, month) not in self._days:
            first = self.rng.choice(preliminary_window(month))
            second = self.rng.choice(working_days_between(first, verify_deadline(month)))
            self._days[branch, month] = (first, second)
        return self._days[branch, month]
