"""On which side of the lines 90, 70, 60 a year's figure falls (domain.md §5.5), in both states."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_contracts.points import parse_points
from jifen_ledger.domain.branch_year import (
    GRADED_STANDING,
    document_of,
    last_day_of,
    scores_in,
)
from jifen_ledger.domain.simulation.result import GradeChange
from jifen_ledger.domain.state import State


def grade_changes(was: State, would: State, year: str) -> Iterator[GradeChange]:
    """Yield the full members whose line differs, by holder."""
    for holder, member in sorted(was.members.rows().items()):
        if member is None or member.joined_into is not None:
            continue
        if member.standing_on(last_day_of(year)) != GRADED_STANDING:
            continue
        before, after = (scores_in(state, member, year).figure for state in (was, would))
        lines = (_line(was, year, before), _line(would, year, after))
        if lines[0] != lines[1]:
            yield GradeChange(year, holder, before, after, *lines)


def _line(state: State, year: str, figure: int | None) -> str | None:
    if figure is None:
        return None
    grades = document_of(state, year).grades
    for grade in ("excellent", "qualified", "basic"):
        if figure >= parse_points(getattr(grades, grade)):
            return grade
    return "unqualified"
