"""Working days of a scheme, and the deadlines that its calendar sets on them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from jifen_contracts.periods import end_day
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.terms import Calendar

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday but the days off, and the make-up days on a weekend.

    A deadline is its last day: it ends at 24:00 local time.
    """

    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    calendar: Calendar = field(default_factory=Calendar)

    def is_working(self, day: date) -> bool:
        if day.weekday() >= _SATURDAY:
            return day in self.days_on
        return day not in self.days_off

    def on_or_after(self, day: date) -> date:
        """Return the day itself, or the next working day."""
        while not self.is_working(day):
            day += _DAY
        return day

    def plus(self, day: date, n: int) -> date:
        """Return the n-th working day after the day."""
        for _ in range(n):
            day = self.on_or_after(day + _DAY)
        return day

    def between(self, earlier: date, later: date) -> int:
        """Return the number of working days after the earlier day, up to and with the later."""
        span = range(1, (later - earlier).days + 1)
        return sum(self.is_working(earlier + n * _DAY) for n in span)

    def claims_deadline(self, month: str) -> date:
        return self._day_after(month, self.calendar.claims_day)

    def preliminary_deadline(self, month: str) -> date:
        return self._day_after(month, self.calendar.preliminary_day)

    def verify_deadline(self, month: str) -> date:
        return self._day_after(month, self.calendar.verify_day)

    def bulletin_deadline(self, quarter: str) -> date:
        return self._day_after(quarter, self.calendar.bulletin_day)

    def window_end(self, published: date) -> date:
        """Return the last day of the objection window of a bulletin."""
        return self.plus(published, self.calendar.objection_days)

    def decision_deadline(self, filed: date) -> date:
        return self.plus(filed, self.calendar.decision_days)

    def statement_end(self, noticed: date) -> date:
        """Return the last day on which the holder of a deduction may answer undisturbed."""
        return self.plus(noticed, self.calendar.statement_days)

    def return_end(self, returned: date) -> date:
        """Return the last day to mend a returned claim where its `until` is not given."""
        return self.plus(returned, self.calendar.return_days)

    def claimable_until(self, deed: date) -> date:
        """Return the last day on which a deed may be claimed without being admitted."""
        return deed + self.calendar.late_days * _DAY

    def _day_after(self, period: str, day: int) -> date:
        return self.on_or_after(end_day(period) + (day - 1) * _DAY)


def working_days(document: SchemeDocument) -> WorkingDays:
    """Return the working days of a document that has passed lint."""
    return _working_days(document.calendar)


@lru_cache(maxsize=256)
def _working_days(calendar: Calendar) -> WorkingDays:
    return WorkingDays(
        frozenset(map(date.fromisoformat, calendar.days_off)),
        frozenset(map(date.fromisoformat, calendar.days_on)),
        calendar,
    )
