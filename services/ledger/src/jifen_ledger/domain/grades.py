"""Grades (等次): what people decided about a member's year (domain.md §5.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Grade:
    """A decided grade, with what was proposed and the figure as they were then, in tenths.

    `seq` first decided about the member's year; a later decision supersedes the earlier ones.
    """

    seq: int
    member: str
    year: str
    grade: str
    proposal: str
    figure: int
    branch: str
    told_on: date
    basis: str
    reason: str | None
    pool: tuple[str, ...]
    over_quota: bool
    by: str
    deciders: tuple[str, ...]
