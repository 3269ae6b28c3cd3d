"""Wallets, redemptions and offers as they are read, now and as they were known."""

from pathlib import Path
from typing import Any

from jifen_contracts.canonical import decode
from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.organisation import published
from tests.support.people import ANNA, BO, SPECIALIST
from tests.support.shop import MEAL, SPONSOR, cancelled, fulfilled, offered, reserved

AUGUST = "2023-08-20T10:00:00.000+08:00"
DECEMBER = "2023-12-24T10:00:00.000+08:00"
NEW_YEAR = "2024-01-01T00:00:00.000+08:00"
ITEM = {"item": "D03", "item_name_zh": "随手拍", "item_name_en": "Snap report"}


def report(number: int, holder: str = ANNA, posted: str = "2023-08-08") -> list[bytes]:
    """Five incentive points."""
    claim = f"c-{number}"
    return [
        build.earned(claim, holder=holder, on=f"2023-07-{number:02}"),
        build.preliminary(claim, holder, deciders=(SPECIALIST,), recorded=posted),
        build.verified(claim, holder, recorded=posted),
    ]


def history() -> list[bytes]:
    return [
        *build.world(),
        *report(1),
        *report(2),
        *report(3, posted="2023-12-02"),
        offered(),
        offered("of-later", opens="2023-09-01", price="7.5", stock=3),
        reserved("rd-1", recorded="2023-12-03"),
        fulfilled("rd-1", recorded="2023-12-04"),
        reserved("rd-2", recorded="2023-12-20"),
    ]


async def test_f54_a_member_sees_what_can_be_used_and_until_when(
    database_url: str, tmp_path: Path
) -> None:
    payloads = history()
    async with reading(database_url, tmp_path, payloads, DECEMBER) as ask:
        found = await ask.get(f"/members/{ANNA}/wallet", "self")
        balances = (await ask.get(f"/members/{ANNA}/balance", "self"))["accounts"]

    lots, redemptions = found.pop("lots"), found.pop("redemptions")
    assert found == {
        "holder": ANNA,
        "size": len(payloads),
        "day": "2023-12-24",
        "balance": "10",
        "available": "5",
        "held": "5",
        "expired": "0",
        "debt": "0",
        "reminders": [],
    }
    assert [(one["claim"], one["left"], one["held"], one["expires"]) for one in lots] == [
        ("c-2", "5", "5", "2023-12-31"),
        ("c-3", "5", "0", "2024-03-31"),
    ]
    assert {key: lots[0][key] for key in ITEM} == ITEM
    assert [one["redemption"] for one in redemptions] == ["rd-2"]
    assert next(one["balance"] for one in balances if one["capacity"] == "wallet") == "10"


async def test_x20_points_that_expire_are_announced_thirty_and_seven_days_ahead(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), *report(1), *report(2), *report(3, posted="2023-12-02")]
    days = ("2023-11-30", "2023-12-01", "2023-12-23", "2023-12-24", "2023-12-31", "2024-03-01")
    found: dict[str, Any] = {}
    for number, day in enumerate(days):
        directory = tmp_path / str(number)
        directory.mkdir()
        async with reading(database_url, directory, payloads, f"{day}T10:00:00+08:00") as ask:
            found[day] = (await ask.get(f"/members/{ANNA}/wallet", "self"))["reminders"]

    def reminder(expires: str, days_left: int, when: int, points: str) -> dict[str, Any]:
        return {
            "expires": expires,
            "days_left": days_left,
            "reminder": when,
            "points": points,
        }

    assert found == {
        "2023-11-30": [],
        "2023-12-01": [reminder("2023-12-31", 30, 30, "10")],
        "2023-12-23": [reminder("2023-12-31", 8, 30, "10")],
        "2023-12-24": [reminder("2023-12-31", 7, 7, "10")],
        "2023-12-31": [reminder("2023-12-31", 0, 7, "10")],
        "2024-03-01": [reminder("2024-03-31", 30, 30, "5")],
    }


async def test_held_points_do_not_expire_with_their_lot(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history(), NEW_YEAR) as ask:
        found = await ask.get(f"/members/{ANNA}/wallet", "self")

    # What is held does not expire.
    assert (found["balance"], found["available"], found["held"]) == ("10", "5", "5")
    assert found["expired"] == "0"


async def test_an_expired_lot_is_shown_as_such(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, [*build.world(), *report(1)], NEW_YEAR) as ask:
        found = await ask.get(f"/members/{ANNA}/wallet", "self")

    sums = [found[name] for name in ("balance", "available", "expired", "debt")]
    assert sums == ["5", "0", "5", "0"]
    assert [lot["expired"] for lot in found["lots"]] == [True]


