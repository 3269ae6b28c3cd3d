"""What a set of claims is worth before and after a decision, and the movements between (§5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from jifen_contracts.periods import month_of, quarter_of, year_of
from jifen_contracts.scheme.catalogue import Line
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.effective_points import (
    Counted,
    Stacked,
    differences,
    item_months,
    item_year,
    stack,
)
from jifen_ledger.domain.outcome import Notice
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import catalogue_of, item_of, line_of


def is_bonus(versions: tuple[Version, ...], claim: Claim) -> bool:
    """Tell whether the claim passes through the steps of F: it has a bonus line or incentive."""
    return passes_f(claim, item_of(versions, claim).lines)


def passes_f(claim: Claim, lines: Mapping[str, Line]) -> bool:
    """Tell the same of a claim whose item has these lines."""
    if claim.worth.incentive > 0:
        return True
    # A loop: every claim comes through here, and a generator would cost more than the look-up.
    for capacity in claim.worth.raw:  # noqa: SIM110
        if lines[capacity].kind == "bonus":
            return True
    return False


def restacked(versions: tuple[Version, ...], group: Iterable[Claim]) -> list[Claim]:
    """Return the live verified claims of one stack key with `counted` as the whole set gives it."""
    claims = list(group)
    if len(claims) == 1:
        return [_alone(versions, claims[0])]
    capacities = sorted({capacity for claim in claims for capacity in claim.worth.raw})
    counted: dict[str, dict[str, int]] = {claim.id: {} for claim in claims}
    for capacity in capacities:
        own = [claim for claim in claims if _counts(versions, claim, capacity)]
        stacking = [claim for claim in own if _stacks(versions, claim)]
        values = stack(_stacked(claim, claim.worth.raw[capacity]) for claim in stacking)
        for claim in own:
            value = values.get(claim.id, claim.worth.raw[capacity])
            counted[claim.id][capacity] = value
    earning = [claim for claim in claims if claim.worth.incentive]
    incentive = stack(
        _stacked(claim, claim.worth.incentive) for claim in earning if _stacks(versions, claim)
    )
    return [
        claim._replace(
            counted=counted[claim.id],
            counted_incentive=incentive.get(claim.id, claim.worth.incentive),
        )
        for claim in claims
    ]


def _alone(versions: tuple[Version, ...], claim: Claim) -> Claim:
    """Return a claim that shares its stack key with no other: nothing stands before it."""
    lines = item_of(versions, claim).lines
    raw = claim.worth.raw
    counted = {
        capacity: raw[capacity] for capacity in sorted(raw) if lines[capacity].kind == "bonus"
    }
    return claim._replace(counted=counted, counted_incentive=claim.worth.incentive)


def _counts(versions: tuple[Version, ...], claim: Claim, capacity: str) -> bool:
    return capacity in claim.worth.raw and line_of(versions, claim, capacity).kind == "bonus"


def _stacks(versions: tuple[Version, ...], claim: Claim) -> bool:
    return catalogue_of(versions, claim).items[claim.item].highest


def _stacked(claim: Claim, raw: int) -> Stacked:
    return Stacked(claim.id, claim.item, claim.deed_date, raw)


class Effects(NamedTuple):
    """Effective points of a set of claims, in tenths.

    Assessment by (capacity, item, quarter), incentive by (item, month).
    """

    points: Mapping[tuple[str, str, str], int]
    incentive: Mapping[tuple[str, str], int]


class _Counts:
    """The claims of each item and year as steps 2 to 4 see them."""

    def __init__(self, versions: tuple[Version, ...], claims: Iterable[Claim]) -> None:
        self._versions = versions
        self._years: dict[tuple[str, str, str], list[Counted]] = {}
        self._incentive: dict[tuple[str, str], list[Counted]] = {}
        self._add(claims)

    def with_(self, claims: Sequence[Claim]) -> _Counts:
        """Return these counts and more claims."""
        if not claims:
            return self
        more = _Counts(self._versions, ())
        more._years = {key: [*counted] for key, counted in self._years.items()}
        more._incentive = {key: [*counted] for key, counted in self._incentive.items()}
        more._add(claims)
        return more

    def _add(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            year = year_of(claim.deed_date)
            for capacity in claim.counted:
                counted = counted_of(self._versions, claim, capacity)
                self._years.setdefault((capacity, claim.item, year), []).append(counted)
            if claim.worth.incentive:
                counted = _counted_incentive(self._versions, claim)
                self._incentive.setdefault((claim.item, year), []).append(counted)

    def effects(self) -> Effects:
        """Return F over the claims."""
        points = {
            (capacity, item, quarter): value
            for (capacity, item, _), counted in self._years.items()
            for quarter, value in item_year(counted).items()
        }
        incentive = {
            (item, month): value
            for (item, _), counted in self._incentive.items()
            for month, value in item_months(counted).items()
        }
        return Effects(points, incentive)


def effects_of(versions: tuple[Version, ...], claims: Iterable[Claim]) -> Effects:
    """Return F, steps 2 to 4, over live verified claims that hold their `counted` values.

    The claims must be all of each (holder, item, year) that occurs.
    """
    return _Counts(versions, claims).effects()


def counted_of(versions: tuple[Version, ...], claim: Claim, capacity: str) -> Counted:
    """Return one capacity of a verified bonus claim as steps 2 to 4 see it."""
    line = line_of(versions, claim, capacity)
    tier = line.tiers.get(claim.measure[capacity].tier or "")
    return Counted(
        month_of(claim.deed_date),
        quarter_of(claim.deed_date),
        claim.counted[capacity],
        tier is not None and tier.outside_month,
        line.month_cap,
        line.quarter_cap,
        line.year_cap,
    )


def _counted_incentive(versions: tuple[Version, ...], claim: Claim) -> Counted:
    item = catalogue_of(versions, claim).items[claim.item]
    assert item.incentive is not None
    tier = item.lines["member"].tiers.get(claim.measure["member"].tier or "")
    return Counted(
        month_of(claim.deed_date),
        quarter_of(claim.deed_date),
        claim.counted_incentive,
        tier is not None and tier.outside_month,
        item.incentive.month_cap,
        None,
        None,
    )


class Recount(NamedTuple):
    """The difference that adding or removing one verified claim makes."""

    changed: tuple[Claim, ...]
    points: Mapping[tuple[str, str, str], int]
    incentive: Mapping[tuple[str, str], int]


def recount(state: State, subject: Claim, *, live: bool) -> tuple[Claim, Recount]:
    """Return the claim as it counts, and what changes once it is live, or no longer."""
    versions = state.versions
    others = _claims(state, state.stacks.get((subject.holder, subject.key)), subject.id)
    if not others:
        return _recount_alone(state, subject, live=live)
    after = restacked(versions, [*others, subject] if live else others)
    now = {claim.id: claim for claim in after}
    was = {claim.id: claim for claim in others}
    changed = tuple(
        claim
        for claim in after
        if claim.id != subject.id
        and (claim.counted, claim.counted_incentive)
        != (was[claim.id].counted, was[claim.id].counted_incentive)
    )
    rest = _rest(state, subject, changed)
    settled = now.get(subject.id, subject)
    earlier = rest.with_([*(was[claim.id] for claim in changed), *(() if live else (subject,))])
    later = rest.with_([*changed, *((settled,) if live else ())])
    first, then = earlier.effects(), later.effects()
    return settled, Recount(
        changed,
        differences(first.points, then.points),
        differences(first.incentive, then.incentive),
    )


def _recount_alone(state: State, subject: Claim, *, live: bool) -> tuple[Claim, Recount]:
    """Return the same for a claim that shares its stack key with no other; the common case."""
    settled = _alone(state.versions, subject) if live else subject
    without = _rest(state, subject, ())
    with_ = without.with_([settled])
    first, then = (without, with_) if live else (with_, without)
    before, after = first.effects(), then.effects()
    return settled, Recount(
        (),
        differences(before.points, after.points),
        differences(before.incentive, after.incentive),
    )


def _rest(state: State, subject: Claim, changed: Sequence[Claim]) -> _Counts:
    """Return the counts that stay as they are, of every item and year that is touched."""
    touched = {(claim.item, year_of(claim.deed_date)) for claim in (subject, *changed)}
    moving = {subject.id, *(claim.id for claim in changed)}
    ids = {
        id_
        for item, year in touched
        for id_ in state.counting.get((subject.holder, item, year))
        if id_ not in moving
    }
    return _Counts(state.versions, _claims(state, sorted(ids), subject.id))


def _claims(state: State, ids: Iterable[str], without: str) -> list[Claim]:
    found = (state.claims.get(id_) for id_ in ids if id_ != without)
    return [claim for claim in found if claim is not None]


def stacked_notice(subject: Claim) -> tuple[Notice, ...]:
    """Return the notice that another claim on the same deed already counts for part of this."""
    less = any(value < subject.worth.raw[capacity] for capacity, value in subject.counted.items())
    return (Notice.STACKED,) if less or subject.counted_incentive < subject.worth.incentive else ()
