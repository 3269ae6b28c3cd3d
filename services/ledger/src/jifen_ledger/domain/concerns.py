"""Concerns (马上办, domain.md §6.2): what the register holds of one, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

RAISED: Final = "raised"
ASSIGNED: Final = "assigned"
RESOLVED: Final = "resolved"
CONFIRMED: Final = "confirmed"
REOPENED: Final = "reopened"
# It lives on in the concern that it was merged into.
MERGED: Final = "merged"
# Derived when read: its raisers were silent.
UNCONFIRMED: Final = "unconfirmed"

OPEN: Final = frozenset({RAISED, ASSIGNED, REOPENED})
CLOSED: Final = frozenset({RESOLVED, CONFIRMED})

SILENT_DAYS: Final = 7
PAUSES_MAX: Final = 2
HEALTH_LINES: Final = 16


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a concern waits for something; half-open."""

    from_: date
    to: date
    reason: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the work with its promised day, and the day on which it was reached."""

    name_zh: str
    promise: date
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A unit that has the concern since a day; each level has its own clock."""

    unit: str
    from_: date
    due: date


@dataclass(frozen=True, slots=True)
class Voice:
    """What one raiser says about the concern being resolved: yes, and how satisfied, or no."""

    raiser: str
    on: date
    satisfaction: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern as its last event left it; `seq` raised it.

    `raised_on` is the first day of its clock, of merged concerns the earliest; `due` is moved by
    the pauses, and `paused_days` are those before `in_use`. `by` is absent where nobody says who
    raised it; then `source` took it in, and `code` is the survey code that its raiser showed.
    `voices` are those since it was last resolved.
    """

    seq: int
    concern: str
    unit: str
    kind: str
    urgency: str
    state: str
    raised_on: date
    due: date
    parent: str | None
    origin: str | None
    by: str | None
    source: str
    code: str | None
    handler: str | None
    handler_unit: str | None
    pauses: tuple[Pause, ...]
    stages: tuple[Stage, ...]
    levels: tuple[Level, ...]
    merged_into: str | None
    in_use: date | None
    paused_days: int | None
    resolved_on: date | None
    confirmed_on: date | None
    reopenings: int
    voices: tuple[Voice, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to settle it."""
        return self.state in OPEN

    @property
    def is_closed(self) -> bool:
        """Whether its handler has settled it, confirmed or not."""
        return self.state in CLOSED

    @property
    def on_time(self) -> bool:
        """Whether it was in use before its time ran out."""
        return self.in_use is not None and self.in_use <= self.due

    @property
    def mends_health(self) -> bool:
        """Whether it is the fix of a red line of the health check: `upper` settles it (§6.5)."""
        return self.kind == "fix" and self.origin is not None and is_line(self.origin)


@dataclass(frozen=True, slots=True)
class Resting:
    """A claim of an item that rests on concerns was stated for a deed."""

    seq: int
    claim: str
    deed: str


def is_line(origin: str) -> bool:
    """Tell whether an origin names a line of the health check; ids have no capital letters."""
    return origin.startswith("H")


def standing_of(concern: Concern, today: date) -> str:
    """Return the state as time has it: `unconfirmed` once the raisers have been silent."""
    if concern.state != RESOLVED or concern.resolved_on is None:
        return concern.state
    silent = today > concern.resolved_on + timedelta(days=SILENT_DAYS)
    return UNCONFIRMED if silent else RESOLVED
