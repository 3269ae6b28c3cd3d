"""Where a claim stands as time passes (domain.md §3.1)."""

from __future__ import annotations

from datetime import date

from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.state import State

_ENDED = (ClaimState.REJECTED, ClaimState.REVERSED)


def is_lapsed(claim: Claim, recorded_day: date) -> bool:
    """Tell whether a returned claim was not stated again by the end of `until`."""
    if claim.state is not ClaimState.RETURNED:
        return False
    assert claim.until is not None
    return recorded_day > claim.until


def is_live(claim: Claim, recorded_day: date) -> bool:
    """Tell whether the claim still stands: neither rejected, reversed nor lapsed."""
    return claim.state not in _ENDED and not is_lapsed(claim, recorded_day)


def live_claim_for(
    state: State, key: tuple[str, str, str], recorded_day: date, *, but: str
) -> int | None:
    """Return the seq of another live claim for (holder, item, deed), the earliest."""
    ids = state.deeds.get(key)
    if not ids:
        return None
    others = (state.claims.get(id_) for id_ in ids if id_ != but)
    live = [one.seq for one in others if one is not None and is_live(one, recorded_day)]
    return min(live, default=None)
