"""The holder's answer to the notice of a deduction (domain.md §3.2)."""

from __future__ import annotations

from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.objections import ObjectionState
from jifen_ledger.domain.state import State


def has_answered(state: State, claim: Claim) -> bool:
    """Tell whether the holder has answered the claim as it was stated last."""
    filed = (state.objections.get(id_) for id_ in state.objections_about.get(claim.id))
    return any(
        one is not None and one.state == ObjectionState.NOTED and one.seq > claim.stated_seq
        for one in filed
    )
