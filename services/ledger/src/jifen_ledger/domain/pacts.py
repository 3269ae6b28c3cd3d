"""Pacts and postings that some items rest on: delegate, one-helps-two, mentor (domain.md §3.2)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.registers import Assignment
from jifen_ledger.domain.state import State


def check_pact(
    state: State, item: Item, counterpart: tuple[str, ...], holder: str, day: date
) -> None:
    """Refuse by `pact_not_in_force` a claim whose posting, pact or agreement does not hold.

    A pact's counterparts are people it names; a delegate's counterpart that is a unit is the host.
    """
    if item.pact is None:
        return
    member = state.members.get(holder)
    pacts = () if member is None else member.holds(day, frozenset({item.pact}))
    if not any(_agreed(state, pact, counterpart) for pact in pacts):
        raise Refused(Code.PACT_NOT_IN_FORCE)


def _agreed(state: State, pact: Assignment, counterpart: tuple[str, ...]) -> bool:
    if pact.role == "delegate":
        units = {one for one in counterpart if state.units.get(one) is not None}
        return units <= {pact.unit}
    return bool(counterpart) and set(counterpart) <= set(pact.of)
