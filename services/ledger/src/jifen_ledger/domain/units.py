"""The tree of units on a day: parents, branches, and whether one unit lies above another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jifen_ledger.domain.registers import UnitState
from jifen_ledger.domain.state import State


def registered_on(state: State, unit: str, day: date) -> UnitState | None:
    """Return what is registered of the unit on the day, or its latest registration before any."""
    found = state.units.get(unit)
    if found is None:
        return None
    return found.on(day) or found.latest


def above(state: State, unit: str, day: date) -> Iterator[str]:
    """Yield the units above, nearest first. A unit without parent lies directly below the root."""
    seen = {unit}
    while unit != state.scheme:
        registered = registered_on(state, unit, day)
        parent = registered.parent if registered is not None else None
        unit = parent if parent is not None else state.scheme
        if unit in seen:
            return
        seen.add(unit)
        yield unit


def branch_of(state: State, unit: str, day: date) -> str:
    """Return the unit itself if it is a branch, else the nearest branch above, else the unit."""
    for one in (unit, *above(state, unit, day)):
        registered = registered_on(state, one, day)
        if registered is not None and registered.kind == "branch":
            return one
    return unit
