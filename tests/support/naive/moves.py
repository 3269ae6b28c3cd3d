"""Postings: movements between two accounts, netted and put in the order of domain.md §5.1."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.naive.booking import Booking
from tests.support.naive.effect import Effects, quarter_of_month
from tests.support.naive.facts import Claim
from tests.support.naive.wallet_book import Moved

Posting = dict[str, Any]


@dataclass(frozen=True)
class Leg:
    """One side of a movement; all but the account is said on a holder's account only."""

    account: str
    kind: str = ""
    item: str = ""
    quarter: str = ""
    booked: str = ""


@dataclass(frozen=True)
class Move:
    source: Leg
    target: Leg
    amount: int


def waiting(holder: str) -> Leg:
    return Leg(f"member:{holder}:pending")


def issue(item: str) -> Leg:
    return Leg(f"issue:{item}")


def differences(before: Mapping[Any, int], after: Mapping[Any, int]) -> dict[Any, int]:
    places = sorted(before.keys() | after.keys())
    found = {place: after.get(place, 0) - before.get(place, 0) for place in places}
    return {place: delta for place, delta in found.items() if delta}


def to_and_fro(holder_leg: Leg, other: Leg, delta: int) -> Move:
    """A movement by which the holder's account changes by `delta`."""
    if delta > 0:
        return Move(other, holder_leg, delta)
    return Move(holder_leg, other, -delta)


def point_moves(
    claim: Claim,
    capacity: str,
    before: Effects,
    after: Effects,
    booking: Booking,
    *,
    reverses: bool,
) -> list[Move]:
    """What a decision about the claim changes in one capacity."""
    account = f"member:{claim.holder}:{capacity}"
    is_deduction = claim.worth[capacity].kind == "deduct"
    moves = []
    for (item, quarter), delta in differences(before, after).items():
        is_own = item == claim.item
        other, kind = issue(item), "release" if delta > 0 else "absorb"
        if is_own and not reverses:
            kind = "award" if delta > 0 else "deduct" if is_deduction else kind
        if is_own and reverses and (delta < 0 or is_deduction):
            other, kind = Leg("reversed"), "reversal"
        moves.append(to_and_fro(_leg(account, kind, item, quarter, booking), other, delta))
    return moves


def wallet_moves(moved: Iterable[Moved], bookings: Mapping[str, Booking]) -> list[Move]:
    moves = []
    for one in moved:
        account = f"wallet:{one.holder}"
        if one.kind == "join":
            leg, other = Leg(account, one.kind), Leg(one.other, one.kind)
        else:
            # What is spent or expires has no deed: it is booked when it happens.
            booking = None if one.kind in ("spend", "expire") else bookings[one.holder]
            leg = _leg(account, one.kind, one.item, quarter_of_month(one.month), booking)
            other = Leg(one.other)
        moves.append(to_and_fro(leg, other, one.delta))
    return moves


def _leg(account: str, kind: str, item: str, quarter: str, booking: Booking | None) -> Leg:
    """The booked quarter is said only where it is not the deed's."""
    booked = booking.booked(item, quarter) if booking else quarter
    return Leg(account, kind, item, quarter, "" if booked == quarter else booked)


def join_moves(
    account: str, changes: Mapping[tuple[str, str], int], booking: Booking
) -> list[Move]:
    """What changes where two records of one person become one: no claim stands behind it."""
    moves = []
    for (item, quarter), delta in changes.items():
        leg = _leg(account, "release" if delta > 0 else "absorb", item, quarter, booking)
        moves.append(to_and_fro(leg, issue(item), delta))
    return moves


def postings(moves: Iterable[Move], claim: Claim | None) -> list[Posting]:
    """Item and quarter are said only where they are not those of the claim that was decided."""
    totals: Counter[Leg] = Counter()
    for move in moves:
        totals[move.source] -= move.amount
        totals[move.target] += move.amount
    lines = [(leg, delta) for leg, delta in totals.items() if delta]
    lines.sort(key=lambda line: (line[1] > 0, *_words(line[0])))
    return [_posting(leg, delta, claim) for leg, delta in lines]


def _words(leg: Leg) -> tuple[str, str, str, str]:
    return (leg.account, leg.item, leg.quarter, leg.kind)


def _posting(leg: Leg, delta: int, claim: Claim | None) -> Posting:
    own = {"item": claim.item, "quarter": claim.quarter} if claim else {}
    optional = {"kind": leg.kind, "item": leg.item, "quarter": leg.quarter}
    said = {key: value for key, value in optional.items() if value and value != own.get(key)}
    said |= {"booked": leg.booked} if leg.booked else {}
    return {"account": leg.account, "delta": delta, **said}
