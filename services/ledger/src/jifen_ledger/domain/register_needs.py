"""What the events of the registers ask the state for, by type (see `domain/needs.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jifen_ledger.domain.state import State
from jifen_ledger.domain.wanted import Wanted

# Takes the state, the subject, the data and where to put what is wanted.
NeedsOf = Callable[[State, str, Mapping[str, Any], Wanted], None]


def _absence(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    wanted.want(state.members, subject)
    wanted.want(state.absences, (subject, data["absence"]))
    wanted.want(state.absences_of, subject)


REGISTER_NEEDS: Final[Mapping[str, NeedsOf]] = {
    "absence.recorded": _absence,
}
