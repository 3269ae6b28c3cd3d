"""What the lines of the health check are judged by, measured in the state (domain.md §6.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from jifen_contracts.periods import first_day, month_of, months_of, quarter_of
from jifen_ledger.domain.assessment_figures import gap_share, on_time_share
from jifen_ledger.domain.bulletin.concerns_measured import (
    concerns_of_branch,
    overdue_share,
    satisfied_share,
    standards_met,
)
from jifen_ledger.domain.bulletin.health import Share
from jifen_ledger.domain.bulletin.lines import Presence
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.corrections import objections_of
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.periods import Period
from jifen_ledger.domain.registers import COMMITTEE_ROLES
from jifen_ledger.domain.roles import panel_in_force
from jifen_ledger.domain.state import State
from jifen_ledger.domain.tallies import review_deadline
from jifen_ledger.domain.versions import calendar_on, catalogue_of, line_of

OBJECTING = frozenset({"objection", "complaint"})
# A re-check belongs to a published quarter; so many before this one are looked at.
QUARTERS_BACK = 4


class Quarter(NamedTuple):
    """The quarter that is measured: its claims and people, on the recorded day of the bulletin."""

    branch: str
    name: str
    claims: Sequence[Claim]
    people: Sequence[Presence]
    period: Period
    recorded_day: date


def measured(state: State, quarter: Quarter) -> Mapping[str, Share]:
    """Return the measure of each line that there is something to say about."""
    verified = [claim for claim in quarter.claims if claim.state is ClaimState.VERIFIED]
    tally = state.tallies.get((quarter.branch, quarter.name))
    concerns = concerns_of_branch(state, quarter.branch, quarter.name)
    return {
        "H01": _meetings(state, verified),
        "H02": _missing_facts(state, verified, quarter.period),
        "H03": _on_time(
            tally.preliminary,
            tally.preliminary_late,
            _overdue(state, quarter, "preliminary", ClaimState.CLAIMED),
        ),
        "H04": _on_time(
            tally.verified,
            tally.verified_late,
            _overdue(state, quarter, "verified", ClaimState.PRELIMINARY),
        ),
        "H05": _bulletin_late(state, quarter),
        "H06": _answered(objections_of(state, quarter.branch, quarter.name), quarter.recorded_day),
        "H07": _overturned(state, quarter),
        "H08": gap_share(state, quarter.branch, quarter.name),
        "H09": on_time_share(state, quarter.branch, months_of(quarter.name)),
        "H10": overdue_share(concerns, quarter.name, quarter.recorded_day),
        "H11": satisfied_share(concerns, quarter.name),
        "H12": Share(tally.turned_down, tally.claims),
        "H13": _active_committee(state, quarter, verified),
        "H14": Share(tally.typed, _member_months(quarter.people)),
        "H15": standards_met(state, quarter.branch, quarter.recorded_day),
        "H16": _panel(state, quarter, tally.helped),
    }


def _meetings(state: State, verified: Iterable[Claim]) -> Share:
    """Return the meetings held of those required: the committee's base lines about meetings."""
    done = due = 0
    for claim in verified:
        item = catalogue_of(state.versions, claim).items[claim.item]
        said = claim.measure.get("committee")
        if item.measure_of == "meeting" and said is not None:
            done += said.done or 0
            due += (said.required or 0) - (said.excused or 0)
    return Share(done, due)


def _missing_facts(state: State, verified: Iterable[Claim], period: Period) -> Share:
    there = sum(
        line_of(state.versions, claim, capacity).kind == "base"
        for claim in verified
        for capacity in claim.measure
    )
    waived = len(period.waived_facts)
    return Share(waived, there + waived)


def _on_time(decided: int, late: int, overdue: int) -> Share:
    return Share(decided - late, decided + overdue)


def _overdue(state: State, quarter: Quarter, stage: str, waiting: ClaimState) -> int:
    """Return how many claims still wait for the review after its day."""
    return sum(
        claim.state is waiting
        and quarter.recorded_day
        > review_deadline(state.versions, claim, stage, quarter.recorded_day)
        for claim in quarter.claims
    )


def _bulletin_late(state: State, quarter: Quarter) -> Share:
    published = quarter.period.published_day or quarter.recorded_day
    _, days = calendar_on(state.versions, published)
    return Share(days.between(days.bulletin_deadline(quarter.name), published), 1)


def _answered(objections: Iterable[Objection], today: date) -> Share:
    """Return how many answers were in time, of those that were given or are overdue."""
    due = [
        one
        for one in objections
        if one.kind in OBJECTING and (one.decided_day is not None or today > one.due)
    ]
    in_time = (one for one in due if one.decided_day is not None and one.decided_day <= one.due)
    return Share(sum(1 for _ in in_time), len(due))


def _overturned(state: State, quarter: Quarter) -> Share:
    """Return how many re-checks that were decided in the quarter overturned a decision."""
    decided = [
        one
        for name in earlier_quarters(quarter.name)
        for one in objections_of(state, quarter.branch, name)
        if one.kind == "sample"
        and one.decided_day is not None
        and quarter_of(one.decided_day) == quarter.name
    ]
    return Share(sum(one.decision in ("upheld", "partly") for one in decided), len(decided))


def earlier_quarters(quarter: str) -> list[str]:
    """Return the quarter and those before it whose re-checks may be decided in it."""
    found = [quarter]
    for _ in range(QUARTERS_BACK):
        day = first_day(found[-1])
        found.append(quarter_of(date.fromordinal(day.toordinal() - 1)))
    return found


def _active_committee(state: State, quarter: Quarter, verified: Iterable[Claim]) -> Share:
    """Return the committee members with a confirmed bonus item, of all."""
    committee = {
        one.member.id
        for one in quarter.people
        if any(one.member.holds(day, COMMITTEE_ROLES) for day in one.days)
    }
    active = {
        claim.holder
        for claim in verified
        if "committee" in claim.measure
        and line_of(state.versions, claim, "committee").kind == "bonus"
    }
    return Share(len(committee & active), len(committee))


def _member_months(people: Iterable[Presence]) -> int:
    return sum(len({month_of(day) for day in one.days}) for one in people)


def _panel(state: State, quarter: Quarter, helped: int) -> Share:
    """Return 2 for a panel that needed nobody, 1 for one that needed help, 0 without a panel."""
    if panel_in_force(state, quarter.branch, quarter.recorded_day) is None:
        return Share(0, 1)
    return Share(1 if helped else 2, 1)


def objections_about(state: State, branch: str, quarter: str) -> list[Objection]:
    """Return objections and complaints about a branch's quarter."""
    return [one for one in objections_of(state, branch, quarter) if one.kind in OBJECTING]
