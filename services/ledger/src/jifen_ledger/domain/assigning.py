"""Keeps assignments with the member who bears them, their unit, and the people their pact names."""

from __future__ import annotations

from dataclasses import replace

from jifen_ledger.domain.registers import Assignment
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import append


def put_assignment(state: State, assignment: Assignment) -> None:
    """Add the assignment, in place of what was stated under its id before."""
    member = state.members.get(assignment.member)
    assert member is not None
    earlier = [one for one in member.assignments if one.id == assignment.id]
    others = [one for one in member.assignments if one.id != assignment.id]
    state.members.put(member.id, replace(member, assignments=(*others, assignment)))
    state.bearers.put(assignment.id, member.id)
    append(state.people_of, assignment.unit, member.id)
    for person in {*assignment.of, *(person for one in earlier for person in one.of)}:
        if state.members.knows(person):
            _name(state, person, assignment)
        else:
            state.members.changed_unseen.add(person)
    state.changes.assignments.append(assignment)


def _name(state: State, person: str, assignment: Assignment) -> None:
    found = state.members.get(person)
    if found is None:
        return
    kept = tuple(one for one in found.named_in if one.id != assignment.id)
    named = (*kept, assignment) if person in assignment.of else kept
    state.members.put(person, replace(found, named_in=named))
