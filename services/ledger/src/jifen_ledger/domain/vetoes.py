"""Vetoes (清零 / 一票否决): what the upper level puts on a member for a span (domain.md §4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jifen_contracts.periods import end_day, first_day

ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Veto:
    """A veto as it stands: annulled from its start, lifted on a day, or neither.

    `basis` is the hash of the document it rests on.
    """

    seq: int
    veto: str
    member: str
    kind: str
    effect: str
    from_: date
    to: date | None
    basis: str
    by: str
    annulled: bool = False
    lifted_on: date | None = None
    lifted_by: str | None = None
    reason: str | None = None

    @property
    def end(self) -> date | None:
        """The first day no longer covered, None for an open end; not asked of an annulled one."""
        return self.to if self.lifted_on is None else self.lifted_on

    def covers(self, day: date) -> bool:
        """Tell whether the veto is in force on the day."""
        return not self.annulled and self.from_ <= day and (self.end is None or day < self.end)

    def meets(self, period: str) -> bool:
        """Tell whether the veto covers at least one day of a quarter or year."""
        return self.touches(first_day(period), end_day(period))

    def touches(self, first: date, end: date) -> bool:
        """Tell whether the veto covers a day from the first on and before the end."""
        if self.annulled or self.from_ >= end or first >= end:
            return False
        return self.end is None or self.end > first

    def zeroes_days(self, first: date, end: date) -> bool:
        """Tell whether the veto makes a score of these days 0."""
        return self.effect == ZERO and self.touches(first, end)

    def zeroes(self, period: str) -> bool:
        """Tell whether the veto makes the score of the quarter 0."""
        return self.effect == ZERO and self.meets(period)