async def test_a_wallet_is_shown_as_it_was_known(database_url: str, tmp_path: Path) -> None:
    payloads = history()
    async with reading(database_url, tmp_path, payloads, NEW_YEAR) as ask:
        path = f"/members/{ANNA}/wallet"
        found = [
            await ask.get(path, "self", known_at=str(len(payloads) - back)) for back in (0, 2, 3, 6)
        ]
        wrong = await ask.code(path, "self", known_at=str(len(payloads) + 1))

    assert [(one["balance"], one["available"], one["held"]) for one in found] == [
        ("10", "5", "5"),
        ("15", "10", "5"),
        ("15", "15", "0"),
        ("10", "10", "0"),
    ]
    assert [one["day"] for one in found[:2]] == ["2023-12-20", "2023-12-03"]
    assert wrong == (422, "query_invalid")


async def test_totals_alone_are_for_the_upper_level(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history(), DECEMBER) as ask:
        found = await ask.get(f"/members/{ANNA}/wallet", "upper")

    assert (found["balance"], found["available"], found["held"]) == ("10", "5", "5")
    assert [found[name] for name in ("lots", "reminders", "redemptions")] == [None] * 3


async def test_the_shop_sees_the_code_and_not_the_wallet(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history(), DECEMBER) as ask:
        code = await ask.get("/redemptions/rd-2", "shop")
        own = await ask.get("/redemptions/rd-2", "self")
        spent = await ask.get("/redemptions/rd-1", "shop")
        missing = {who: await ask.code("/redemptions/rd-9", who) for who in ("shop", "self")}
        closed = {
            path: await ask.code(path, "shop")
            for path in (
                f"/members/{ANNA}/wallet",
                f"/members/{ANNA}/balance",
                f"/directory/{ANNA}",
                "/trial-balance",
                f"/members/{SPONSOR}/balance",
            )
        }

    assert code == {
        "redemption": "rd-2",
        "seq": code["seq"],
        "member": ANNA,
        "offer": MEAL,
        "offer_name_zh": "食堂套餐",
        "offer_name_en": "Canteen meal",
        "sponsor": SPONSOR,
        "quantity": 1,
        "price": "5",
        "points": "5",
        "reserved_on": "2023-12-20",
        "code_until": "2024-01-19",
        "code_valid": True,
        "state": "open",
        "why": None,
        "by": None,
        "lots": None,
    }
    assert [(lot["claim"], lot["points"]) for lot in own["lots"]] == [("c-2", "5")]
    assert (spent["state"], spent["code_valid"], spent["by"]) == ("fulfilled", False, BO)
    assert missing == {"shop": (404, "not_found"), "self": (403, "forbidden")}
    assert set(closed.values()) == {(403, "forbidden")}


async def test_a_shop_learns_that_its_event_was_refused_and_nothing_of_the_points(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*history(), reserved("rd-3", quantity=9, recorded="2023-12-21")]
    query: Any = {"source": "urn:jifen:source:shop"}
    ids = [str(decode(payloads[place])["id"]) for place in (-1, -3)]
    async with reading(database_url, tmp_path, payloads, DECEMBER) as ask:
        refusal, spent = [await ask.get("/outcomes", "shop", **query, id=one) for one in ids]

    assert (refusal["status"], refusal["code"]) == ("refused", "limit_reached")
    assert (spent["status"], spent["postings"]) == ("posted", [])


async def test_redemptions_come_newest_first_on_pages(database_url: str, tmp_path: Path) -> None:
    payloads = [*history(), cancelled("rd-2", recorded="2023-12-21")]
    path = f"/members/{ANNA}/redemptions"
    async with reading(database_url, tmp_path, payloads, DECEMBER) as ask:
        first = await ask.get(path, "self", limit=1)
        second = await ask.get(path, "self", limit=1, cursor=first["next"])
        earlier = await ask.get(path, "self", known_at=str(len(payloads) - 3))
        wrong = await ask.code(path, "self", cursor="AAAA")

    pages = [first["redemptions"], second["redemptions"], earlier["redemptions"]]
    assert [[(one["redemption"], one["state"]) for one in page] for page in pages] == [
        [("rd-2", "cancelled")],
        [("rd-1", "fulfilled")],
        [("rd-1", "open")],
    ]
    assert (second["next"], wrong) == (None, (422, "query_invalid"))


