"""Corrections: claims that an upheld objection wants reversed before the next revision (§5.3)."""

from __future__ import annotations

from dataclasses import replace

from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.state import State


def objections_of(state: State, branch: str, quarter: str) -> list[Objection]:
    """Return what was filed about the branch's quarter, in stream order."""
    found = (state.objections.get(id_) for id_ in state.objections_of.get((branch, quarter)))
    return [one for one in found if one is not None]


def pending_corrections(state: State, branch: str, quarter: str) -> list[Claim]:
    """Return the claims that objections about the quarter demand and nobody has reversed."""
    demanded = {
        claim: None for one in objections_of(state, branch, quarter) for claim in one.demands
    }
    found = (state.claims.get(claim) for claim in demanded)
    return [
        claim for claim in found if claim is not None and claim.state is not ClaimState.REVERSED
    ]


def note_reversal(state: State, objection: str, claim: str, seq: int) -> None:
    """Link a reversal to the objection that it names as its cause, if that wanted it."""
    found = state.objections.get(objection)
    if found is not None and claim in found.demands:
        linked = replace(found, reversals=(*found.reversals, seq))
        state.keep("objections", seq, linked)
