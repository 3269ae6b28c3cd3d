"""Outcomes, records, claims and explanations over HTTP."""

from pathlib import Path
from typing import Any

from jifen_contracts.canonical import decode
from jifen_contracts.points import parse_points
from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.people import (
    ANNA,
    BRANCH_X,
    BRANCH_Y,
    COMMITTEE,
    QUORUM,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import published_quarter


def snap_reports(number: int = 4) -> list[bytes]:
    return [
        one
        for n in range(1, number + 1)
        for one in build.decided(build.earned(f"c-{n}", on=f"2023-07-0{n}"))
    ]


async def outcome(ask: Asking, payload: bytes) -> Any:
    return await ask.get("/outcomes", source=build.SOURCE, id=decode(payload)["id"])


async def test_an_outcome_names_its_code_and_what_the_code_means(
    database_url: str, tmp_path: Path
) -> None:
    twice = build.earned("c-other", deed="deed-c-1")
    payloads = [*build.world(), build.earned("c-1"), twice]
    async with reading(database_url, tmp_path, payloads) as ask:
        found = await outcome(ask, twice)

    assert (found["seq"], found["status"], found["code"], found["postings"]) == (
        len(payloads),
        "refused",
        "duplicate_deed",
        [],
    )
    assert found["meaning"] == "The holder has a live claim for this deed and item."


async def test_an_outcome_lists_the_later_records_of_the_same_event(
    database_url: str, tmp_path: Path
) -> None:
    first = build.earned("c-1", id="e-1")
    conflict = build.earned("c-2", holder=COMMITTEE, id="e-1")
    payloads = [*build.world(), first, build.earned("c-3", on="2023-07-13"), first, conflict]
    seq = len(payloads) - 3
    async with reading(database_url, tmp_path, payloads) as ask:
        found = await outcome(ask, first)

    assert (found["seq"], found["status"]) == (seq, "posted")
    assert [(one["seq"], one["status"], one["code"]) for one in found["later"]] == [
        (seq + 2, "duplicate", None),
        (seq + 3, "refused", "conflicting_duplicate"),
    ]


async def test_a_record_is_served_as_the_bytes_of_the_log(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), build.earned("c-1")]
    async with reading(database_url, tmp_path, payloads) as ask:
        response = await ask.answer(f"/records/{len(payloads)}", "self")

    assert response.content.startswith(b'{"event":' + payloads[-1] + b',"outcome":')
    assert response.headers["content-type"] == "application/json"


