"""The clock of a concern: when it is due, and how many days it took (domain.md §6.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from jifen_contracts.scheme.calendar import WorkingDays
from jifen_ledger.domain.concerns import Concern, Level, Pause
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.versions import days_on

# Working days after the day raised; no field of the scheme document says them (domain.md §4.1).
WORKING_DAYS: Final[Mapping[str, int]] = {"at_once": 0, "urgent": 3, "ordinary": 15}
# A pause counts day by day, so one without end would hold up the fold.
PAUSE_DAYS_MAX: Final = 1_000
_DAY: Final = timedelta(days=1)


def clocked(versions: Sequence[Version], concern: Concern) -> Concern:
    """Return the concern with every due day as its urgency and pauses now give it."""
    levels = tuple(
        replace(level, due=_due(versions, concern, level.from_)) for level in concern.levels
    )
    return replace(concern, due=_due(versions, concern, concern.raised_on), levels=levels)


def level_of(versions: Sequence[Version], concern: Concern, unit: str, day: date) -> Level:
    """Return the level that begins on the day, with a clock of its own."""
    return Level(unit, day, _due(versions, concern, day))


def _due(versions: Sequence[Version], concern: Concern, day: date) -> date:
    return due_of(days_on(versions, day), concern.urgency, day, concern.pauses)


def due_of(days: WorkingDays, urgency: str, since: date, pauses: Sequence[Pause]) -> date:
    """Return the last day, moved by the working days of every pause begun before it was over."""
    due = days.plus(since, WORKING_DAYS[urgency])
    for from_, to in _spans(pauses):
        if from_ <= due:
            first = max(from_, since)
            last = min(to, first + PAUSE_DAYS_MAX * _DAY) - _DAY
            due = days.plus(due, days.between(first - _DAY, last))
    return due


def gross_days(since: date, until: date) -> int:
    """Return the days from the day raised; what was mended before it was raised took none."""
    return max(0, (until - since).days)


def paused_days(pauses: Sequence[Pause], since: date, until: date) -> int:
    """Return how many of the gross days were paused; no day counts twice."""
    return sum(max(0, (min(to, until) - max(from_, since)).days) for from_, to in _spans(pauses))


def _spans(pauses: Sequence[Pause]) -> Iterator[tuple[date, date]]:
    """Yield what the pauses cover, in order and without overlap."""
    end = date.min
    for pause in sorted(pauses, key=lambda one: (one.from_, one.to)):
        from_ = max(pause.from_, end)
        if from_ < pause.to:
            yield from_, pause.to
            end = pause.to
