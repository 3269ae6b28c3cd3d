"""Keeps the figures of holders: every change of points, and whether a veto zeroes the quarter."""

from __future__ import annotations

from dataclasses import replace

from jifen_ledger.domain.score import NO_FIGURES
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import append
from jifen_ledger.domain.vetoes import Veto

# (holder, capacity, deed quarter).
FiguresKey = tuple[str, str, str]


def move_figures(state: State, key: FiguresKey, item: str, **change: int) -> None:
    """Change a holder's figures by what an item's category gains, and mark them as changed."""
    before = state.figures.get(key)
    if before is NO_FIGURES:
        # The holder's first points of the quarter: a veto may have been there before them.
        append(state.figure_keys, key[0], key)
        if is_zeroed(state, key[0], key[2]):
            before = replace(before, zeroed=True)
    state.figures.put(key, before.moved(item[0], **change))
    state.changes.figures[key] = None


def rezero(state: State, holder: str) -> None:
    """Bring all figures of the holder in step with the vetoes, which have changed."""
    for key in state.figure_keys.get(holder):
        before = state.figures.get(key)
        zeroed = is_zeroed(state, holder, key[2])
        if before.zeroed != zeroed:
            state.figures.put(key, replace(before, zeroed=zeroed))
            state.changes.figures[key] = None


def is_zeroed(state: State, holder: str, period: str) -> bool:
    """Tell whether a zero veto covers a day of the quarter or year."""
    return any(veto.zeroes(period) for veto in vetoes_of(state, holder))


def vetoes_of(state: State, member: str) -> list[Veto]:
    """Return the vetoes of a member, in the order they were imposed."""
    found = (state.vetoes.get(id_) for id_ in state.vetoes_of.get(member))
    return [veto for veto in found if veto is not None]
