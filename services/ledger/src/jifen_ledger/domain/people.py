"""Who a person is: ids that were joined into another stand for the surviving one (E46)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jifen_ledger.domain.registers import COMMITTEE_ROLES, Member
from jifen_ledger.domain.state import State


def identity(state: State, person: str) -> str:
    """Return the id that survives; an unknown id stands for itself."""
    member = state.members.get(person)
    while member is not None and member.joined_into is not None:
        person = member.joined_into
        member = state.members.get(person)
    return person


def identities(state: State, people: Iterable[str]) -> frozenset[str]:
    """Return the surviving ids."""
    return frozenset([identity(state, person) for person in people])


def is_member(state: State, person: str) -> bool:
    """Tell whether the id is a member's and has not been closed by a join."""
    member = state.members.get(person)
    return member is not None and member.joined_into is None


def leads(member: Member, branch: str, day: date) -> bool:
    """Tell whether the member is the branch's secretary on the day, by role or by post."""
    # Few people hold an office at all.
    if not member.has_office:
        return False
    return any(
        office.unit == branch and (office.role == "secretary" or office.post == "secretary")
        for office in member.holds(day, COMMITTEE_ROLES)
    )
