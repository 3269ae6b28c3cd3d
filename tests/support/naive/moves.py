"""Postings: movements between two accounts, netted and put in the order of domain.md §5.1."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.naive.booking import Booking
from tests.support.naive.effect import Effects, quarter_of_month
from tests.support.naive.facts import Claim

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
        leg = _said(claim, account, kind, item, quarter, booking.booked(item, quarter))
        moves.append(to_and_fro(leg, other, delta))
    return moves


def reward_moves(claim: Claim, before: Effects, after: Effects, booking: Booking) -> list[Move]:
    moves = []
    for (item, month), delta in differences(before, after).items():
        other = Leg(f"issue:{item}:inc") if delta > 0 else Leg("reversed:inc")
        kind = "award" if delta > 0 else "reversal"
        quarter = quarter_of_month(month)
        booked = booking.booked(item, quarter)
        leg = _said(claim, f"wallet:{claim.holder}", kind, item, quarter, booked)
        moves.append(to_and_fro(leg, other, delta))
    return moves


def _said(claim: Claim, account: str, kind: str, item: str, quarter: str, booked: str) -> Leg:
    """Item and quarter are said where they are not the claim's, the booked one where it differs."""
    later = "" if booked == quarter else booked
    other_item = "" if item == claim.item else item
    other_quarter = "" if quarter == claim.quarter else quarter
    return Leg(account, kind, other_item, other_quarter, later)


def join_moves(
    account: str, suffix: str, changes: Mapping[tuple[str, str], int], booking: Booking
) -> list[Move]:
    """What changes where two records of one person become one: no claim stands behind it."""
    moves = []
    for (item, period), delta in changes.items():
        quarter = period if "Q" in period else quarter_of_month(period)
        booked = booking.booked(item, quarter)
        later = "" if booked == quarter else booked
        leg = Leg(account, "release" if delta > 0 else "absorb", item, quarter, later)
        moves.append(to_and_fro(leg, Leg(f"issue:{item}{suffix}"), delta))
    return moves


def postings(moves: Iterable[Move]) -> list[Posting]:
    totals: Counter[Leg] = Counter()
    for move in moves:
        totals[move.source] -= move.amount
        totals[move.target] += move.amount
    lines = [(leg, delta) for leg, delta in totals.items() if delta]
    lines.sort(key=lambda line: (line[1] > 0, *_words(line[0])))
    return [_posting(leg, delta) for leg, delta in lines]


def _words(leg: Leg) -> tuple[str, str, str, str]:
    return (leg.account, leg.item, leg.quarter, leg.kind)


def _posting(leg: Leg, delta: int) -> Posting:
    optional = {"kind": leg.kind, "item": leg.item, "quarter": leg.quarter}
    optional |= {"booked": leg.booked}
    said = {key: value for key, value in optional.items() if value}
    return {"account": leg.account, "delta": delta, **said}
