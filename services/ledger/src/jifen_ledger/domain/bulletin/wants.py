"""What freezing a bulletin will ask the state for (see `domain/needs.py`)."""

from __future__ import annotations

from jifen_contracts.periods import last_day, months_of
from jifen_ledger.domain.assessment_figures import want_figures
from jifen_ledger.domain.bulletin.lines import units_of
from jifen_ledger.domain.bulletin.measured import earlier_quarters
from jifen_ledger.domain.state import State
from jifen_ledger.domain.wanted import Wanted


def bulletin_needs(state: State, key: tuple[str, str], wanted: Wanted) -> None:
    """Want the branch's people and units with their figures, its claims, and earlier bulletins."""
    branch, quarter = key
    wanted.want(state.quarter_claims, key)
    wanted.want(state.tallies, key)
    wanted.want(state.adjustments_of, key)
    if state.adjustments_of.knows(key):
        # What they made of earlier quarters is published with the bulletin that lists them.
        wanted.want_all(
            state.figures,
            ((one[1], one[2], one[4]) for one in state.adjustments_of.get(key)),
        )
    wanted.want(state.people_of, branch)
    if state.people_of.knows(branch):
        people = state.people_of.get(branch)
        wanted.want_all(state.members, people)
        for capacity in ("member", "committee"):
            wanted.want_all(state.figures, ((one, capacity, quarter) for one in people))
    want_figures(state, branch, months_of(quarter), wanted)
    units = units_of(state, branch, last_day(quarter))
    wanted.want_all(state.figures, ((unit, "unit", quarter) for unit in units))
    wanted.want_all(state.concerns_of, units)
    wanted.want(state.awards_of, branch)
    for name in earlier_quarters(quarter):
        wanted.want(state.objections_of, (branch, name))
        wanted.want(state.periods, (branch, name))
        # The latest of each is asked for by its number, once that is known.
        wanted.want(state.bulletins_of, (branch, name))
