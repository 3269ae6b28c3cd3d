"""`unit.registered`: a unit's kind, class, parent and name from a date on (§2.2)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import UnitRegistered
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.registers import Unit, UnitState
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import above


def register_unit(state: State, event: UnitRegistered, moment: Moment) -> Effect:
    """Add the registration.

    Raises `already_exists`, `unknown_unit`, `dates_invalid`, `unit_cycle`.
    """
    data, unit = event.data, event.subject
    if state.members.get(unit) is not None:
        raise Refused(Code.ALREADY_EXISTS)
    parent = None if data.parent in (None, unit) and unit == state.scheme else data.parent
    outer = None if parent is None or parent == unit else state.units.get(parent)
    if parent not in (None, unit) and outer is None:
        raise Refused(Code.UNKNOWN_UNIT)
    if any(state.units.get(one) is None for one in data.came_from or ()):
        raise Refused(Code.UNKNOWN_UNIT)
    from_ = date.fromisoformat(data.from_)
    to = None if data.to is None else date.fromisoformat(data.to)
    if (to is not None and to <= from_) or (outer and not outer.holds_span(from_, to)):
        raise Refused(Code.DATES_INVALID)
    if parent is not None and _closes_a_cycle(state, unit, parent, from_):
        raise Refused(Code.UNIT_CYCLE)
    registered = UnitState(
        moment.seq,
        data.kind,
        data.class_,
        parent,
        data.name_zh,
        data.name_en,
        from_,
        to,
        tuple(data.came_from or ()),
    )
    known = state.units.get(unit)
    states = () if known is None else known.states
    state.put_unit(Unit(unit, (*states, registered)))
    state.changes.units.append((unit, registered))
    return Effect()


def _closes_a_cycle(state: State, unit: str, parent: str, from_: date) -> bool:
    """Tell whether the unit would be above itself on any day on which the tree changes."""
    if unit in (parent, state.scheme):
        return True
    days = {from_}
    for other in state.units.rows().values():
        if other is not None:
            days.update(one.from_ for one in other.states if one.from_ > from_)
    return any(unit in above(state, parent, day) for day in days)
