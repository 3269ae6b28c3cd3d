"""Explains each differing figure by the first record that came out otherwise for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from jifen_contracts.points import format_points
from jifen_ledger.application.comparison import Difference, HolderDifference
from jifen_ledger.application.otherwise import FirstOtherwise, Otherwise, holder_of

BY_HAND = "no record: other rows of the tables make it, or a hand has changed it"
OVERTAKERS_NAMED = 3


class BalanceRow(NamedTuple):
    """A balance that differs, and the sum of its postings, in tenths; None where there is none."""

    account: str
    live: int | None
    second: int | None
    live_postings: int
    second_postings: int


class ScoreRow(NamedTuple):
    """Figures of a quarter that differ: each column in which they do, with both values."""

    holder: str
    capacity: str
    quarter: str
    columns: Mapping[str, tuple[object, object]]


class Place(NamedTuple):
    """A place on the board of a period: of all, and of the home unit."""

    score: int
    unit: str | None
    rank: int
    rank_in_unit: int

    @property
    def text(self) -> str:
        """In a few words."""
        within = "" if self.unit is None else f", {self.rank_in_unit} in {self.unit}"
        return f"{self.rank}{within}"


class PlaceRow(NamedTuple):
    """A place that differs; None where the holder has none."""

    period: str
    capacity: str
    holder: str
    live: Place | None
    second: Place | None


class Found(NamedTuple):
    """The rows that differ."""

    balances: Sequence[BalanceRow]
    scores: Sequence[ScoreRow]
    places: Sequence[PlaceRow]


def explained(found: Found, first: FirstOtherwise) -> list[HolderDifference]:
    """Return what differs about each holder, in the order of their ids, and why."""
    of_holders: defaultdict[str, list[Difference]] = defaultdict(list)
    for balance in found.balances:
        of_holders[holder_of(balance.account)].append(_of_balance(balance, first))
    for score in found.scores:
        of_holders[score.holder] += _of_score(score, first)
    moved = _moved(found.places)
    for place in found.places:
        others = moved[place.period, place.capacity]
        of_holders[place.holder].append(_of_place(place, others, first))
    return [HolderDifference(holder, of_holders[holder]) for holder in sorted(of_holders)]


def _of_balance(row: BalanceRow, first: FirstOtherwise) -> Difference:
    otherwise = first.by_account.get(row.account)
    why = BY_HAND if otherwise is None else otherwise.text
    if otherwise is None:
        sides = (
            ("live", row.live, row.live_postings), ("second", row.second, row.second_postings),
        )  # fmt: skip
        for side, balance, postings in sides:
            if (balance or 0) != postings:
                why = (
                    f"no record: the {side} one is not the sum of its postings, {_points(postings)}"
                )
    return Difference(
        f"balance {row.account}", _points(row.live), _points(row.second), why, _seq(otherwise)
    )


def _of_score(row: ScoreRow, first: FirstOtherwise) -> Iterable[Difference]:
    otherwise = first.by_holder.get(row.holder)
    why = BY_HAND if otherwise is None else otherwise.text
    for column, (live, second) in row.columns.items():
        shown = (_figure(live), _figure(second))
        yield Difference(f"{column} {row.quarter} {row.capacity}", *shown, why, _seq(otherwise))


def _of_place(row: PlaceRow, moved: Sequence[PlaceRow], first: FirstOtherwise) -> Difference:
    what = f"rank {row.period} {row.capacity}"
    live, second = (None if one is None else one.text for one in (row.live, row.second))
    own = row.live is None or row.second is None or row.live.score != row.second.score
    if own or (row.live and row.second and row.live.unit != row.second.unit):
        otherwise = first.by_holder.get(row.holder)
        about = "" if otherwise is None else f", {otherwise.text}"
        return Difference(what, live, second, f"its own score or home{about}", _seq(otherwise))
    assert row.live is not None
    passed = [one for one in moved if _passes(one, row.live.score)]
    named = passed[:OVERTAKERS_NAMED]
    more = f" and {len(passed) - len(named)} more" if len(passed) > len(named) else ""
    why = f"the place of {', '.join(one.holder for one in named)}{more}"
    explaining = [first.by_holder[one.holder] for one in named if one.holder in first.by_holder]
    earliest = min(explaining, key=lambda one: one.seq, default=None)
    about = "" if earliest is None else f", {earliest.text}"
    return Difference(what, live, second, f"{why}{about}", _seq(earliest))


def _moved(places: Iterable[PlaceRow]) -> Mapping[tuple[str, str], list[PlaceRow]]:
    """Return by board whose own score or home differs: they move the others."""
    found: defaultdict[tuple[str, str], list[PlaceRow]] = defaultdict(list)
    for one in places:
        before, after = one.live, one.second
        if before is None or after is None or before[:2] != after[:2]:
            found[one.period, one.capacity].append(one)
    return found


def _passes(other: PlaceRow, score: int) -> bool:
    """Tell whether the other is above the score in one generation only, or came from elsewhere."""
    above = [one is not None and one.score > score for one in (other.live, other.second)]
    units = {None if one is None else one.unit for one in (other.live, other.second)}
    return above[0] != above[1] or len(units) > 1


def _points(tenths: int | None) -> str | None:
    return None if tenths is None else format_points(tenths)


def _figure(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None if value is None else str(value).lower()
    return format_points(value) if isinstance(value, int) else str(value)


def _seq(otherwise: Otherwise | None) -> int | None:
    return None if otherwise is None else otherwise.seq
