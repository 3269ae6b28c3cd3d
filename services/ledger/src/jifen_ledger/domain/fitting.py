"""Verified claims that no longer fit (E37, E49): what the registers and the scheme say of them now.

A back-dated correction and a retroactive version change nothing that was verified; people reverse
and decide again. So that they can, the claims are listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jifen_contracts.codes import Code
from jifen_contracts.scheme.catalogue import Catalogue, effective_catalogue
from jifen_ledger.domain.claim import NOTHING, Claim, ClaimState, Worth
from jifen_ledger.domain.held import Held, held_on
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import catalogue_of, has_item, version_on
from jifen_ledger.domain.worth import Stated, worth_of


@dataclass(frozen=True, slots=True)
class Misfit:
    """A verified claim as it would be valued now.

    `code` is the refusal it would meet; without one, `points` is what the scheme now yields.
    `branch` is where the deed would count.
    """

    claim: Claim
    version: int
    branch: str
    code: Code | None
    points: Mapping[str, int]


def misfit_of(state: State, claim: Claim) -> Misfit | None:
    """Return how the claim no longer fits, or None where it does. Raises NotLoaded.

    A claim that is not verified is valued anew when it is.
    """
    if claim.state is not ClaimState.VERIFIED:
        return None
    version = version_on(state.versions, claim.deed_date)
    assert version is not None, "a claim was valued by a version, and a later one only adds"
    branch = claim.branch
    try:
        _check_item(version, claim)
        held = held_on(state, claim.holder, claim.deed_date)
        branch = held.branch
        catalogue = effective_catalogue(version.document, held.posts, held.unit_class)
        worth = _worth(state, claim, held, catalogue)
    except Refused as refused:
        return Misfit(claim, version.version, branch, refused.code, NOTHING)
    if worth == _worth_then(state, claim) and branch == claim.branch:
        return None
    return Misfit(claim, version.version, branch, None, worth.raw)


def _check_item(version: Version, claim: Claim) -> None:
    if not has_item(version, claim.item):
        raise Refused(Code.UNKNOWN_ITEM)


def _worth(state: State, claim: Claim, held: Held, catalogue: Catalogue) -> Worth:
    stated = Stated(
        claim.item,
        claim.deed,
        claim.deed_date,
        claim.measure,
        claim.counterpart,
        claim.project,
        claim.signed,
    )
    worth = worth_of(state, held, catalogue, stated)
    item = catalogue.items[claim.item]
    if item.evidence_required and not claim.evidence_kinds & item.evidence_kinds:
        raise Refused(Code.EVIDENCE_REQUIRED)
    return worth


def _worth_then(state: State, claim: Claim) -> Worth:
    """Return what the scheme yielded by the claim's own version, posts and class.

    What a reviewer gave may be less; that was a decision and says nothing about the scheme.
    """
    capacities = frozenset(claim.measure)
    held = Held(
        claim.holder, claim.of_unit, claim.branch, capacities, claim.posts, claim.unit_class
    )
    try:
        return _worth(state, claim, held, catalogue_of(state.versions, claim))
    except Refused:
        return claim.worth
