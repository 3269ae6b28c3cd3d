"""The booked quarter (domain.md §5.1): the first, from the deed's on, not yet published.

What is booked later than its deed's quarter is an adjustment of that quarter, listed in the
branch's bulletin of the later one.
"""

from __future__ import annotations

from collections.abc import Iterable

from jifen_contracts.periods import next_quarter, quarter_of
from jifen_ledger.domain.adjustments import Adjustment
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.periods import Period
from jifen_ledger.domain.state import State


def period_of(state: State, branch: str, quarter: str) -> Period | None:
    """Return where the branch's quarter stands, or None before its first step.

    The quarters of a branch are few and asked for together, at every decision.
    """
    key = (branch, quarter)
    return state.periods.get(key) if key in state.periods_of.get(branch) else None


def booked_quarter(state: State, branch: str, quarter: str) -> str:
    """Return the quarter in which a posting for the deed quarter is booked now."""
    while (period := period_of(state, branch, quarter)) is not None and period.is_published:
        quarter = next_quarter(quarter)
    return quarter


def branch_behind(claims: Iterable[Claim], quarter: str) -> str | None:
    """Return the branch whose quarter a difference belongs to: that of the last deed behind it.

    A decision may move points of other quarters, in which the holder may have had another home.
    """
    deeds = [claim for claim in claims if quarter_of(claim.deed_date) == quarter]
    last = max(deeds, key=lambda claim: (claim.deed_date, claim.id), default=None)
    return None if last is None else last.branch


def keep_adjustment(
    state: State,
    place: tuple[str, str, str],
    *,
    quarter: str,
    booked: str,
    branch: str,
    points: int,
    applicable: int,
    claim: str | None,
) -> None:
    """Remember what the record in hand adjusts; `place` is (holder, capacity, item).

    A duty that was not done moves no points, and yet the score: more is `applicable` (§5.2).
    """
    if booked == quarter or not (points or applicable):
        return
    seq = state.size + 1
    key = (seq, *place, quarter)
    earlier = state.adjustments.rows().get(key)
    if earlier is not None:
        # A record that takes back several claims moves one account more than once.
        points += earlier.points
        state.withdraw("adjustments", key)
    if points or applicable:
        row = Adjustment(seq, *place, quarter, booked, branch, points, claim)
        state.add("adjustments", seq, row)
