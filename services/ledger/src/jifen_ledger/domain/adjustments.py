"""Adjustments (上期调整): what was booked in a later quarter than its deed's (§5.1, §5.4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What one record moved on a holder's assessment account of an earlier quarter.

    `points` are 0 where it is a base fact of which nothing was done: it lowers the score alone.
    `branch` published `quarter` before and lists this in its bulletin of `booked`. `claim` is the
    decided one; where two records of a person became one, there is none.
    """

    seq: int
    holder: str
    capacity: str
    item: str
    quarter: str
    booked: str
    branch: str
    points: int
    claim: str | None