async def test_x19_offers_show_their_price_and_what_is_left(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history(), AUGUST) as ask:
        found = await ask.get("/offers", "public")
        every = await ask.get("/offers", "public", state="all", limit=1)
        rest = await ask.get("/offers", "public", state="all", limit=1, cursor=every["next"])

    assert found == {
        "day": "2023-08-20",
        "offers": [
            {
                "offer": MEAL,
                "sponsor": SPONSOR,
                "name_zh": "食堂套餐",
                "name_en": "Canteen meal",
                "price": "5",
                "stock_left": 8,
                "per_member": 10,
                "opens": "2023-01-01",
                "closes": "2025-01-01",
                "code_days": 30,
                "open": True,
            }
        ],
        "next": None,
    }
    [later], [first] = every["offers"], rest["offers"]
    assert (later["offer"], later["price"], later["open"]) == ("of-later", "7.5", False)
    assert (first["offer"], rest["next"]) == (MEAL, None)


async def test_the_totals_of_all_wallets_say_what_is_left_of_the_budget(
    database_url: str, tmp_path: Path
) -> None:
    document = document_object(default_document()) | {"incentive": {"year_budget": "18"}}
    budget = published(2, "2023-04-01", document=document, retroactive="budget")
    payloads = [*build.world(), budget, *history()[len(build.world()) :], *report(4, BO)]
    async with reading(database_url, tmp_path, payloads, DECEMBER) as ask:
        found = await ask.get("/wallets/totals", "public")
        before = await ask.get("/wallets/totals", "public", known_at=str(len(build.world())))

    assert {key: found[key] for key in found if key not in ("size", "day")} == {
        "issued": "18",
        "in_wallets": "13",
        "spent": "5",
        "expired": "0",
        "reversed": "0",
        "held": "5",
        "debt": "0",
        "open_redemptions": 1,
        "budget": {"year": "2023", "budget": "18", "issued": "18", "left": "0"},
    }
    assert (before["issued"], before["budget"]["issued"]) == ("0", "0")


async def test_spent_and_expired_points_are_explained_by_their_lots(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        *report(1),
        *report(2),
        *report(3),
        offered(price="7"),
        reserved("rd-1", price="7"),
        fulfilled("rd-1"),
        *report(4, posted="2024-01-05"),
    ]
    spent, expired = len(payloads) - 3, len(payloads)
    async with reading(database_url, tmp_path, payloads, "2024-01-06T10:00:00+08:00") as ask:
        paths = (f"/explain/postings/{spent}/0", f"/explain/postings/{spent}/1")
        spending, sink = [await ask.get(path, "self") for path in paths]
        statement = await ask.get(f"/members/{ANNA}/statement", "self", capacity="wallet")
        ordinal = next(one["ordinal"] for one in statement["entries"] if one["kind"] == "expire")
        lapse = await ask.get(f"/explain/postings/{expired}/{ordinal}", "self")
        award = next(one for one in statement["entries"] if one["seq"] == expired and one["claim"])
        hidden = await ask.code(paths[0], "upper")

    assert (spending["kind"], spending["redemption"], spending["offer"]) == ("spend", "rd-1", MEAL)
    assert (spending["item"], spending["item_name_en"], spending["delta"]) == (
        "D03",
        "Snap report",
        "-7",
    )
    assert [(lot["claim"], lot["left_before"], lot["left"]) for lot in spending["lots"]] == [
        ("c-1", "5", "0"),
        ("c-2", "5", "3"),
    ]
    assert spending["lots"][1]["en"] == "2 of the points of claim c-2 were spent; 3 are left."
    assert (sink["account"], sink["lots"]) == ("spent", spending["lots"])
    assert [(lot["claim"], lot["left_before"], lot["zh"]) for lot in lapse["lots"]] == [
        ("c-2", "3", "c-2 的积分 3 于 2023-12-31 到期作废,余 0。"),
        ("c-3", "5", "c-3 的积分 5 于 2023-12-31 到期作废,余 0。"),
    ]
    assert award["claim"] == "c-4"
    assert hidden == (403, "forbidden")


async def test_an_award_cut_by_the_budget_is_explained_step_by_step(
    database_url: str, tmp_path: Path
) -> None:
    document = document_object(default_document()) | {"incentive": {"year_budget": "7"}}
    budget = published(2, "2023-04-01", document=document, retroactive="budget")
    payloads = [*build.world(), budget, *report(1), *report(2)]
    async with reading(database_url, tmp_path, payloads) as ask:
        statement = await ask.get(f"/members/{ANNA}/statement", "self", capacity="wallet")
        last = statement["entries"][0]
        found = await ask.get(f"/explain/postings/{last['seq']}/{last['ordinal']}", "self")

    trace = found["trace"]
    assert (found["delta"], trace["before"], trace["after"], trace["delta"]) == ("2", "5", "7", "2")
    assert trace["steps"][-1]["step"] == "budget"
    assert trace["steps"][-1]["en"].startswith(
        "The month 2023-07 has earned 10; the year's budget was used up, so 7 was issued."
    )
