"""Whom a bulletin lists: the branch's people and units, with their figures of the quarter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from jifen_contracts.periods import days_in, end_day, first_day
from jifen_ledger.domain.bulletin.content import Line
from jifen_ledger.domain.registers import ACTIVE_STANDINGS, COMMITTEE_ROLES, Member
from jifen_ledger.domain.score import NO_FIGURES, Figures
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of


class Presence(NamedTuple):
    """A member's days of a quarter in a branch, and whether some were spent in another one."""

    member: Member
    days: tuple[date, ...]
    partial: bool


def present(state: State, branch: str, quarter: str) -> list[Presence]:
    """Return who is scored and had this home branch on a day of the quarter, by id."""
    days = [first_day(quarter) + timedelta(days=n) for n in range(days_in(quarter))]
    found: list[Presence] = []
    for id_ in sorted(state.people_of.get(branch)):
        member = state.members.get(id_)
        if member is None or member.joined_into is not None:
            continue
        homes = [(day, member.home_branch(day)) for day in days if _is_scored(member, day)]
        own = tuple(day for day, home in homes if home == branch)
        if own:
            partial = any(home not in (branch, None) for _, home in homes)
            found.append(Presence(member, own, partial))
    return found


def _is_scored(member: Member, day: date) -> bool:
    return member.standing_on(day) in ACTIVE_STANDINGS


def lines_of(state: State, branch: str, quarter: str) -> tuple[Line, ...]:
    """Return a line for each person and capacity held in the branch, and for its units."""
    return (*_of_people(state, branch, quarter), *_of_units(state, branch, quarter))


def _of_people(state: State, branch: str, quarter: str) -> Iterator[Line]:
    for presence in present(state, branch, quarter):
        member = presence.member
        yield _line(state, member.id, "member", quarter, partial=presence.partial)
        in_office = any(member.holds(day, COMMITTEE_ROLES) for day in presence.days)
        figures = state.figures.get((member.id, "committee", quarter))
        if in_office or figures != NO_FIGURES:
            yield _line(state, member.id, "committee", quarter, partial=presence.partial)


def _of_units(state: State, branch: str, quarter: str) -> Iterator[Line]:
    last = end_day(quarter) - timedelta(days=1)
    for unit in units_of(state, branch, last):
        figures = state.figures.get((unit, "unit", quarter))
        if unit == branch or figures != NO_FIGURES:
            yield _line(state, unit, "unit", quarter)


def units_of(state: State, branch: str, day: date) -> list[str]:
    """Return the branch and the units whose branch it is on the day, by id."""
    units = (unit for unit in state.units.rows() if unit != state.scheme)
    return sorted(unit for unit in units if branch_of(state, unit, day) == branch)


def _line(state: State, holder: str, capacity: str, quarter: str, *, partial: bool = False) -> Line:
    figures: Figures = state.figures.get((holder, capacity, quarter))
    return Line(
        holder,
        capacity,
        earned=figures.earned,
        applicable=figures.applicable,
        excess=figures.excess,
        deductions=figures.deductions,
        score=figures.score,
        bonus=figures.bonuses,
        points=figures.categories,
        partial=partial,
    )
