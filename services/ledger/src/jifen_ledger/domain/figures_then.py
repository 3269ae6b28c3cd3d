"""A holder's figures counted anew from a set of claims (domain.md §5.1 and §5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jifen_contracts.periods import quarter_of
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.claim_then import counted_then
from jifen_ledger.domain.recount import effects_of, is_bonus
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.score import NO_FIGURES, SEVERE_TIERS, Figures
from jifen_ledger.domain.versions import line_of

FiguresByQuarter = dict[tuple[str, str], Figures]


def figures_of_claims(versions: Sequence[Version], claims: Iterable[Claim]) -> FiguresByQuarter:
    """Return the figures by (capacity, quarter) of one holder's claims.

    Verified claims must hold what the whole set counts of them (`counted_then`). Whether a veto
    zeroes a quarter is not a matter of claims.
    """
    known = tuple(versions)
    verified = [claim for claim in claims if claim.state is ClaimState.VERIFIED]
    figures: FiguresByQuarter = {}

    def move(capacity: str, quarter: str, item: str, **change: int) -> None:
        before = figures.get((capacity, quarter), NO_FIGURES)
        figures[capacity, quarter] = before.moved(item[0], **change)

    counting = (claim for claim in verified if is_bonus(known, claim))
    for (capacity, item, quarter), value in effects_of(known, counting).points.items():
        move(capacity, quarter, item, bonus=value)
    for claim in verified:
        quarter = quarter_of(claim.deed_date)
        for capacity, value in claim.worth.raw.items():
            kind = line_of(known, claim, capacity).kind
            if kind == "base":
                applicable = claim.worth.applicable.get(capacity, 0)
                move(capacity, quarter, claim.item, earned=value, applicable=applicable)
            elif kind == "deduct":
                severe = claim.measure[capacity].tier in SEVERE_TIERS
                move(capacity, quarter, claim.item, deductions=-value, severe=severe)
    return figures


def bonus_of_holders(
    versions: Sequence[Version], claims: Iterable[Claim], capacity: str, quarter: str
) -> dict[str, dict[str, int]]:
    """Return the effective bonus of a quarter in one capacity, by holder and category.

    The claims are verified ones: every one that F weighs for the quarter.
    """
    known = tuple(versions)
    by_holder: dict[str, list[Claim]] = {}
    for claim in claims:
        by_holder.setdefault(claim.holder, []).append(claim)
    found: dict[str, dict[str, int]] = {}
    for holder, own in by_holder.items():
        sums: dict[str, int] = {}
        points = effects_of(known, counted_then(known, own)).points
        for (name, item, of_quarter), value in points.items():
            if (name, of_quarter) == (capacity, quarter):
                sums[item[0]] = sums.get(item[0], 0) + value
        found[holder] = sums
    return found
