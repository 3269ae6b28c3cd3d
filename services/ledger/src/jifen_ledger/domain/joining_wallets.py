"""The wallets of two records of one person become one (domain.md §6.1, §8.2 E46).

The points of both count as one set: what the closed record had earned is absorbed, the survivor
gets what the set gives. Lots, debt and redemptions go over as they are, and so does what the
closed record had spent or let expire, so that its wallet ends at zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from jifen_contracts.periods import first_day, quarter_of
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.effective_points import differences
from jifen_ledger.domain.incentive import Details, Place, place_of
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.postings import Movements, issue_inc, wallet
from jifen_ledger.domain.purse import Purse
from jifen_ledger.domain.state import State


class Counted(NamedTuple):
    """Live verified claims, and F of their incentive points by item and month."""

    points: Mapping[Place, int]
    claims: Sequence[Claim]


class Joining(NamedTuple):
    """The two records: what each counts by itself, what both count together, how it is booked."""

    closed: str
    survivor: str
    theirs: Counted
    own: Counted
    both: Counted
    closed_details: Details
    survivor_details: Details


def join_wallets(state: State, moves: Movements, moment: Moment, joining: Joining) -> None:
    """Merge the purses, and post what that changes."""
    closed, survivor, theirs, own, both = joining[:5]
    _take_redemptions(state, moment, closed, survivor)
    other = Purse(state, moves, closed, moment)
    if not theirs.points and other.is_empty:
        return
    purse = Purse(state, moves, survivor, moment)
    for one in (other, purse):
        one.expire()
    left = other.balance
    their_points, own_points = _issued(other, theirs.points), _issued(purse, own.points)
    purse.take_over(other)
    for place in sorted(theirs.points.keys() | own.points.keys() | both.points.keys()):
        before = theirs.points.get(place, 0) + own.points.get(place, 0)
        change = both.points.get(place, 0) - before
        if change < 0:
            purse.take(purse.forgive(*place, -change), _fallen(joining, place))
        elif change > 0:
            # No budget stands against it: nothing new is earned.
            purse.put(_last(both, place), place[0], change)
    _move(moves, closed, differences(their_points, {}), joining.closed_details)
    gained = differences(own_points, _issued(purse, both.points))
    _move(moves, survivor, gained, joining.survivor_details)
    # Used points went to `spent` and `expired` from the closed wallet.
    used = sum(their_points.values()) - left
    moves.move(wallet(survivor), wallet(closed), used, kind="join")


def _take_redemptions(state: State, moment: Moment, closed: str, survivor: str) -> None:
    for id_ in state.redemptions_of.get(closed):
        redemption = state.redemptions.get(id_)
        assert redemption is not None
        state.keep("redemptions", moment.seq, replace(redemption, member=survivor))


def _issued(purse: Purse, points: Mapping[Place, int]) -> dict[Place, int]:
    return {place: value - purse.wallet.withheld_of(*place) for place, value in points.items()}


def _fallen(joining: Joining, place: Place) -> frozenset[str]:
    """Return the claims of the item and month that count less in the set of both."""
    apart = (*joining.theirs.claims, *joining.own.claims)
    before = {claim.id: claim.counted_incentive for claim in apart}
    return frozenset(
        claim.id
        for claim in joining.both.claims
        if place_of(claim) == place and claim.counted_incentive < before[claim.id]
    )


def _last(counted: Counted, place: Place) -> str:
    own = [claim for claim in counted.claims if place_of(claim) == place]
    return max(own, key=lambda claim: (claim.deed_date, claim.id)).id


def _move(moves: Movements, holder: str, changes: Mapping[Place, int], details: Details) -> None:
    for (item, month), change in sorted(changes.items()):
        said = details(item, quarter_of(first_day(month)))
        if change > 0:
            moves.move(issue_inc(item), wallet(holder), change, kind="release", **said)
        else:
            moves.move(wallet(holder), issue_inc(item), -change, kind="absorb", **said)
