"""`member.assigned`: a role in a unit over a span; the same assignment again corrects it (§2.2)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import MemberAssigned
from jifen_ledger.domain.assigning import put_assignment
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member
from jifen_ledger.domain.registers import Assignment, Member
from jifen_ledger.domain.state import State

_UNIT_KINDS = {
    "member": "branch",
    "committee": "branch",
    "secretary": "branch",
    "recorder": "branch",
    "group_leader": "group",
    "group_member": "group",
}
_PACTS = {"helper": (2,), "mentor": (1, 2)}


def assign(state: State, event: MemberAssigned, moment: Moment) -> Effect:
    """Add or correct the assignment.

    Raises `unknown_member`, `unknown_unit`, `dates_invalid`, `assignment_overlap`, `pact_invalid`.
    """
    member = _member(state, event)
    assignment = _assignment(event, moment)
    _check_unit(state, assignment)
    _check_span(state, assignment)
    if assignment.role == "member" and any(
        one.role == "member" and _overlap(one, assignment) for one in _others(member, assignment)
    ):
        raise Refused(Code.ASSIGNMENT_OVERLAP)
    _check_pact(state, member, assignment)
    put_assignment(state, assignment)
    return Effect()


def _member(state: State, event: MemberAssigned) -> Member:
    data = event.data
    member = state.members.get(event.subject)
    bearer = state.bearers.get(data.assignment)
    of = data.of or ()
    if member is None or not all(is_member(state, one) for one in (member.id, *of)):
        raise Refused(Code.UNKNOWN_MEMBER)
    if bearer not in (None, member.id):
        raise Refused(Code.UNKNOWN_MEMBER)
    return member


def _assignment(event: MemberAssigned, moment: Moment) -> Assignment:
    data = event.data
    return Assignment(
        id=data.assignment,
        seq=moment.seq,
        member=event.subject,
        role=data.role,
        unit=data.unit,
        post=data.post,
        of=tuple(data.of or ()),
        from_=date.fromisoformat(data.from_),
        to=None if data.to is None else date.fromisoformat(data.to),
        sent=None if data.sent is None else date.fromisoformat(data.sent),
    )


def _check_unit(state: State, assignment: Assignment) -> None:
    unit = state.units.get(assignment.unit)
    wanted = _UNIT_KINDS.get(assignment.role)
    if unit is None:
        raise Refused(Code.UNKNOWN_UNIT)
    registered = unit.on(assignment.from_) or unit.latest
    if wanted is not None and registered.kind != wanted:
        raise Refused(Code.UNKNOWN_UNIT)


def _check_span(state: State, assignment: Assignment) -> None:
    """A span has at least a day and lies within the unit's."""
    unit = state.units.get(assignment.unit)
    assert unit is not None
    from_, to = assignment.from_, assignment.to
    if (to is not None and to <= from_) or not unit.holds_span(from_, to):
        raise Refused(Code.DATES_INVALID)


def _overlap(one: Assignment, other: Assignment) -> bool:
    if one.to == one.from_ or other.to == other.from_:
        return False
    before = one.to is not None and one.to <= other.from_
    after = other.to is not None and other.to <= one.from_
    return not before and not after


def _others(member: Member, assignment: Assignment) -> list[Assignment]:
    return [one for one in member.assignments if one.id != assignment.id]


def _check_pact(state: State, member: Member, assignment: Assignment) -> None:
    """A helper helps exactly two others, a mentor one or two; nobody is in two pacts at a time."""
    if assignment.role not in _PACTS:
        if assignment.of:
            raise Refused(Code.PACT_INVALID)
        return
    people = set(assignment.of)
    if len(assignment.of) not in _PACTS[assignment.role] or len(people) != len(assignment.of):
        raise Refused(Code.PACT_INVALID)
    if member.id in people:
        raise Refused(Code.PACT_INVALID)
    if assignment.role == "helper":
        for person in (member.id, *assignment.of):
            if _in_another_pact(state, person, assignment):
                raise Refused(Code.PACT_INVALID)


def _in_another_pact(state: State, person: str, assignment: Assignment) -> bool:
    found = state.members.get(person)
    assert found is not None
    return any(
        one.role == "helper" and one.id != assignment.id and _overlap(one, assignment)
        for one in (*found.assignments, *found.named_in)
    )
