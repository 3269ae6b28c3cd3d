"""The holder's answer to the notice of a deduction (domain.md §3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.objections import Objection, ObjectionState
from jifen_ledger.domain.state import State


def has_answered(state: State, claim: Claim) -> bool:
    """Tell whether the holder has answered the claim as it was stated last."""
    filed = (state.objections.get(id_) for id_ in state.objections_about.get(claim.id))
    return is_answered(claim, (one for one in filed if one is not None))


def is_answered(claim: Claim, filed: Iterable[Objection]) -> bool:
    """Tell whether one of these is an answer to the claim as it was stated last."""
    return any(
        one.claim == claim.id and one.state == ObjectionState.NOTED and one.seq > claim.stated_seq
        for one in filed
    )
