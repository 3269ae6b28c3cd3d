"""A claim that was verified once, as F weighs it in one capacity or for the wallet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jifen_contracts.periods import month_of, quarter_of
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.versions import catalogue_of, line_of


@dataclass(frozen=True, slots=True)
class Caps:
    """The caps of an effective line in tenths; None = no cap."""

    month: int | None = None
    quarter: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """What F needs of a claim. `highest` tells whether its item stacks, `key` its stack group."""

    claim: str
    item: str
    key: str
    highest: bool
    day: date
    month: str
    quarter: str
    raw: int
    outside_month: bool
    caps: Caps
    verified_seq: int
    reversed_seq: int | None = None

    def live(self, seq: int) -> bool:
        """Tell whether the claim counts right after the record of that seq."""
        return self.verified_seq <= seq and (self.reversed_seq is None or seq < self.reversed_seq)


def weighed_points(versions: Sequence[Version], claim: Claim, capacity: str) -> Weighed:
    """Return the claim's assessment points in one of its capacities."""
    line = line_of(versions, claim, capacity)
    tier = line.tiers.get(claim.measure[capacity].tier or "")
    caps = Caps(line.month_cap, line.quarter_cap, line.year_cap)
    outside_month = tier is not None and tier.outside_month
    return _weighed(versions, claim, claim.worth.raw[capacity], caps, outside_month=outside_month)


def weighed_incentive(versions: Sequence[Version], claim: Claim) -> Weighed:
    """Return the claim's incentive points."""
    item = catalogue_of(versions, claim).items[claim.item]
    assert item.incentive is not None
    tier = item.lines["member"].tiers.get(claim.measure["member"].tier or "")
    caps = Caps(month=item.incentive.month_cap)
    outside_month = tier is not None and tier.outside_month
    return _weighed(versions, claim, claim.worth.incentive, caps, outside_month=outside_month)


def weighed_bonus(
    versions: Sequence[Version], claims: Iterable[Claim], capacity: str
) -> list[Weighed]:
    """Return the bonus claims that were verified once, as F weighs them in the capacity."""
    return [
        weighed_points(versions, claim, capacity)
        for claim in claims
        if claim.verified_seq is not None
        and capacity in claim.worth.raw
        and line_of(versions, claim, capacity).kind == "bonus"
    ]


def weighed_wallet(versions: Sequence[Version], claims: Iterable[Claim]) -> list[Weighed]:
    """Return the claims that brought incentive points, as F weighs them for the wallet."""
    return [
        weighed_incentive(versions, claim)
        for claim in claims
        if claim.verified_seq is not None and claim.worth.incentive
    ]


def _weighed(
    versions: Sequence[Version], claim: Claim, raw: int, caps: Caps, *, outside_month: bool
) -> Weighed:
    assert claim.verified_seq is not None
    return Weighed(
        claim.id,
        claim.item,
        claim.key,
        catalogue_of(versions, claim).items[claim.item].highest,
        claim.deed_date,
        month_of(claim.deed_date),
        quarter_of(claim.deed_date),
        raw,
        outside_month,
        caps,
        claim.verified_seq,
        claim.reversed_seq,
    )
