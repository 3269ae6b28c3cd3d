"""Who may act on a concern, as the registers show it on the recorded day (domain.md §2.2)."""

from __future__ import annotations

from datetime import date

from jifen_ledger.domain.concerns import Concern
from jifen_ledger.domain.people import identity, is_member, leads
from jifen_ledger.domain.roles import is_recorder, is_upper
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of, deciding_branch


def may_assign(state: State, concern: Concern, person: str, day: date) -> bool:
    """Tell whether the person is recorder or secretary of the concern's branch, or above it."""
    member = state.members.get(person)
    if member is None or member.joined_into is not None:
        return False
    branch = _branch(state, concern, day)
    return (
        is_recorder(state, person, branch, concern.unit, day, day)
        or leads(member, branch, day)
        or is_upper(state, person, branch, day)
    )


def may_resolve(state: State, concern: Concern, person: str, day: date) -> bool:
    """Tell whether the person handles the concern; a red line is mended by `upper` alone."""
    if concern.mends_health:
        return is_above(state, concern, person, day)
    assert concern.handler is not None
    return is_member(state, person) and identity(state, concern.handler) == person


def is_above(state: State, concern: Concern, person: str, day: date) -> bool:
    """Tell whether the person is an officer of a unit above the concern's branch."""
    return is_upper(state, person, _branch(state, concern, day), day)


def _branch(state: State, concern: Concern, day: date) -> str:
    return deciding_branch(state, branch_of(state, concern.unit, day), day)
