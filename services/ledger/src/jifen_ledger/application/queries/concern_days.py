"""How a concern's clock is shown: days gross and net, its pauses, levels and stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jifen_ledger.domain.concern_clock import gross_days, paused_days
from jifen_ledger.domain.concerns import Concern


@dataclass(frozen=True, slots=True)
class PauseAnswer:
    """Days on which nothing could be done, and why."""

    from_day: str
    to_day: str
    reason: str


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """A unit that had, or has, the concern; its clock runs from the day it got it."""

    unit: str
    from_day: str
    to_day: str | None
    due: str
    gross_days: int
    net_days: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """A part of the work; `kept` is unknown while the promised day is still to come."""

    name_zh: str
    promise: str
    reached_on: str | None
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Days:
    """The days so far, or until it was in use; `overdue` while open, `on_time` when closed."""

    gross: int
    net: int
    overdue: bool
    on_time: bool | None


def days_of(concern: Concern, today: date) -> Days:
    """Return the days of the whole clock."""
    gross, net = _between(concern, concern.raised_on, concern.in_use or today)
    return Days(
        gross=gross,
        net=net,
        overdue=concern.is_open and today > concern.due,
        on_time=concern.on_time if concern.is_closed else None,
    )


def pauses_of(concern: Concern) -> Sequence[PauseAnswer]:
    """Return the pauses in the order in which they were said."""
    return [
        PauseAnswer(one.from_.isoformat(), one.to.isoformat(), one.reason) for one in concern.pauses
    ]


def levels_of(concern: Concern, today: date) -> Sequence[LevelAnswer]:
    """Return the levels; each ends where the next begins, the last with the concern."""
    ends = [level.from_ for level in concern.levels[1:]]
    found = []
    for number, level in enumerate(concern.levels):
        end = ends[number] if number < len(ends) else concern.in_use
        gross, net = _between(concern, level.from_, end or today)
        found.append(
            LevelAnswer(
                unit=level.unit,
                from_day=level.from_.isoformat(),
                to_day=None if end is None else end.isoformat(),
                due=level.due.isoformat(),
                gross_days=gross,
                net_days=net,
                overdue=(end or today) > level.due,
            )
        )
    return found


def stages_of(concern: Concern, today: date) -> Sequence[StageAnswer]:
    """Return the stages as they are planned."""
    return [
        StageAnswer(
            one.name_zh,
            one.promise.isoformat(),
            None if one.reached_on is None else one.reached_on.isoformat(),
            _kept(one.promise, one.reached_on, today),
        )
        for one in concern.stages
    ]


def _kept(promise: date, reached_on: date | None, today: date) -> bool | None:
    if reached_on is None and today <= promise:
        return None
    return reached_on is not None and reached_on <= promise


def _between(concern: Concern, since: date, until: date) -> tuple[int, int]:
    gross = gross_days(since, until)
    return gross, gross - paused_days(concern.pauses, since, until)
