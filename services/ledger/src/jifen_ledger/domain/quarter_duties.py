"""The base facts that a branch's quarter needs before it is verified (domain.md §5.3).

A fact is due from whoever holds the capacity in the branch on the last day of its period, by the
effective catalogue of that day: who left before owes none, and whose days in office were few is
excused within the fact. Nothing is due from a member who was away all the period (E40).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from jifen_contracts.periods import end_day, first_day, last_day, months_of
from jifen_contracts.scheme.catalogue import Catalogue, effective_catalogue
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.held import Held, held_on
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.periods import WaivedFact
from jifen_ledger.domain.quarter_claims import claims_of_quarter
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on


class Duty(NamedTuple):
    """A base fact that is due of a holder in a capacity."""

    holder: str
    capacity: str
    item: str
    period: str

    @property
    def deed(self) -> str:
        """The deed that such a fact names."""
        return f"{self.item}-{self.period}".lower()


def duties(state: State, branch: str, quarter: str) -> Iterator[Duty]:
    """Yield every base fact due of the branch itself and of its members."""
    people = state.people_of.get(branch)
    for month in months_of(quarter):
        day = last_day(month)
        periods = {"month": month}
        if end_day(month) == end_day(quarter):
            periods["quarter"] = quarter
        for holder in (branch, *people):
            held = _held(state, branch, holder, day)
            if held is not None:
                yield from _duties(state, held, day, periods)


def missing_facts(
    state: State, branch: str, quarter: str, waived: Collection[WaivedFact]
) -> Iterator[Duty]:
    """Yield the facts due that nobody verified and the upper level did not go without."""
    claims = claims_of_quarter(state, branch, quarter)
    there = {
        (claim.holder, capacity, claim.item, claim.deed)
        for claim in claims
        if claim.state is ClaimState.VERIFIED
        for capacity in claim.measure
    }
    gone_without = frozenset(waived)
    for duty in duties(state, branch, quarter):
        known = (duty.holder, duty.capacity, duty.item, duty.deed) in there
        waiver = WaivedFact(duty.holder, duty.item, duty.period)
        if not known and waiver not in gone_without and not _is_elsewhere(state, duty):
            yield duty


def _held(state: State, branch: str, holder: str, day: date) -> Held | None:
    """Return what the holder is on the day, if active and at home in the branch."""
    try:
        held = held_on(state, holder, day)
    except Refused:
        return None
    return held if held.branch == branch else None


def _duties(state: State, held: Held, day: date, periods: dict[str, str]) -> Iterator[Duty]:
    version = version_on(state.versions, day)
    if version is None:
        return
    catalogue = effective_catalogue(version.document, held.posts, held.unit_class)
    for per, period in periods.items():
        due = _base_lines(catalogue, held.capacities, per)
        if due and (held.of_unit or not is_away(state, held.holder, period)):
            for item, capacity in due:
                yield Duty(held.holder, capacity, item, period)


def _base_lines(
    catalogue: Catalogue, capacities: frozenset[str], per: str
) -> tuple[tuple[str, str], ...]:
    """Return the items and capacities that want a fact each month, or each quarter."""
    return tuple(
        (item.code, capacity)
        for item in catalogue.items.values()
        for capacity, line in item.lines.items()
        if capacity in capacities and line.mode == "R" and line.per == per
    )


def is_away(state: State, member: str, period: str) -> bool:
    """Tell whether absences cover every day of the period."""
    found = (state.absences.get(key) for key in state.absences_of.get(member))
    day, end = first_day(period), end_day(period)
    for absence in sorted((one for one in found if one is not None), key=lambda one: one.from_):
        if absence.from_ <= day < absence.to:
            day = absence.to
    return day >= end


def _is_elsewhere(state: State, duty: Duty) -> bool:
    """Tell whether the fact lies with another branch, the home of the day it was dated."""
    ids = state.deeds.get((duty.holder, duty.item, duty.deed))
    return any(_states(state.claims.get(id_), duty) for id_ in ids)


def _states(claim: Claim | None, duty: Duty) -> bool:
    verified = claim is not None and claim.state is ClaimState.VERIFIED
    return verified and claim is not None and duty.capacity in claim.measure
