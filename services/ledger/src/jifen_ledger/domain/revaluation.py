"""What a claim is worth once a reviewer has decided its item, measure and value (§2.2, §3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import PointsReviewed
from jifen_contracts.scheme.catalogue import Catalogue, Item
from jifen_ledger.domain.claim import NOTHING, Claim, ClaimState, Measured, Worth
from jifen_ledger.domain.documents import check_documents
from jifen_ledger.domain.held import Held, held_then
from jifen_ledger.domain.life import live_claim_for
from jifen_ledger.domain.measures import measure_of, points_of
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.records import check_record
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import NO_POSTS, catalogue_of, has_item, version_on
from jifen_ledger.domain.worth import Stated, rests_on_split, worth_of


def states_another_value(event: PointsReviewed, claim: Claim) -> bool:
    """Tell whether the reviewer states another item, measure or value than the claim has."""
    data = event.data
    if data.item is None and data.measure is None and data.points is None:
        return False
    item = data.item is not None and data.item != claim.item
    measure = data.measure is not None and measure_of(data.measure) != claim.measure
    points = data.points is not None and any(
        claim.worth.raw.get(capacity) != value for capacity, value in points_of(data.points).items()
    )
    return item or measure or points


def named_item(state: State, claim: Claim, code: str) -> tuple[Item, ...]:
    """Return the item of the version in force on the deed date, if it has one of this code."""
    version = version_on(state.versions, claim.deed_date)
    assert version is not None
    effective = version.catalogue(claim.posts, claim.unit_class).items
    whole = version.catalogue(NO_POSTS, None).items
    found = effective.get(code) or whole.get(code)
    return () if found is None else (found,)


def rehomed(state: State, claim: Claim) -> Claim:
    """Return the claim with its branch as the registers show it now."""
    if _still_fits(state, claim):
        return claim
    return claim._replace(branch=_held(state, claim).branch)


def revalued(state: State, event: PointsReviewed, claim: Claim, recorded_day: date) -> Claim:
    """Return the claim with item, measure and worth as the reviewer decided them."""
    data = event.data
    code = data.item or claim.item
    if code != claim.item or claim.state is ClaimState.REJECTED:
        _check_free(state, claim, code, recorded_day)
    measure = claim.measure if data.measure is None else measure_of(data.measure)
    same = code == claim.item and measure == claim.measure
    unsaid = same and data.points is None
    if unsaid and _still_fits(state, claim):
        item = catalogue_of(state.versions, claim).items[claim.item]
        check_record(state, item, claim.holder, _stated(claim, code, measure), recorded_day)
        return claim
    held = _held(state, claim)
    # A retroactive version values every claim that is not verified yet (§4.1).
    version = version_on(state.versions, claim.deed_date)
    assert version is not None
    if not has_item(version, code):
        raise Refused(Code.UNKNOWN_ITEM)
    catalogue = version.catalogue(held.posts, held.unit_class)
    if code != claim.item and measure.keys() <= held.capacities:
        _check_kind(state, claim, catalogue, code, measure)
    stated = _stated(claim, code, measure)
    worth = worth_of(state, held, catalogue, stated)
    item = catalogue.items[code]
    if code != claim.item:
        check_documents(item, measure, claim.evidence_kinds, has_basis=claim.has_basis)
    check_record(state, item, claim.holder, stated, recorded_day)
    lowered: Mapping[str, int] = NOTHING
    if data.points is not None:
        lowered = points_of(data.points)
        worth = _given(worth, lowered)
    elif same:
        lowered = claim.lowered
        worth = _kept(worth, lowered)
    return claim._replace(
        version=version.version,
        # A project counts only for items by shares.
        project=claim.project if rests_on_split(catalogue.items[code]) else None,
        item=code,
        measure=measure,
        worth=worth,
        lowered=lowered,
        posts=held.posts,
        unit_class=held.unit_class,
        catalogue=catalogue.hash,
    )


def _check_free(state: State, claim: Claim, code: str, recorded_day: date) -> None:
    """Check `unknown_item` and `duplicate_deed`: no other claim stands for item and deed."""
    if not named_item(state, claim, code):
        raise Refused(Code.UNKNOWN_ITEM)
    key = (claim.holder, code, claim.deed)
    standing = live_claim_for(state, key, recorded_day, but=claim.id)
    if standing is not None:
        raise Refused(Code.DUPLICATE_DEED, refers_to=standing)


def _check_kind(
    state: State,
    claim: Claim,
    catalogue: Catalogue,
    code: str,
    measure: Mapping[str, Measured],
) -> None:
    """A deduction needs its own notice, so no claim becomes one, or stops being one."""
    item = catalogue.items.get(code)
    if item is None or not measure.keys() <= item.lines.keys():
        return
    deducts = any(item.lines[capacity].kind == "deduct" for capacity in measure)
    lines = catalogue_of(state.versions, claim).items[claim.item].lines
    if deducts != any(lines[capacity].kind == "deduct" for capacity in claim.measure):
        raise Refused(Code.ITEM_NOT_APPLICABLE)


def _still_fits(state: State, claim: Claim) -> bool:
    """Tell whether nothing that the worth rests on was registered since it was stated."""
    member = state.members.get(claim.holder)
    registered = max(
        state.versions[-1].seq, state.units_seq, 0 if member is None else member.changed_seq
    )
    return claim.project is None and registered < claim.stated_seq


def _held(state: State, claim: Claim) -> Held:
    return held_then(state, claim.holder, claim.deed_date, claim.branch)


def _stated(claim: Claim, item: str, measure: Mapping[str, Measured]) -> Stated:
    return Stated(
        item, claim.deed, claim.deed_date, measure, claim.counterpart, claim.project, claim.signed
    )


def _given(worth: Worth, points: Mapping[str, int]) -> Worth:
    """Return the worth with the reviewer's points: fewer than the scheme yields, never more."""
    if not points.keys() <= worth.raw.keys():
        raise Refused(Code.MEASURE_INVALID)
    raw = dict(worth.raw)
    for capacity, value in points.items():
        most = raw[capacity]
        low, high = (most, 0) if most < 0 else (0, most)
        if not low <= value <= high:
            raise Refused(Code.POINTS_TOO_HIGH)
        raw[capacity] = value
    return _with_raw(worth, raw)


def _kept(worth: Worth, lowered: Mapping[str, int]) -> Worth:
    """Return the worth with what the preliminary reviewer had lowered already."""
    raw = {
        capacity: min(value, lowered.get(capacity, value), key=abs)
        for capacity, value in worth.raw.items()
    }
    return _with_raw(worth, raw)


def _with_raw(worth: Worth, raw: Mapping[str, int]) -> Worth:
    # What is worth nothing as a member's deed earns nothing in the wallet either.
    return worth._replace(raw=raw, incentive=worth.incentive if raw.get("member") else 0)
