"""What the registers hold of a record that was joined into another goes on under it (E46)."""

from __future__ import annotations

from dataclasses import replace

from jifen_ledger.domain.awards_held import awards_of
from jifen_ledger.domain.figure_moves import rezero, vetoes_of
from jifen_ledger.domain.state import State


def carry_over(state: State, *, closed: str, survivor: str, seq: int) -> None:
    """Give the survivor what is kept of the closed record."""
    for award in awards_of(state, closed):
        state.keep("awards", seq, replace(award, holder=survivor))
    for key in state.grades_of.get(closed):
        grade = state.grades.get(key)
        if grade is not None and state.grades.get((survivor, grade.year)) is None:
            state.keep("grades", seq, replace(grade, seq=seq, member=survivor))
    vetoes = vetoes_of(state, closed)
    for veto in vetoes:
        state.keep("vetoes", seq, replace(veto, member=survivor))
    if vetoes:
        rezero(state, closed)
        rezero(state, survivor)
