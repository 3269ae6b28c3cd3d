"""`panel.formed`: a branch's assessment group (考核小组) from a date on (§2.2, §3.2)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import PanelFormed
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member, leads
from jifen_ledger.domain.registers import COMMITTEE_ROLES, Panel
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import registered_on


def form_panel(state: State, event: PanelFormed, moment: Moment) -> Effect:
    """Add the panel. Raises `unknown_unit`, `unknown_member`, `dates_invalid`, `panel_invalid`."""
    data, branch = event.data, event.subject
    from_, to = date.fromisoformat(data.from_), date.fromisoformat(data.to)
    unit = state.units.get(branch)
    registered = registered_on(state, branch, from_)
    if unit is None or registered is None or registered.kind != "branch":
        raise Refused(Code.UNKNOWN_UNIT)
    members = tuple(one.member for one in data.members)
    recusals = frozenset((one.member, one.towards) for one in data.recusals or ())
    named = {*members, data.chair, *(person for pair in recusals for person in pair)}
    if not all(is_member(state, person) for person in sorted(named)):
        raise Refused(Code.UNKNOWN_MEMBER)
    if to <= from_ or not unit.holds_span(from_, to):
        raise Refused(Code.DATES_INVALID)
    committee = [one for one in data.members if _of_committee(state, one.member, one.kind, from_)]
    if (
        len(set(members)) != len(members)
        or 2 * len(committee) >= len(members)
        or data.chair not in members
        or _leads(state, data.chair, branch, from_)
    ):
        raise Refused(Code.PANEL_INVALID)
    panel = Panel(data.panel, moment.seq, branch, from_, to, data.chair, members, recusals)
    state.panels.put(branch, (*state.panels.get(branch), panel))
    state.changes.panels.append(panel)
    return Effect()


def _of_committee(state: State, person: str, kind: str, day: date) -> bool:
    """Tell whether the person sits on a committee, whatever the panel calls them."""
    member = state.members.get(person)
    return kind == "committee" or (member is not None and bool(member.holds(day, COMMITTEE_ROLES)))


def _leads(state: State, person: str, branch: str, day: date) -> bool:
    member = state.members.get(person)
    return member is not None and leads(member, branch, day)
