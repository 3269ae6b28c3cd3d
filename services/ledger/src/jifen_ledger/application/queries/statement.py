"""An account's statement: every line of it, with the balance after the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.balances import (
    Account,
    BalanceReads,
    account_of,
    account_view,
)
from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.holders import Asked, item_names, known_holder
from jifen_ledger.application.queries.refusals import NotFound, QueryInvalid
from jifen_ledger.application.queries.rights import View, require

Order = Literal["newest", "oldest"]
# The last place that a posting can have in its record.
ORDINAL_MAX = 255
_BEFORE_ALL = (0, 0)
_AFTER_ALL = (2**53 - 1, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as the journal has it, with what it takes from its claim and record.

    An ordinal beyond ORDINAL_MAX is the place of a line that the record itself did not post.
    """

    seq: int
    ordinal: int
    delta: int
    kind: str | None
    item: str | None
    quarter: str | None
    booked: str | None
    claim: str | None
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines of an account: those beyond a place in one direction."""

    account: str
    newest_first: bool
    beyond: tuple[int, int]
    limit: int
    deductions: bool


class StatementReads(BalanceReads, Protocol):
    """What is asked of the postings."""

    async def lines(self, wanted: Lines) -> Sequence[Line]:
        """Return the lines in the order asked, at most `limit`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the statement; `balance` is the account's after it.

    With `as_of` the lines are those that the records would have left without the later deeds:
    where a later deed has taken the room under a cap, or given it back, a line differs from the
    posting, and `ordinal` is null where the record posted nothing for it.
    """

    seq: int
    ordinal: int | None
    account: str
    delta: str
    balance: str
    kind: str | None
    item: str | None
    item_name_zh: str | None
    item_name_en: str | None
    quarter: str | None
    booked: str | None
    claim: str | None
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of a statement. Where deductions are not shown, balances are without them."""

    holder: str
    capacity: Account
    account: str
    deductions_shown: bool
    entries: Sequence[Entry]
    next: str | None


async def statement_of(
    reads: StatementReads,
    asked: Asked,
    id_: str,
    capacity: Account,
    order: Order,
    limit: int,
    cursor: str | None,
) -> Statement:
    """Return a page of the statement. Raises NotFound, Forbidden, QueryInvalid.

    A cursor carries the balance at its place, so every page costs the same.
    """
    holder = await known_holder(reads, asked, id_)
    if (capacity == "unit") != holder.of_unit and capacity != "pending":
        raise NotFound("The holder has no such account.")
    # A wallet goes by recorded time: whoever asks for a day has asked at its end.
    assert capacity != "wallet" or asked.as_of is None
    view = await account_view(reads, asked, holder, capacity)
    require(allowed=view.value >= View.SHEET.value)
    account, newest_first = account_of(id_, capacity), order == "newest"
    if cursor is None:
        beyond = _AFTER_ALL if newest_first else _BEFORE_ALL
        balance = await _total(reads, id_, capacity, view) if newest_first else 0
    else:
        seq, ordinal, balance = _read(cursor, order, asked.moment)
        beyond = (seq, ordinal)
    found = await reads.lines(
        Lines(account, newest_first, beyond, limit + 1, deductions=view is View.EVERYTHING)
    )
    names = item_names(await reads.versions())
    entries = []
    for line in found[:limit]:
        balance += 0 if newest_first else line.delta
        name = None if line.item is None else names.get(line.item)
        entries.append(
            Entry(
                seq=line.seq,
                ordinal=line.ordinal if line.ordinal <= ORDINAL_MAX else None,
                account=account,
                delta=format_points(line.delta),
                balance=format_points(balance),
                kind=line.kind,
                item=line.item,
                item_name_zh=None if name is None else name.zh,
                item_name_en=None if name is None else name.en,
                quarter=line.quarter,
                booked=line.booked,
                claim=line.claim,
                recorded_at=line.recorded_at,
            )
        )
        balance -= line.delta if newest_first else 0
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = cursor_of(order, asked.moment, last.seq, last.ordinal, balance)
    return Statement(id_, capacity, account, view is View.EVERYTHING, entries, following)


async def _total(reads: StatementReads, id_: str, capacity: Account, view: View) -> int:
    account = account_of(id_, capacity)
    total = (await reads.balances([account])).get(account, 0)
    return total + (await reads.deductions(id_, capacity) if view is View.SHEET else 0)


def _read(cursor: str, order: Order, moment: str) -> tuple[int, int, int]:
    direction, of_moment, seq, ordinal, balance = read_cursor(cursor, str, str, int, int, int)
    if direction != order:
        raise QueryInvalid("The cursor belongs to the other order.")
    if of_moment != moment:
        raise QueryInvalid("The cursor belongs to another moment: repeat known_at and as_of.")
    assert isinstance(seq, int)
    assert isinstance(ordinal, int)
    assert isinstance(balance, int)
    return seq, ordinal, balance
