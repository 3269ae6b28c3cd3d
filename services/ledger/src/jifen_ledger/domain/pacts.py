"""Pacts and postings that some items rest on: delegate, one-helps-two, mentor (domain.md §3.2)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.registers import Assignment, covers
from jifen_ledger.domain.state import State


def check_pact(
    state: State, item: Item, counterpart: tuple[str, ...], holder: str, day: date
) -> Assignment | None:
    """Return the posting, pact or agreement the item rests on; None where it rests on none.

    Its counterparts are people it names; a delegate's are the host unit or people of it. Refuses
    by `pact_not_in_force`.
    """
    if item.pact is None:
        return None
    member = state.members.get(holder)
    pacts = () if member is None else member.holds(day, frozenset({item.pact}))
    agreed = [pact for pact in pacts if _agreed(state, pact, counterpart, day)]
    if not agreed:
        raise Refused(Code.PACT_NOT_IN_FORCE)
    return agreed[0]


def _agreed(state: State, pact: Assignment, counterpart: tuple[str, ...], day: date) -> bool:
    if not counterpart:
        return False
    if pact.role == "delegate":
        return all(_of_host(state, pact.unit, one, day) for one in counterpart)
    return set(counterpart) <= set(pact.of)


def _of_host(state: State, host: str, one: str, day: date) -> bool:
    """Tell whether it is the host unit, or somebody who belongs to it."""
    member = state.members.get(one)
    if member is None:
        return one == host
    return any(
        held.unit == host and covers(held.from_, held.to, day) for held in member.assignments
    )
