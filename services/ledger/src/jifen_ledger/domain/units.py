"""The tree of units on a day: parents, branches, and whether one unit lies above another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jifen_ledger.domain.registers import Unit, UnitState
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


def deciding_branch(state: State, branch: str, day: date) -> str:
    """Return the branch whose people decide on the day: once it has ended, its successor (E41).

    Of several successors in force the one registered first; where none is in force, the
    successors of the first.
    """
    asked, seen = branch, {branch}
    while True:
        unit = state.units.get(asked)
        if unit is None or unit.in_force(day):
            return asked
        heirs = _successors(state, asked)
        in_force = [heir for heir in heirs if heir.in_force(day)]
        following = (in_force or heirs)[:1]
        if not following or following[0].id in seen:
            return branch
        asked = following[0].id
        seen.add(asked)


def _successors(state: State, branch: str) -> list[Unit]:
    found = [
        unit
        for unit in state.units.rows().values()
        if unit is not None and branch in unit.latest.came_from
    ]
    return sorted(found, key=lambda unit: unit.latest.seq)
