"""`grade.decided`: people decide a member's grade of a year (domain.md §2.2, §5.5)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import GradeDecided
from jifen_ledger.domain.branch_year import (
    Field,
    candidate_of,
    document_of,
    excellent_grades,
    field_of,
    last_day_of,
)
from jifen_ledger.domain.deciding import deciders_of
from jifen_ledger.domain.figure_moves import vetoes_of
from jifen_ledger.domain.grades import Grade
from jifen_ledger.domain.grading import Bench, check_bench
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import identities
from jifen_ledger.domain.proposals import (
    EXCELLENT,
    Candidate,
    below_excellent,
    proposals_of,
    quota_of,
    reaches_excellent,
)
from jifen_ledger.domain.state import State


def decide_grade(state: State, event: GradeDecided, moment: Moment) -> Effect:
    """Keep the grade in the place of an earlier one. Raises Refused with the first code."""
    data, day = event.data, moment.recorded_day
    member = state.members.get(event.subject)
    if member is None or member.joined_into is not None:
        raise Refused(Code.UNKNOWN_MEMBER)
    candidate = candidate_of(state, member, data.year, day)
    branch = member.home_branch(last_day_of(data.year))
    if candidate is None or branch is None:
        raise Refused(Code.NOT_GRADABLE)
    deciders, pool = deciders_of(data.by, data.deciders), tuple(data.pool or ())
    if member.id in identities(state, (data.by, *deciders)):
        raise Refused(Code.SELF_REVIEW)
    bench = Bench(data.by, deciders, branch, pool, bool(data.over_quota), day)
    check_bench(state, bench)
    if data.basis is None:
        raise Refused(Code.BASIS_REQUIRED)
    told_on = None if data.told_on is None else date.fromisoformat(data.told_on)
    if told_on is None or told_on > day:
        raise Refused(Code.NOT_TOLD)
    wanted = data.grade == EXCELLENT
    field = None
    if wanted or reaches_excellent(candidate, document_of(state, data.year)):
        field = field_of(state, data.year, branch, pool, day)
    proposal = _proposal(state, data.year, candidate, field)
    if data.reason is None and (data.grade != proposal or data.over_quota):
        raise Refused(Code.REASON_REQUIRED)
    if wanted:
        assert field is not None
        _check_excellent(state, data.year, member.id, field, bench)
    earlier = state.grades.get((member.id, data.year))
    grade = Grade(
        moment.seq if earlier is None else earlier.seq,
        member.id,
        data.year,
        data.grade,
        proposal,
        candidate.figure,
        branch,
        told_on,
        data.basis.sha256,
        data.reason,
        pool,
        bool(data.over_quota),
        data.by,
        deciders,
    )
    state.keep("grades", moment.seq, grade)
    return Effect()


def _proposal(state: State, year: str, candidate: Candidate, field: Field | None) -> str:
    document = document_of(state, year)
    if field is None:
        # Whoever does not reach excellent alone is not kept from it by others.
        return below_excellent(candidate, document)
    proposals = proposals_of(field.candidates, document)
    return next(one.grade for one in proposals if one.member == candidate.member)


def _check_excellent(state: State, year: str, member: str, field: Field, bench: Bench) -> None:
    for veto in vetoes_of(state, member):
        if veto.covers(bench.day):
            raise Refused(Code.VETO_IN_FORCE, refers_to=veto.seq)
    quota = quota_of(len(field.candidates), document_of(state, year))
    taken = excellent_grades(state, field.people, year, but=member)
    if taken >= quota and not bench.over_quota:
        raise Refused(Code.QUOTA_EXCEEDED)
