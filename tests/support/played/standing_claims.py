"""The claims of the fold that stand, in the words of the naive model's F (domain.md §5.1)."""

from collections.abc import Iterable

from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import item_of
from tests.support.naive.facts import Claim as Modelled
from tests.support.naive.facts import Reward, Worth


def standing(state: State, claims: Iterable[Claim]) -> list[Modelled]:
    """The live verified ones, each with its raw value and the caps of its line."""
    return [_modelled(state, one) for one in claims if one.state is ClaimState.VERIFIED]


def _modelled(state: State, claim: Claim) -> Modelled:
    item = item_of(state.versions, claim)
    cap = None if item.incentive is None else item.incentive.month_cap
    return Modelled(
        id=claim.id,
        holder=claim.holder,
        by=claim.by,
        item=claim.item,
        deed=claim.deed,
        group=claim.group,
        day=claim.deed_date,
        measure={},
        counterpart=claim.counterpart,
        project=claim.project,
        signed=claim.signed,
        evidence_kinds=(),
        has_basis=claim.has_basis,
        noticed_on=claim.deed_date,
        state="verified",
        highest=item.highest,
        worth={capacity: _worth(state, claim, capacity) for capacity in claim.measure},
        offered=Reward(claim.worth.incentive, cap),
    )


def _worth(state: State, claim: Claim, capacity: str) -> Worth:
    line, raw = item_of(state.versions, claim).lines[capacity], claim.worth.raw[capacity]
    tier = line.tiers.get(claim.measure[capacity].tier or "")
    return Worth(
        line.kind,
        line.mode,
        raw=raw,
        value=raw,
        applicable=claim.worth.applicable.get(capacity, 0),
        outside_month=tier is not None and tier.outside_month,
        month_cap=line.month_cap,
        quarter_cap=line.quarter_cap,
        year_cap=line.year_cap,
    )
