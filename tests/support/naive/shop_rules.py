"""Offers and redemptions: what is accepted, told from the facts and the wallets alone."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from jifen_contracts.points import parse_points
from tests.support.naive.facts import Fact, refuse_if
from tests.support.naive.registers import Registers
from tests.support.naive.wallet_book import Book, Day, Ended, Happening, Reserved


def offer_listed(registers: Registers, fact: Fact) -> None:
    data = fact["data"]
    before = [one for one in registers.said("offer.listed") if _names(one, "offer", data["offer"])]
    is_others = any(one["subject"] != fact["subject"] for one in before)
    refuse_if(not registers.is_unit(fact["subject"]) or is_others, "unknown_unit")
    refuse_if(data["closes"] <= data["opens"], "dates_invalid")


def redeemed(
    registers: Registers, fact: Fact, at: Day, happenings: Sequence[Happening]
) -> Happening:
    if fact["type"] == "jifen.redemption.reserved.v1":
        return _reserved(registers, fact, at, happenings)
    return _ended(registers, fact, at)


def _reserved(
    registers: Registers, fact: Fact, at: Day, happenings: Sequence[Happening]
) -> Reserved:
    member, data = fact["subject"], fact["data"]
    refuse_if(not registers.is_open(member), "unknown_member")
    refuse_if(_reservation(registers, data["redemption"]), "already_exists")
    offer = _offer(registers, data["offer"])
    refuse_if(offer is None, "unknown_reference")
    assert offer is not None
    opens, closes = (date.fromisoformat(offer[name]) for name in ("opens", "closes"))
    refuse_if(not opens <= at.day < closes, "offer_closed")
    refuse_if(parse_points(data["price"]) != parse_points(offer["price"]), "price_changed")
    mine = [
        one["data"]["quantity"]
        for one in registers.said("redemption.reserved")
        if registers.identity(one["subject"]) == member
        and _names(one, "offer", data["offer"])
        and not _ends(registers, one["data"]["redemption"], "cancelled")
    ]
    refuse_if(sum(mine) + data["quantity"] > offer["per_member"], "limit_reached")
    refuse_if(_stock_left(registers, data["offer"]) < data["quantity"], "out_of_stock")
    book = Book.after(happenings)
    refuse_if(book.debts[member] > 0, "debt_outstanding")
    tenths = parse_points(offer["price"]) * data["quantity"]
    refuse_if(book.available(member, at.day) < tenths, "insufficient_points")
    return Reserved(at, member, data["redemption"], tenths)


def _ended(registers: Registers, fact: Fact, at: Day) -> Ended:
    data = fact["data"]
    is_fulfilled = fact["type"] == "jifen.redemption.fulfilled.v1"
    found = _reservation(registers, data["redemption"])
    is_mine = found and registers.identity(found["subject"]) == fact["subject"]
    refuse_if(not is_mine, "unknown_reference")
    assert found is not None
    ended = [_ends(registers, data["redemption"], how) for how in ("fulfilled", "cancelled")]
    refuse_if(any(ended), "wrong_state")
    is_late = at.day > _code_until(registers, found)
    refuse_if(is_fulfilled and is_late, "code_expired")
    refuse_if(data.get("why") == "code_expired" and not is_late, "wrong_state")
    return Ended(at, fact["subject"], data["redemption"], is_fulfilled)


def _names(fact: Fact, what: str, name: str) -> bool:
    return bool(fact["data"][what] == name)


def _offer(registers: Registers, name: str, before: Fact | None = None) -> Any:
    """The last listing of the offer, or the last one before a fact."""
    found = None
    for fact in registers.facts:
        if fact is before:
            break
        if fact["type"] == "jifen.offer.listed.v1" and _names(fact, "offer", name):
            found = fact["data"]
    return found


def _reservation(registers: Registers, name: str) -> Fact | None:
    said = registers.said("redemption.reserved")
    return next((fact for fact in said if _names(fact, "redemption", name)), None)


def _ends(registers: Registers, redemption: str, how: str) -> bool:
    said = registers.said(f"redemption.{how}")
    return any(_names(fact, "redemption", redemption) for fact in said)


def _code_until(registers: Registers, reservation: Fact) -> date:
    offer = _offer(registers, reservation["data"]["offer"], before=reservation)
    day = registers.local_day(reservation["recordedtime"])
    return day + timedelta(days=offer["code_days"])


def _stock_left(registers: Registers, offer: str) -> int:
    """What the sponsor last said, less what was handed over since and what is reserved."""
    stock, waiting = 0, dict[str, int]()
    for fact in registers.facts:
        data = fact["data"]
        match fact["type"]:
            case "jifen.offer.listed.v1" if _names(fact, "offer", offer):
                stock = data["stock"]
            case "jifen.redemption.reserved.v1" if _names(fact, "offer", offer):
                waiting[data["redemption"]] = data["quantity"]
            case "jifen.redemption.fulfilled.v1":
                stock = max(0, stock - waiting.pop(data["redemption"], 0))
            case "jifen.redemption.cancelled.v1":
                waiting.pop(data["redemption"], None)
            case _:
                pass
    return stock - sum(waiting.values())
