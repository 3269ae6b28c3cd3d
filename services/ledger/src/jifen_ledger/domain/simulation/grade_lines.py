"""On which side of the lines 90, 70, 60 a year's figure falls (domain.md §5.5), in both states."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_contracts.periods import end_day, first_day, quarters_of
from jifen_contracts.points import half_up, parse_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.active_days import active_days
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.simulation.boards import last_day
from jifen_ledger.domain.simulation.result import GradeChange
from jifen_ledger.domain.state import State
from jifen_ledger.domain.unit_mean import MemberDays, year_score
from jifen_ledger.domain.versions import version_on

GRADED = "full"


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
    """Return the combined year score if the committee capacity was scored, else the member's."""
    committee, own = (_year(state, member, one, year) for one in ("committee", "member"))
    if committee is None or own is None:
        return own if committee is None else committee
    weights = _document(state, year).combined
    total = weights.committee + weights.member
    weighted = weights.committee * committee + weights.member * own
    return half_up(weighted, total) if total else own


def _year(state: State, member: Member, capacity: str, year: str) -> int | None:
    found = [
        (quarter, score)
        for quarter in quarters_of(year)
        if (score := state.figures.get((member.id, capacity, quarter)).score) is not None
    ]
    if not found:
        return None
    rows = (state.absences.get(key) for key in state.absences_of.get(member.id))
    absences = [row for row in rows if row is not None]
    return year_score(
        MemberDays(
            score, active_days(member, capacity, absences, first_day(quarter), end_day(quarter))
        )
        for quarter, score in found
    )


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
