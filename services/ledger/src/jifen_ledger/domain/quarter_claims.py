"""Keeps the claims of a branch's quarter together, by the branch and quarter of their deeds."""

from __future__ import annotations

from jifen_contracts.periods import quarter_of
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import append_new, remove


def place_claim(state: State, claim: Claim, before: Claim | None) -> None:
    """Put a claim with those of its branch and quarter; `before` is what was there under its id."""
    key = (claim.branch, quarter_of(claim.deed_date))
    if before is not None:
        earlier = (before.branch, quarter_of(before.deed_date))
        if earlier == key:
            return
        remove(state.quarter_claims, earlier, claim.id)
    append_new(state.quarter_claims, key, claim.id)


def claims_of_quarter(state: State, branch: str, quarter: str) -> list[Claim]:
    """Return the claims of a branch whose deeds lie in the quarter."""
    found = (state.claims.get(id_) for id_ in state.quarter_claims.get((branch, quarter)))
    return [claim for claim in found if claim is not None]
