"""Absences: days on which a member is away (domain.md §2.2), by member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Absence:
    """A member is away in a half-open span of days; `seq` recorded it first."""

    seq: int
    member: str
    absence: str
    kind: str
    from_: date
    to: date
    has_basis: bool
