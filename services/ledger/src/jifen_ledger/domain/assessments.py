"""Self-assessments by subject and month (domain.md §6.4): what counts, and what came too late.

A subject has at most two for a month: the last one recorded by the claims deadline, which counts,
and the last one recorded after it. A late one never takes the place of the one that counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class SelfValue(NamedTuple):
    """What a subject thinks an item was worth in a capacity, in tenths."""

    item: str
    capacity: str
    points: int


class ListedMissing(NamedTuple):
    """A member or group of the level below that has no assessment, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a member, group or branch said of its month; `seq` recorded the first of its kind."""

    seq: int
    subject: str
    month: str
    late: bool
    level: str
    values: tuple[SelfValue, ...]
    missing: tuple[ListedMissing, ...]
    by: str
    recorded_day: date

    @property
    def listed(self) -> frozenset[str]:
        """Who is listed as missing."""
        return frozenset(one.id for one in self.missing)
