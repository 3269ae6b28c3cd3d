"""Keeps which claims were stated for a deed that may be a concern (domain.md §6.2)."""

from __future__ import annotations

from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.concerns import Resting
from jifen_ledger.domain.state import State


def rest_on_deed(state: State, claim: Claim, seq: int) -> None:
    """Let the claim be found by its deed, whoever holds it, when a concern is reopened."""
    earlier = state.resting.get(claim.id)
    first = seq if earlier is None else earlier.seq
    state.keep("resting", seq, Resting(first, claim.id, claim.deed))
