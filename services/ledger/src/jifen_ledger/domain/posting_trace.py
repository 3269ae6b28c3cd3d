"""Which trace explains a posting: of a line, a bonus item, the bonus part or the wallet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jifen_ledger.domain.cap_trace import (
    NOTHING_KEPT_BACK,
    CapTrace,
    KeptBack,
    trace_bonus_part,
    trace_incentive,
    trace_item,
    trace_line,
)
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.postings import BONUS_ITEM
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.versions import line_of
from jifen_ledger.domain.weighed import weighed_bonus, weighed_points, weighed_wallet

WALLET = "wallet"


@dataclass(frozen=True, slots=True)
class Moved:
    """The posting: capacity (or wallet), item and deed quarter that a record raised or lowered."""

    capacity: str
    item: str
    quarter: str
    seq: int
    rising: bool
    kept_back: KeptBack = NOTHING_KEPT_BACK


def trace_posting(
    versions: Sequence[Version], cause: Claim, claims: Iterable[Claim], moved: Moved
) -> CapTrace:
    """Return the trace; `cause` is the claim the record decided, `claims` are all of its holder."""
    if moved.capacity == WALLET:
        earning = weighed_wallet(versions, claims)
        return trace_incentive(
            earning,
            moved.item,
            moved.quarter,
            moved.seq,
            rising=moved.rising,
            kept_back=moved.kept_back,
        )
    if (
        moved.item == cause.item
        and moved.capacity in cause.worth.raw
        and line_of(versions, cause, moved.capacity).kind != "bonus"
    ):
        own = [weighed_points(versions, cause, moved.capacity)]
        return trace_line(own, moved.item, moved.quarter, moved.seq)
    bonus = weighed_bonus(versions, claims, moved.capacity)
    if moved.item == BONUS_ITEM:
        return trace_bonus_part(bonus, moved.quarter, moved.seq)
    return trace_item(bonus, moved.item, moved.quarter, moved.seq)
