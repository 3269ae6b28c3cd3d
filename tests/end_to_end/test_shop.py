"""Incentive points that become goods: told by the shop through the doors, read by its people."""

import asyncio
from typing import Any

import pytest

from jifen_contracts.canonical import decode
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.people import ANNA
from tests.support.shop import cancelled, fulfilled, offered, reserved

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def told_by_the_shop(plant: Plant, *payloads: bytes) -> list[Any]:
    """What the shop itself reads of the outcomes of its events."""
    seqs = await plant.accepted(payloads, "shop")
    await plant.has_records(max(seqs))
    return [await own_outcome(plant, payload) for payload in payloads]


async def own_outcome(plant: Plant, payload: bytes) -> Any:
    event = decode(payload)
    return await plant.get("/outcomes", "shop", source=event["source"], id=event["id"])


async def reports(plant: Plant, *names: str) -> None:
    """Snap reports of Anna's, worth five incentive points each."""
    claims = [build.earned(f"c-{name}", deed=f"d-{name}") for name in names]
    outcomes = await plant.recorded([step for claim in claims for step in build.decided(claim)])
    assert not any(one["code"] for one in outcomes), outcomes


async def quarters(plant: Plant) -> Any:
    return (await plant.get(f"/members/{ANNA}/scores", "self", year="2023"))["quarters"]


async def test_two_phones_cannot_spend_the_same_points(plant: Plant) -> None:
    """F54, E59."""
    await reports(plant, "f54-one", "f54-two")
    await told_by_the_shop(plant, offered(price="10", per_member=3))
    phones = [reserved(f"rd-phone-{number}", price="10") for number in (1, 2)]

    await asyncio.gather(
        plant.send_one(phones[0], "http", "shop"), plant.send_one(phones[1], "nats", "shop")
    )
    await plant.caught_up()
    outcomes = [await own_outcome(plant, phone) for phone in phones]
    wallet = await plant.get(f"/members/{ANNA}/wallet", "self")

    assert sorted((one["status"], one["code"]) for one in outcomes) == [
        ("recorded", None),
        ("refused", "insufficient_points"),
    ]
    assert [one["points"] for one in wallet["redemptions"]] == ["10"]
    assert (wallet["held"], len(wallet["lots"])) == ("10", 2)


async def test_goods_are_handed_over_for_a_code_and_no_score_changes(plant: Plant) -> None:
    """F53, F54, X19."""
    await reports(plant, "f53-one")
    before = await quarters(plant)
    await told_by_the_shop(plant, offered("of-soap", stock=1), reserved("rd-soap", offer="of-soap"))
    code = await plant.get("/redemptions/rd-soap", "shop")
    sold_out = await plant.get("/offers", "public", state="all")
    spent, again, late = await told_by_the_shop(
        plant,
        fulfilled("rd-soap"),
        reserved("rd-soap-2", offer="of-soap"),
        cancelled("rd-soap", recorded="2023-08-13"),
    )
    totals = await plant.get("/wallets/totals", "public")

    assert (code["member"], code["state"], code["lots"]) == (ANNA, "open", None)
    assert {one["offer"]: one["stock_left"] for one in sold_out["offers"]}["of-soap"] == 0
    # The shop learns whether its events took effect, and nothing of the points behind them.
    assert (spent["status"], spent["postings"]) == ("posted", [])
    assert (again["code"], late["code"]) == ("out_of_stock", "wrong_state")
    assert totals["spent"] == "5"
    assert await quarters(plant) == before
    assert (await plant.sums())["units"][1]["sum"] == "0"
