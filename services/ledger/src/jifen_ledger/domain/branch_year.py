"""A branch's year as grades need it: its people on 31 December, their figures and grades (§5.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from jifen_contracts.periods import end_day, quarters_of
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.active_days import active_days
from jifen_ledger.domain.figure_moves import is_zeroed, vetoes_of
from jifen_ledger.domain.proposals import EXCELLENT, Candidate
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on
from jifen_ledger.domain.year_scores import YearScores, year_scores

GRADED_CAPACITIES = ("member", "committee")
GRADED_STANDING = "full"
# Below it a branch has no quota of its own, and sister branches are pooled.
OWN_QUOTA_MIN_N = 3


def last_day_of(year: str) -> date:
    """Return the day that tells where people belong."""
    return end_day(year) - timedelta(days=1)


def document_of(state: State, year: str) -> SchemeDocument:
    """Return the document in force at the year's end."""
    return (version_on(state.versions, last_day_of(year)) or state.versions[0]).document


def people_at_home(state: State, branch: str, year: str) -> list[Member]:
    """Return who had the home branch there on 31 December, of whatever standing."""
    day = last_day_of(year)
    found = (state.members.get(id_) for id_ in state.people_of.get(branch))
    return [member for member in found if member is not None and member.home_branch(day) == branch]


def candidate_of(state: State, member: Member, year: str, today: date) -> Candidate | None:
    """Return the member as a candidate for a grade, None for who gets none.

    Graded are full members with a home branch on 31 December and a year score; a year that still
    runs has none.
    """
    last = last_day_of(year)
    if today <= last or member.standing_on(last) != GRADED_STANDING:
        return None
    if member.home_branch(last) is None or not state.versions:
        return None
    figure = scores_in(state, member, year).figure
    if figure is None:
        return None
    quarters = [
        state.figures.get((member.id, capacity, quarter))
        for capacity in GRADED_CAPACITIES
        for quarter in quarters_of(year)
    ]
    vetoed = any(veto.meets(year) or veto.covers(today) for veto in vetoes_of(state, member.id))
    return Candidate(
        member.id,
        figure,
        sum(figures.excess for figures in quarters),
        barred=vetoed or any(figures.severe for figures in quarters),
        zeroed=is_zeroed(state, member.id, year),
    )


class Field(NamedTuple):
    """All whom a quota is shared by, and the candidates among them."""

    people: list[Member]
    candidates: list[Candidate]


def field_of(state: State, year: str, branch: str, pool: Sequence[str], today: date) -> Field:
    """Return the branch's people, with those of its pool where it is too small for a quota."""
    field = _people(state, year, [branch], today)
    if len(field.candidates) >= OWN_QUOTA_MIN_N or not pool:
        return field
    return _people(state, year, list(dict.fromkeys((branch, *pool))), today)


def _people(state: State, year: str, branches: list[str], today: date) -> Field:
    people = [one for branch in branches for one in people_at_home(state, branch, year)]
    candidates = (candidate_of(state, one, year, today) for one in people)
    return Field(people, [one for one in candidates if one is not None])


def scores_in(state: State, member: Member, year: str) -> YearScores:
    """Return the member's year scores as the state has them now."""
    kept = (state.absences.get(key) for key in state.absences_of.get(member.id))
    absences = [absence for absence in kept if absence is not None]
    figures, days = {}, {}
    for capacity in GRADED_CAPACITIES:
        for quarter in quarters_of(year):
            found = state.figures.get((member.id, capacity, quarter))
            if found.score is not None:
                figures[capacity, quarter] = found
                days[capacity, quarter] = active_days(member, absences, capacity, quarter)
    return year_scores(figures, days, document_of(state, year))


def excellent_grades(state: State, people: list[Member], year: str, but: str | None = None) -> int:
    """Return how many of the people, beside one, were decided to be excellent."""
    grades = (state.grades.get((one.id, year)) for one in people if one.id != but)
    return sum(grade is not None and grade.grade == EXCELLENT for grade in grades)
