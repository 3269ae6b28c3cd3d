"""Features of the acceptance list, each told through the doors and read from the ledger."""

from typing import Any

import pytest

from jifen_contracts.points import parse_points
from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.people import (
    BRANCH_X,
    CHEN,
    COMMITTEE,
    DORA,
    LEADER,
    PANEL_X,
    PANEL_Y,
    RECORDER,
    SECRETARY,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUARTER = "2023-Q3"
AREAS = ("三会一课", "组织生活", "党员示范", "人才强企", "班组建设")


async def verified(plant: Plant, *claims: bytes) -> list[Any]:
    """The outcome of each claim's verification."""
    lives = [build.decided(claim) for claim in claims]
    outcomes = await plant.recorded([event for life in lives for event in life])
    assert not any(one["code"] for one in outcomes), outcomes
    return outcomes[2::3]


async def newcomer(plant: Plant, name: str) -> str:
    """A member of branch X of whom nothing is known yet."""
    member = f"m-{name}"
    await plant.recorded([build.enrolled(member), build.assigned(member)])
    return member


async def effects(plant: Plant, holder: str, capacity: str) -> dict[str, str]:
    """What each claim brought the account, by claim."""
    page = await plant.get(f"/members/{holder}/statement", capacity=capacity, order="oldest")
    return {line["claim"]: line["delta"] for line in page["entries"]}


async def quarter_of(plant: Plant, holder: str, capacity: str = "member") -> Any:
    found = await plant.get(f"/members/{holder}/scores", year="2023")
    return next(
        one for one in found["quarters"] if (one["capacity"], one["quarter"]) == (capacity, QUARTER)
    )


async def test_a_post_held_from_the_tenth_earns_committee_points_from_the_tenth(
    plant: Plant,
) -> None:
    """F01."""
    both: dict[str, Any] = {"member": build.count(), "committee": build.count()}
    day_before = build.earned("c-f01-9", "D05", PANEL_X[1], on="2023-07-09", **both)
    same_day = build.earned("c-f01-10", "D05", PANEL_X[1], on="2023-07-10", **both)
    post = build.assigned(
        PANEL_X[1], "committee", BRANCH_X, since="2023-07-10", post="discipline",
        recorded="2023-07-08",
    )  # fmt: skip

    too_early, accepted = (await plant.recorded([post, day_before, same_day]))[1:]
    await plant.recorded(
        [
            build.preliminary("c-f01-10", PANEL_X[1], recorded="2023-07-20"),
            build.verified(
                "c-f01-10",
                PANEL_X[1],
                deciders=(PANEL_X[0], *PANEL_X[2:4]),
                recorded="2023-07-21",
            ),
        ]
    )

    assert (too_early["code"], accepted["status"]) == ("capacity_not_held", "posted")
    assert await effects(plant, PANEL_X[1], "committee") == {"c-f01-10": "0.5"}
    assert await effects(plant, PANEL_X[1], "member") == {"c-f01-10": "0.5"}


async def test_each_of_the_five_areas_has_an_item_that_earns_points(plant: Plant) -> None:
    """F02."""
    who = await newcomer(plant, "f02")
    claims = {
        "B01": build.fact("c-f02-b01", "B01", who),
        "B02": build.fact("c-f02-b02", "B02", who),
        "C01": build.fact("c-f02-c01", "C01", who),
        "C04": build.earned("c-f02-c04", "C04", who, member=build.tier("plant-1")),
        "C05": build.fact("c-f02-c05", "C05", who),
    }
    await verified(plant, *claims.values())
    version = (await plant.get("/scheme", "public"))["versions"][0]
    areas = {item["code"]: item["tags"] for item in version["document"]["items"]}

    assert [area for item in claims for area in areas[item]] == list(AREAS)
    assert await effects(plant, who, "member") == {
        "c-f02-b01": "4",
        "c-f02-b02": "3",
        "c-f02-c01": "3",
        "c-f02-c04": "3",
        "c-f02-c05": "2",
    }


async def test_only_a_quorum_of_a_valid_panel_turns_a_claim_into_points(plant: Plant) -> None:
    """F09."""
    claim = build.earned("c-f09", "D05", LEADER, member=build.count())
    steps = [
        build.preliminary("c-f09", LEADER, deciders=(LEADER,), recorded="2023-07-13"),
        build.preliminary("c-f09", LEADER, recorded="2023-07-14"),
        build.verified("c-f09", LEADER, deciders=(*PANEL_X[:2], LEADER), recorded="2023-07-15"),
        build.verified("c-f09", LEADER, deciders=PANEL_X[:2], recorded="2023-07-16"),
        build.panel(BRANCH_X, PANEL_X[:2] + PANEL_X[:1], name="pl-f09", since="2023-07-17"),
    ]

    outcomes = await plant.recorded([claim, *steps])
    before = (await plant.balances(LEADER))["member"]
    [last] = await plant.recorded([build.verified("c-f09", LEADER, recorded="2023-07-18")])

    assert [one["code"] for one in outcomes[1:]] == [
        "self_review",
        None,
        "self_review",
        "quorum_not_met",
        "panel_invalid",
    ]
    assert (before, last["status"], (await plant.balances(LEADER))["member"]) == (
        "0",
        "posted",
        "0.5",
    )


async def test_a_second_report_of_the_same_problem_earns_nothing_and_names_the_first(
    plant: Plant,
) -> None:
    """F52."""
    one, other = [await newcomer(plant, name) for name in ("f52-one", "f52-other")]
    first = build.earned("c-first", holder=one, deed="d-loose-cable")
    second = build.earned("c-second", holder=other, deed="d-loose-cable", on="2023-07-13")
    copy: dict[str, Any] = {
        "decision": "reject",
        "reason": "same_problem",
        "duplicate_of": "c-first",
    }
    await verified(plant, first)

    claimed, rejected, insisted = await plant.recorded(
        [
            second,
            build.preliminary(
                "c-second", other, deciders=(SPECIALIST,), recorded="2023-08-01", **copy
            ),
            build.verified("c-second", other, recorded="2023-08-02"),
        ]
    )
    claim = await plant.get("/claims/c-second")

    assert claimed["notices"] == ["near_duplicate"]
    assert (rejected["status"], insisted["code"]) == ("posted", "original_stands")
    assert (claim["state"], claim["duplicate_of"]) == ("rejected", "c-first")
    assert (await plant.balances(one))["wallet"] == "5"
    assert set((await plant.balances(other)).values()) == {"0"}

    back, again = await plant.recorded(
        [
            build.reversal("c-first", one, recorded="2023-08-20"),
            build.verified("c-second", other, recorded="2023-08-21"),
        ]
    )

    assert (back["status"], again["status"]) == ("posted", "posted")
    assert await plant.balances(other) == {
        "committee": "0",
        "member": "0.5",
        "pending": "0",
        "wallet": "5",
    }


async def test_no_movement_of_the_wallet_changes_an_assessment_score(plant: Plant) -> None:
    """F53, G2: beyond the month's cap a report pays into the wallet and nothing else."""
    who = await newcomer(plant, "f53")
    duties = [
        build.fact(f"c-f53-{item}-{month}".lower(), item, who, period=f"2023-{month}")
        for item in ("B01", "B02")
        for month in ("07", "08", "09")
    ]
    reports = [build.earned(f"c-f53-{day}", holder=who, on=f"2023-07-1{day}") for day in range(4)]
    await verified(plant, *duties, *reports[:3])
    scores = [await quarter_of(plant, who)]
    wallets = [(await plant.balances(who))["wallet"]]

    [beyond] = await verified(plant, reports[3])
    scores.append(await quarter_of(plant, who))
    wallets.append((await plant.balances(who))["wallet"])
    [freed] = await plant.recorded([build.reversal("c-f53-1", who, recorded="2023-10-20")])
    scores.append(await quarter_of(plant, who))
    wallets.append((await plant.balances(who))["wallet"])

    assert (beyond["notices"], freed["notices"]) == (["capped"], ["released"])
    assert wallets == ["15", "20", "15"]
    assert scores[0]["score"] == "81.5"
    assert scores == scores[:1] * 3


async def test_caps_give_the_same_whatever_the_order_of_decisions(plant: Plant) -> None:
    """X10, G3: two people, the same four reports, decided and reversed in opposite orders."""
    one, other = [await newcomer(plant, name) for name in ("x10-one", "x10-other")]
    lives = {
        who: [
            build.decided(build.earned(f"c-{who[2:]}-{day}", holder=who, on=f"2023-07-1{day}"))
            for day in range(4)
        ]
        for who in (one, other)
    }
    firsts = [event for life in lives.values() for steps in life for event in steps[:2]]
    late = {
        who: [build.reversal(f"c-{who[2:]}-{day}", who, recorded="2023-08-20") for day in (1, 2)]
        for who in lives
    }
    forward = [steps[2] for steps in lives[one]] + late[one]
    backward = [lives[other][2][2], late[other][1], lives[other][1][2], late[other][0]]
    backward += [lives[other][3][2], lives[other][0][2]]

    outcomes = await plant.recorded([*firsts, *forward, *backward])
    balances = [await plant.balances(who) for who in lives]
    sums = await plant.sums()

    assert not any(outcome["code"] for outcome in outcomes)
    assert balances == [{"committee": "0", "member": "1", "pending": "0", "wallet": "10"}] * 2
    assert [unit["sum"] for unit in sums["units"]] == ["0", "0"]


async def test_one_deed_under_two_items_counts_once_at_its_higher_value(plant: Plant) -> None:
    """X09."""
    hazard = build.earned("c-x09-a", "C09", CHEN, member=build.tier("general"), deed="d-x09")
    report = build.earned("c-x09-b", "D03", CHEN, deed="d-x09", on="2023-07-13")
    larger = build.earned(
        "c-x09-c", "C09", CHEN, member=build.tier("larger"), deed="d-x09-2", on="2023-08-14"
    )
    small = build.earned("c-x09-d", "D03", CHEN, deed="d-x09-2", on="2023-08-15")

    outcomes = await verified(plant, hazard, report, larger, small)

    assert [one["notices"] for one in outcomes] == [[], ["stacked"], [], ["stacked"]]
    assert await effects(plant, CHEN, "member") == {"c-x09-a": "0.5", "c-x09-c": "3"}


async def test_both_capacities_of_a_deed_move_together_forth_and_back(plant: Plant) -> None:
    """F23, G18."""
    both: dict[str, Any] = {"member": build.count(), "committee": build.count()}
    visit = build.earned("c-g18", "D05", COMMITTEE, **both)
    [decided] = await verified(plant, visit)
    there = await plant.balances(COMMITTEE)
    [undone] = await plant.recorded([build.reversal("c-g18", COMMITTEE)])
    back = await plant.balances(COMMITTEE)

    for outcome, delta in ((decided, "0.5"), (undone, "-0.5")):
        assert {
            leg["account"]: leg["delta"]
            for leg in outcome["postings"]
            if leg["account"].endswith((":member", ":committee"))
        } == dict.fromkeys((f"member:{COMMITTEE}:committee", f"member:{COMMITTEE}:member"), delta)
    assert [(one["committee"], one["member"]) for one in (there, back)] == [
        ("0.5", "0.5"),
        ("0", "0"),
    ]


async def test_the_deed_date_picks_the_version_and_changes_are_shown(plant: Plant) -> None:
    """G14 (first half), F04."""
    document = document_object(default_document())
    suggestion = next(item for item in document["items"] if item["code"] == "C10")
    suggestion["lines"]["member"]["tiers"][0]["value"] = "3"
    second = build.published(2, "2023-10-01", document=document, recorded="2023-09-20")
    who = await newcomer(plant, "g14")
    versions: dict[str, Any] = {"from": 1, "to": 2}
    told: dict[str, Any] = {"member": build.tier("adopted")}
    await plant.recorded([second])
    for name, day in (("c-old", "2023-09-28"), ("c-new", "2023-10-02")):
        life = [
            build.earned(name, "C10", who, on=day, **told),
            build.preliminary(name, who, deciders=(SPECIALIST,), recorded="2023-10-05"),
            build.verified(name, who, recorded="2023-10-06"),
        ]
        assert not any(one["code"] for one in await plant.recorded(life))
    claims = [await plant.get(f"/claims/{name}") for name in ("c-old", "c-new")]
    page = await plant.get(f"/members/{who}/statement", capacity="member", order="oldest")
    shown = await plant.get("/scheme/differences", **versions)

    assert [
        (line["claim"], line["delta"], line["quarter"], line["booked"]) for line in page["entries"]
    ] == [("c-old", "2", "2023-Q3", "2023-Q3"), ("c-new", "3", "2023-Q4", "2023-Q4")]
    assert [(one["change"], one["before"], one["after"]) for one in shown["changes"]] == [
        ("changed", "2", "3")
    ]
    assert [claim["version"] for claim in claims] == [1, 2]


async def test_the_people_of_the_deeds_branch_decide_and_the_secretary_goes_one_level_up(
    plant: Plant,
) -> None:
    """X08."""
    dora = build.earned("c-x08-dora", "D05", DORA, member=build.count())
    secretary = build.earned(
        "c-x08-sec", "D05", SECRETARY, member=build.count(), committee=build.count()
    )
    claims = [dora, secretary]
    steps = [
        build.preliminary("c-x08-dora", DORA, deciders=(RECORDER,), recorded="2023-07-14"),
        build.preliminary("c-x08-dora", DORA, deciders=(UPPER,), recorded="2023-07-15"),
        build.verified("c-x08-dora", DORA, recorded="2023-07-16"),
        build.verified("c-x08-dora", DORA, deciders=PANEL_Y[:2], recorded="2023-07-17"),
        build.preliminary("c-x08-sec", SECRETARY, recorded="2023-07-18"),
        build.verified("c-x08-sec", SECRETARY, recorded="2023-07-19"),
        build.verified("c-x08-sec", SECRETARY, deciders=(UPPER_TWO,), recorded="2023-07-20"),
    ]

    outcomes = await plant.recorded([*claims, *steps])

    assert [one["code"] for one in outcomes[2:]] == [
        "not_permitted",
        None,
        "not_permitted",
        None,
        None,
        "not_permitted",
        None,
    ]


async def test_the_sheet_has_all_items_and_party_and_business_work_make_the_whole(
    plant: Plant,
) -> None:
    """F04, F19."""
    who = await newcomer(plant, "f19")
    await verified(
        plant,
        build.fact("c-f19-a", "B01", who),
        build.fact("c-f19-b", "C01", who),
        build.fact("c-f19-c", "C08", who),
        build.earned("c-f19-d", holder=who),
    )
    sheet = await plant.get(f"/members/{who}/sheet", period=QUARTER)
    focus = {"party": 0, "business": 0, "party+business": 0}
    for item in sheet["items"]:
        focus[item["focus"]] += sum(parse_points(line["done"]) for line in item["lines"])

    assert len(sheet["items"]) == 31
    assert sorted({item["category"] for item in sheet["items"]}) == ["A", "B", "C", "D"]
    assert focus == {"party": 45, "business": 30, "party+business": 30}
    assert sum(focus.values()) == parse_points((await plant.balances(who))["member"])
