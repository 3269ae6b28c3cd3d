"""What self-assessments tell of a branch: how many came in time, how far from what was confirmed.

These are the shares behind the health lines H09 and H08 (domain.md §6.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jifen_contracts.periods import end_day, first_day, month_of, months_of
from jifen_ledger.domain.assessments import Assessment
from jifen_ledger.domain.bulletin.health import Share
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.quarter_claims import claims_of_quarter
from jifen_ledger.domain.quarter_duties import is_away
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.state import State
from jifen_ledger.domain.three_levels import (
    BRANCH,
    asked_below,
    is_on_time,
    kind_in,
    members_of,
    want_levels,
)
from jifen_ledger.domain.wanted import Wanted

# (item, capacity) -> tenths.
Values = Mapping[tuple[str, str], int]

_OF_PEOPLE = frozenset({"committee", "member"})
_OF_UNITS = frozenset({"unit"})


def asked_in(state: State, branch: str, month: str) -> tuple[str, ...]:
    """Return everybody who is asked in a branch's month, on all levels: members, groups, itself.

    Nobody is where the branch is none at the month's end, or all its members were away.
    """
    if kind_in(state, branch, month) != BRANCH:
        return ()
    members = [
        member.id
        for member in members_of(state, branch, month)
        if not is_away(state, member.id, month)
    ]
    groups = (one for one in asked_below(state, branch, month) if one in state.units.rows())
    return (*members, *groups, branch) if members else ()


def on_time_share(state: State, branch: str, months: Iterable[str]) -> Share:
    """Return how many of those asked had assessed by the claims deadline (H09)."""
    asked = [(one, month) for month in months for one in asked_in(state, branch, month)]
    return Share(sum(is_on_time(state, *one) for one in asked), len(asked))


def confirmed_values(claims: Iterable[Claim], month: str) -> Values:
    """Return what the verified claims of a holder's month are worth, by item and capacity.

    Before the caps: those are arithmetic, and say nothing of how somebody judged their own work.
    """
    values: dict[tuple[str, str], int] = {}
    for claim in claims:
        if claim.state is ClaimState.VERIFIED and month_of(claim.deed_date) == month:
            for capacity, tenths in claim.worth.raw.items():
                key = (claim.item, capacity)
                values[key] = values.get(key, 0) + tenths
    return values


def self_values(assessment: Assessment) -> Values:
    """Return what the subject thinks of its own capacities; of two for one item the last.

    A unit may tell of its members' items too, and nothing confirms those for the unit.
    """
    own = _OF_PEOPLE if assessment.level == "member" else _OF_UNITS
    return {
        (value.item, value.capacity): value.points
        for value in assessment.values
        if value.capacity in own
    }


def gap_of(assessment: Assessment, confirmed: Values) -> Share:
    """Return the sum of the gaps between self and confirmed values, of what was confirmed."""
    thought = self_values(assessment)
    keys = thought.keys() | confirmed.keys()
    gap = sum(abs(thought.get(key, 0) - confirmed.get(key, 0)) for key in keys)
    return Share(gap, sum(abs(tenths) for tenths in confirmed.values()))


def gap_share(state: State, branch: str, quarter: str) -> Share:
    """Return the gaps of everybody in the branch's quarter who assessed in time (H08).

    The month of a member who had another home in it lies in two branches and is left out.
    """
    by_holder: dict[str, list[Claim]] = {}
    for claim in claims_of_quarter(state, branch, quarter):
        by_holder.setdefault(claim.holder, []).append(claim)
    part = whole = 0
    for month in months_of(quarter):
        for subject in asked_in(state, branch, month):
            assessment = state.assessments.get((subject, month, False))
            if assessment is None or _was_elsewhere(state, subject, branch, month):
                continue
            gap = gap_of(assessment, confirmed_values(by_holder.get(subject, ()), month))
            part, whole = part + gap.part, whole + gap.whole
    return Share(part, whole)


def want_figures(state: State, branch: str, months: Sequence[str], wanted: Wanted) -> None:
    """Want what both shares look up, but for the claims of the branch's quarter."""
    for month in months:
        want_levels(state, branch, month, wanted)


def _was_elsewhere(state: State, subject: str, branch: str, month: str) -> bool:
    member: Member | None = None if subject in state.units.rows() else state.members.get(subject)
    return member is not None and any(
        one.role == "member"
        and one.unit != branch
        and max(one.from_, first_day(month)) < min(one.to or end_day(month), end_day(month))
        for one in member.assignments
    )
