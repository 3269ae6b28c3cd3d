"""A concern with those merged into it, the parts it has and what it is a part of (§6.2)."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_contracts.codes import Code
from jifen_ledger.domain.concerns import Concern
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.state import State


def known_concern(state: State, unit: str, id_: str) -> Concern:
    """Return the concern of the unit. Raises `unknown_reference`."""
    concern = state.concerns.get(id_)
    if concern is None or concern.unit != unit:
        raise Refused(Code.UNKNOWN_REFERENCE)
    return concern


def standing_for(state: State, concern: Concern) -> Concern:
    """Return the concern that it was merged into, or itself."""
    if concern.merged_into is None:
        return concern
    found = state.concerns.get(concern.merged_into)
    assert found is not None
    return found


def group_of(state: State, concern: Concern) -> tuple[Concern, ...]:
    """Return a concern that stands for itself, and all that were merged into it."""
    merged = (state.concerns.get(id_) for id_ in state.concerns_merged.get(concern.concern))
    return (concern, *(one for one in merged if one is not None))


def has_open_part(state: State, concern: Concern) -> bool:
    """Tell whether a part of the concern, or of one merged into it, is open."""
    return any(
        part.is_open
        for part in _parts_of(state, concern)
        # What was merged into the whole closes with it.
        if part.concern != concern.concern
    )


def _parts_of(state: State, concern: Concern) -> Iterator[Concern]:
    for one in group_of(state, concern):
        for id_ in state.concern_parts.get(one.concern):
            part = state.concerns.get(id_)
            assert part is not None
            yield standing_for(state, part)


def wholes_of(state: State, concern: Concern) -> Iterator[Concern]:
    """Yield what the concern, or one merged into it, is a part of."""
    for one in group_of(state, concern):
        whole = None if one.parent is None else state.concerns.get(one.parent)
        if whole is not None:
            yield standing_for(state, whole)
