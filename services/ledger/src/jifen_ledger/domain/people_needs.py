"""What the events that judge people ask the state for, by type (see `domain/needs.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from jifen_contracts.periods import quarters_of
from jifen_ledger.domain.branch_year import GRADED_CAPACITIES, last_day_of
from jifen_ledger.domain.state import State
from jifen_ledger.domain.wanted import Wanted

Needs = Callable[[State, str, Mapping[str, Any], Wanted], None]


def _veto(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    wanted.want_all(state.members, (subject, data["by"]))
    # The keys bring the figures with them.
    wanted.want(state.figure_keys, subject)
    known = state.vetoes.get(data["veto"])
    if known is not None:
        wanted.want(state.members, known.by)


def _award(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    wanted.want_all(state.members, (subject, data["by"]))
    wanted.want(state.awards, data["award"])
    wanted.want(state.awards_of, subject)


def _erased(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    del data
    wanted.want(state.members, subject)
    wanted.want(state.erasures, subject)


def _grade(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    """Want the whole branch: a quota and a rank rest on everybody there (domain.md §5.5)."""
    wanted.want_all(state.members, (subject, data["by"], *data["deciders"]))
    if not state.members.knows(subject):
        return
    member = state.members.get(subject)
    year = data["year"]
    home = None if member is None else member.home_branch(last_day_of(year))
    if home is None:
        return
    want_branches(state, (home, *data.get("pool", ())), year, wanted)


def want_branches(state: State, branches: Iterable[str], year: str, wanted: Wanted) -> None:
    """Want everything that the grades of these branches rest on, as far as it is named by now."""
    for branch in branches:
        wanted.want(state.people_of, branch)
        if state.people_of.knows(branch):
            for person in state.people_of.get(branch):
                _year_of(state, person, branch, year, wanted)


def _year_of(state: State, person: str, branch: str, year: str, wanted: Wanted) -> None:
    wanted.want(state.members, person)
    member = state.members.get(person) if state.members.knows(person) else None
    if member is None or member.home_branch(last_day_of(year)) != branch:
        return
    wanted.want(state.grades, (person, year))
    wanted.want(state.absences_of, person)
    wanted.want_all(
        state.figures,
        (
            (person, capacity, quarter)
            for capacity in GRADED_CAPACITIES
            for quarter in quarters_of(year)
        ),
    )


PEOPLE_NEEDS: Final[Mapping[str, Needs]] = {
    "veto.imposed": _veto,
    "veto.lifted": _veto,
    "award.granted": _award,
    "award.revoked": _award,
    "grade.decided": _grade,
    "person.erased": _erased,
}
