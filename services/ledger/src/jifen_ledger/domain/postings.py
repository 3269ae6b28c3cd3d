"""Postings: movements of points between accounts, netted and ordered as a record holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

REVERSED = "reversed"
REVERSED_INC = "reversed:inc"
SPENT = "spent"
EXPIRED = "expired"
BONUS_ITEM = "bonus"


def issue(item: str) -> str:
    """Return the source account of an item's assessment points."""
    return f"issue:{item}"


def issue_inc(item: str) -> str:
    """Return the source account of an item's incentive points."""
    return f"issue:{item}:inc"


def holder_account(holder: str, capacity: str) -> str:
    """Return the account of a holder's assessment points in one capacity."""
    return f"member:{holder}:{capacity}"


def pending_account(holder: str) -> str:
    """Return the account of what a holder has claimed and nobody has verified yet."""
    return f"member:{holder}:pending"


def wallet(holder: str) -> str:
    """Return the account of a holder's incentive points."""
    return f"wallet:{holder}"


def unit_of_points(account: str) -> str:
    """Return `inc` for accounts of incentive points, `pt` for those of assessment points."""
    inc = account.startswith("wallet:") or account.endswith(":inc")
    return "inc" if inc or account in (SPENT, EXPIRED) else "pt"


class Posting(NamedTuple):
    """One leg of a movement. `item`, `quarter`, `kind` are set on a holder's accounts only.

    They are always filled in here; `as_recorded` leaves out what the claim already says.
    """

    account: str
    delta: int
    item: str = ""
    quarter: str = ""
    kind: str = ""
    booked: str = ""

    def as_recorded(self, item: str, quarter: str) -> dict[str, object]:
        """Return the record's object; `item` and `quarter` are those of the record's claim."""
        posting: dict[str, object] = {"account": self.account, "delta": self.delta}
        if self.kind:
            posting["kind"] = self.kind
            if self.item != item:
                posting["item"] = self.item
            if self.quarter and self.quarter != quarter:
                posting["quarter"] = self.quarter
            if self.booked and self.booked != self.quarter:
                posting["booked"] = self.booked
        return posting


def _order(posting: Posting) -> tuple[bool, str, str, str, str]:
    return (posting.delta > 0, posting.account, posting.item, posting.quarter, posting.kind)


_NO_DETAILS = ("", "", "", "")


class Movements:
    """Collects the movements of one record; every movement is zero in sum."""

    __slots__ = ("_net",)

    def __init__(self) -> None:
        self._net: dict[tuple[str, str, str, str, str], int] = {}

    def move(
        self,
        source: str,
        target: str,
        tenths: int,
        *,
        item: str = "",
        quarter: str = "",
        kind: str = "",
        booked: str = "",
    ) -> None:
        """Move points from one account to another; the details go to the holder's leg."""
        net, details = self._net, (item, quarter, kind, booked)
        left = (source, *details) if _bears_details(source) else (source, *_NO_DETAILS)
        reached = (target, *details) if _bears_details(target) else (target, *_NO_DETAILS)
        net[left] = net.get(left, 0) - tenths
        net[reached] = net.get(reached, 0) + tenths

    def postings(self) -> tuple[Posting, ...]:
        """Return the net postings in the order of domain.md §5.1, zeros left out."""
        if not self._net:
            return ()
        net = [
            Posting(account, delta, item, quarter, kind, booked)
            for (account, item, quarter, kind, booked), delta in self._net.items()
            if delta
        ]
        net.sort(key=_order)
        return tuple(net)


def _bears_details(account: str) -> bool:
    if account.startswith("member:"):
        return not account.endswith(":pending")
    return account.startswith("wallet:")


def sum_of(postings: Iterable[Posting]) -> int:
    """Return the sum of the deltas."""
    total = 0
    for posting in postings:
        total += posting.delta
    return total
