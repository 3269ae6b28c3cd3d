"""On which side of the lines 90, 70, 60 a year's figure falls (domain.md §5.5), in both states."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_contracts.periods import quarters_of
from jifen_contracts.points import parse_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.active_days import active_days
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.simulation.boards import last_day
from jifen_ledger.domain.simulation.result import GradeChange
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on
from jifen_ledger.domain.year_scores import year_scores

GRADED = "full"
GRADED_CAPACITIES = ("committee", "member")


def grade_changes(was: State, would: State, year: str) -> Iterator[GradeChange]:
    """Yield the full members whose line differs, by holder."""
    for holder, member in sorted(was.members.rows().items()):
        if member is None or member.joined_into is not None:
            continue
        if member.standing_on(last_day(year)) != GRADED:
            continue
        before, after = (_figure(state, member, year) for state in (was, would))
        lines = (_line(was, year, before), _line(would, year, after))
        if lines[0] != lines[1]:
            yield GradeChange(year, holder, before, after, *lines)


def _figure(state: State, member: Member, year: str) -> int | None:
    rows = (state.absences.get(key) for key in state.absences_of.get(member.id))
    absences = [row for row in rows if row is not None]
    figures, days = {}, {}
    for capacity in GRADED_CAPACITIES:
        for quarter in quarters_of(year):
            found = state.figures.get((member.id, capacity, quarter))
            if found.score is not None:
                figures[capacity, quarter] = found
                days[capacity, quarter] = active_days(member, absences, capacity, quarter)
    return year_scores(figures, days, _document(state, year)).figure


def _line(state: State, year: str, figure: int | None) -> str | None:
    if figure is None:
        return None
    grades = _document(state, year).grades
    for grade in ("excellent", "qualified", "basic"):
        if figure >= parse_points(getattr(grades, grade)):
            return grade
    return "unqualified"


def _document(state: State, year: str) -> SchemeDocument:
    return (version_on(state.versions, last_day(year)) or state.versions[0]).document
