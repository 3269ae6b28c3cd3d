"""Builders of offers and redemptions."""

from typing import Any

from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y
from tests.support.stored import Fields, event

SHOP = "urn:jifen:source:shop"
MEAL = "of-meal"
BADGE = "of-badge"
SPONSOR = BRANCH_Y


def offered(
    offer: str = MEAL,
    *,
    sponsor: str = SPONSOR,
    price: str = "5",
    stock: int = 10,
    per_member: int = 10,
    opens: str = "2023-01-01",
    closes: str = "2025-01-01",
    code_days: int = 30,
    recorded: str = "2023-07-01",
    **envelope: Any,
) -> bytes:
    data: Fields = {"offer": offer, "name_zh": "食堂套餐", "name_en": "Canteen meal"}
    data |= {"price": price, "stock": stock, "per_member": per_member}
    data |= {"opens": opens, "closes": closes, "code_days": code_days}
    return event("offer.listed", sponsor, data, time=recorded, source=SHOP, **envelope)


def reserved(
    redemption: str,
    member: str = ANNA,
    *,
    offer: str = MEAL,
    quantity: int = 1,
    price: str = "5",
    recorded: str = "2023-08-10",
    **envelope: Any,
) -> bytes:
    data: Fields = {"redemption": redemption, "offer": offer}
    data |= {"quantity": quantity, "price": price}
    return event("redemption.reserved", member, data, time=recorded, source=SHOP, **envelope)


def fulfilled(
    redemption: str, member: str = ANNA, *, recorded: str = "2023-08-12", by: str = BO, **more: Any
) -> bytes:
    data: Fields = {"redemption": redemption, "by": by}
    return event("redemption.fulfilled", member, data, time=recorded, source=SHOP, **more)


def cancelled(
    redemption: str,
    member: str = ANNA,
    *,
    why: str = "member",
    recorded: str = "2023-08-12",
    **envelope: Any,
) -> bytes:
    data: Fields = {"redemption": redemption, "why": why}
    return event("redemption.cancelled", member, data, time=recorded, source=SHOP, **envelope)


# What sponsors say at any time.
OFFERS: tuple[bytes, ...] = (
    offered(),
    offered(BADGE, price="0", stock=3, per_member=2),
    offered(recorded="2023-08-15", price="10"),
    offered(recorded="2023-08-20", stock=1),
    offered(recorded="2023-08-25", per_member=1, code_days=1),
    offered(recorded="2023-08-26", closes="2023-08-01"),
    offered(recorded="2023-08-27", closes="2022-08-01"),
    offered(recorded="2023-08-28", sponsor=BRANCH_X),
    offered(recorded="2023-08-29", sponsor="u-nowhere"),
)
