"""What a claim is worth once a reviewer has decided its item, measure and value (§2.2, §3.2)."""

from __future__ import annotations

from collections.abc import Mapping

from jifen_contracts.codes import Code
from jifen_contracts.events import PointsReviewed
from jifen_contracts.scheme.catalogue import effective_catalogue
from jifen_ledger.domain.claim import NOTHING, Claim, Measured, Worth
from jifen_ledger.domain.held import Held, held_on
from jifen_ledger.domain.measures import measure_of, points_of
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import has_item, version_on
from jifen_ledger.domain.worth import Stated, worth_of


def states_another_value(event: PointsReviewed, claim: Claim) -> bool:
    """Tell whether the reviewer states another item, measure or value than the claim has."""
    data = event.data
    item = data.item is not None and data.item != claim.item
    measure = data.measure is not None and measure_of(data.measure) != claim.measure
    points = data.points is not None and any(
        claim.worth.raw.get(capacity) != value for capacity, value in points_of(data.points).items()
    )
    return item or measure or points


def revalued(state: State, event: PointsReviewed, claim: Claim) -> Claim:
    """Return the claim with item, measure and worth as the reviewer decided them."""
    data = event.data
    unsaid = data.item is None and data.measure is None and data.points is None
    if unsaid and _still_fits(state, claim):
        return claim
    held = _held_then(state, claim)
    # A retroactive version values every claim that is not verified yet (§4.1).
    version = version_on(state.versions, claim.deed_date)
    assert version is not None
    code = data.item or claim.item
    if not has_item(version, code):
        raise Refused(Code.UNKNOWN_ITEM)
    catalogue = effective_catalogue(version.document, held.posts, held.unit_class)
    measure = claim.measure if data.measure is None else measure_of(data.measure)
    worth = worth_of(state, held, catalogue, _stated(claim, code, measure))
    lowered: Mapping[str, int] = NOTHING
    if data.points is not None:
        lowered = points_of(data.points)
        worth = _given(worth, lowered)
    elif data.measure is None and code == claim.item:
        lowered = claim.lowered
        worth = _kept(worth, lowered)
    return claim._replace(
        version=version.version,
        item=code,
        measure=measure,
        worth=worth,
        lowered=lowered,
        posts=held.posts,
        unit_class=held.unit_class,
        catalogue=catalogue.hash,
    )


def _still_fits(state: State, claim: Claim) -> bool:
    """Tell whether nothing that the worth rests on was registered since it was stated."""
    member = state.members.get(claim.holder)
    registered = max(
        state.versions[-1].seq, state.units_seq, 0 if member is None else member.changed_seq
    )
    return claim.project is None and registered < claim.stated_seq


def _held_then(state: State, claim: Claim) -> Held:
    """Return what the holder was on the deed date, as the registers show it now.

    A later correction of the registers may have left no home branch; the claim's facts stay.
    """
    try:
        return held_on(state, claim.holder, claim.deed_date)
    except Refused:
        capacities = frozenset(claim.measure)
        return Held(
            claim.holder,
            claim.of_unit,
            claim.branch,
            capacities,
            claim.posts,
            claim.unit_class,
            secretary=False,
        )


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
    return worth._replace(raw=raw)


def _kept(worth: Worth, lowered: Mapping[str, int]) -> Worth:
    """Return the worth with what the preliminary reviewer had lowered already."""
    raw = {
        capacity: min(value, lowered.get(capacity, value), key=abs)
        for capacity, value in worth.raw.items()
    }
    return worth._replace(raw=raw)