async def test_claimed_preliminary_and_verified_stay_side_by_side(
    database_url: str, tmp_path: Path
) -> None:
    claimed = build.earned("c-1", "D04", member=build.count(4), counterpart=[SPECIALIST])
    lower = {"member": build.count(3)}
    payloads = [
        *build.world(),
        claimed,
        build.preliminary("c-1", deciders=(SPECIALIST,), recorded="2023-07-20"),
        build.verified("c-1", recorded="2023-07-21", measure=lower, reason="list_shows_less"),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        found = await ask.get("/claims/c-1", "self")

    stages = [found[name] for name in ("claimed", "preliminary", "verified")]
    assert [(one["points"], one["measure"]) for one in stages] == [
        ({"member": "2"}, {"member": {"count": 4}}),
        ({"member": "2"}, {"member": {"count": 4}}),
        ({"member": "1.5"}, {"member": {"count": 3}}),
    ]
    assert (stages[2]["deciders"], stages[2]["reason"]) == (list(QUORUM), "list_shows_less")
    assert (found["state"], found["overdue"]) == ("verified", False)


async def test_a_claim_past_its_deadline_is_shown_as_overdue_and_a_forgotten_one_as_lapsed(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        build.earned("c-1"),
        build.earned("c-2", on="2023-07-13"),
        build.returned("c-2", deciders=(SPECIALIST,), recorded="2023-07-14"),
        build.earned("c-3", on="2023-07-14", recorded="2023-08-21"),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        late, forgotten, came_late = [
            await ask.get(f"/claims/{claim}") for claim in ("c-1", "c-2", "c-3")
        ]

    assert (late["state"], late["overdue_since"]) == ("claimed", "2023-08-07")
    # What came after its month had closed is due with the month in which it came.
    assert (came_late["state"], came_late["overdue_since"]) == ("claimed", "2023-09-06")
    assert (forgotten["state"], forgotten["until"]) == ("lapsed", "2023-07-21")


async def test_an_adjustment_is_explained_with_the_branch_that_lists_it(
    database_url: str, tmp_path: Path
) -> None:
    """A place in June, decided last, takes back what the better one of September had brought."""
    contest: dict[str, Any] = {"group": "welding"}
    payloads = [
        *build.world(),
        build.assigned(ANNA, "member", BRANCH_X, to="2023-07-01"),
        build.assigned(ANNA, "member", BRANCH_Y, since="2023-07-01", assignment="as-moved"),
    ]
    for claim, key, on in (("c-2", "company-2", "2023-09-10"), ("c-1", "plant-1", "2023-06-10")):
        payloads.append(
            build.earned(claim, "C04", member=build.tier(key), on=on, recorded=on, **contest)
        )
        payloads.append(build.preliminary(claim, deciders=(UPPER_TWO,), recorded="2023-10-02"))
        if claim == "c-2":
            payloads.append(build.verified(claim, deciders=(UPPER,), recorded="2023-10-03"))
    payloads += published_quarter("2023-Q3", BRANCH_Y, also=[ANNA])
    payloads.append(build.verified("c-1", deciders=(UPPER,), recorded="2023-10-11"))
    async with reading(database_url, tmp_path, payloads) as ask:
        own = [
            await ask.get(f"/explain/postings/{len(payloads)}/{line['ordinal']}")
            for line in (await ask.get(f"/members/{ANNA}/statement", capacity="member"))["entries"]
            if line["seq"] == len(payloads)
        ]

    assert [(one["quarter"], one["booked"], one["branch"], one["listed_by"]) for one in own] == [
        ("2023-Q2", "2023-Q2", BRANCH_X, None),
        ("2023-Q3", "2023-Q4", BRANCH_X, BRANCH_Y),
    ]


async def test_a_posting_is_explained_with_everything_behind_it(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), *snap_reports(3)]
    async with reading(database_url, tmp_path, payloads) as ask:
        statement = await ask.get(f"/members/{ANNA}/statement", capacity="member", limit=1)
        entry = statement["entries"][0]
        found = await ask.get(f"/explain/postings/{entry['seq']}/{entry['ordinal']}", "self")

    trace = found.pop("trace")
    assert found.pop("catalogue")
    assert found == {
        "event": {
            "seq": len(payloads),
            "source": build.SOURCE,
            "id": decode(payloads[-1])["id"],
            "type": "jifen.points.reviewed.v1",
            "recorded_at": entry["recorded_at"],
        },
        "ordinal": 2,
        "account": f"member:{ANNA}:member",
        "unit": "pt",
        "delta": "0.5",
        "kind": "award",
        "claim": "c-3",
        "claim_item": "D03",
        "deed": "deed-c-3",
        "group": None,
        "project": None,
        "counterpart": [],
        "holder": ANNA,
        "capacity": "member",
        "item": "D03",
        "item_name_zh": "随手拍",
        "item_name_en": "Snap report",
        "version": 1,
        "branch": "u-x",
        "deed_date": "2023-07-03",
        "quarter": "2023-Q3",
        "booked": "2023-Q3",
        "adjustment": False,
        "listed_by": None,
        "preliminary_deciders": [SPECIALIST],
        "deciders": list(QUORUM),
    }
    assert (trace["before"], trace["after"], trace["delta"]) == ("1", "1.5", "0.5")
    assert [one["step"] for one in trace["steps"]] == [*["stack"] * 3, "month", "quarter", "year"]
    assert trace["steps"][3]["en"] == (
        "The month 2023-07 adds up to 1.5; its cap is 1.5, so 1.5 counts."
        " Before this record it was 1."
    )


async def test_a_score_is_explained_down_to_its_claims(database_url: str, tmp_path: Path) -> None:
    payloads = [
        *build.world(),
        *snap_reports(4),
        *build.decided(build.fact("c-5", required=3, done=2)),
        *build.decided(build.deduction("c-6")),
    ]
    question = {"holder": ANNA, "capacity": "member", "period": "2023-Q3"}
    async with reading(database_url, tmp_path, payloads) as ask:
        found = await ask.get("/explain/figures", "self", **question)
        balance = await ask.get(f"/members/{ANNA}/balance", "self")

    [quarter] = found["quarters"]
    assert {one["name"]: one["value"] for one in quarter["terms"]} == {
        "base": "40.5",
        "bonus": "1.5",
        "reserve": "18",
        "score": None,
    }
    assert [(one["item"], one["points"], len(one["claims"])) for one in quarter["items"]] == [
        ("B01", "2.7", 1),
        ("B06", "-2", 1),
        ("D03", "1.5", 4),
    ]
    parts = sum(parse_points(one["points"]) for one in quarter["items"])
    totals = {one["capacity"]: one["balance"] for one in balance["accounts"]}
    assert parts == parse_points(totals["member"])


async def test_the_sheet_has_every_item_with_what_the_caps_leave(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        *snap_reports(2),
        *build.decided(build.fact("c-5", required=3, done=2)),
        build.earned("c-7", on="2023-08-02"),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        found = await ask.get(f"/members/{ANNA}/sheet", "self", period="2023-Q3")

    items = {one["code"]: one for one in found["items"]}
    [snap], [meetings] = items["D03"]["lines"], items["B01"]["lines"]
    assert len(items) == 31
    assert (snap["done"], snap["quarter_cap"], snap["left_quarter"]) == ("1", "3", "2")
    assert (snap["claims_verified"], snap["claims_open"]) == (2, 1)
    assert (meetings["done"], meetings["most"], meetings["applicable"]) == ("2.7", "12", "4")


async def test_two_committee_members_with_different_posts_have_their_own_sheets(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, build.world()) as ask:
        sheets = [
            await ask.get(f"/members/{person}/sheet", period="2023-Q3")
            for person in (COMMITTEE, "m-secretary")
        ]

    discipline, secretary = ([one["code"] for one in sheet["items"]] for sheet in sheets)
    assert discipline == secretary
    assert sheets[0]["posts"] != sheets[1]["posts"]
