"""The awards of one holder, as the state keeps them."""

from __future__ import annotations

from jifen_ledger.domain.awards import Award
from jifen_ledger.domain.state import State


def awards_of(state: State, holder: str) -> list[Award]:
    """Return the awards of a holder, in the order they were granted."""
    found = (state.awards.get(id_) for id_ in state.awards_of.get(holder))
    return [award for award in found if award is not None]
