"""What people do in their trade: mentoring, suggestions, cards and pledges, and who comes home."""

from typing import Any

import pytest

from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.people import BRANCH_X, CHEN, COMMITTEE, LEADER
from tests.support.stored import told

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def decided(plant: Plant, claim: bytes) -> list[str | None]:
    """The codes of a claim and of its two reviews."""
    return [one["code"] for one in await plant.recorded(build.decided(claim))]


async def effects(plant: Plant, holder: str, capacity: str) -> dict[str, str]:
    """What each claim brought the account, by claim."""
    page = await plant.get(f"/members/{holder}/statement", capacity=capacity, order="oldest")
    return {line["claim"]: line["delta"] for line in page["entries"]}


async def test_f42_the_apprentice_confirms_and_points_stop_with_the_agreement(
    plant: Plant,
) -> None:
    agreement = build.assigned(LEADER, "mentor", BRANCH_X, of=[CHEN], to="2023-08-01")
    one: dict[str, Any] = {"member": build.tier("one-apprentice"), "counterpart": [CHEN]}
    july = build.earned("c-f42-july", "C03", LEADER, on="2023-07-31", **one)
    august = build.earned("c-f42-august", "C03", LEADER, on="2023-08-01", **one)
    unasked = build.preliminary("c-f42-july", LEADER, recorded="2023-07-31T12:00")

    first = await plant.recorded([agreement, july, august, unasked])
    codes = [one["code"] for one in first]
    reviews = [one["code"] for one in await plant.recorded(build.decided(july)[1:])]

    assert codes == [None, None, "pact_not_in_force", "not_permitted"]
    assert reviews == [None, None]
    assert await effects(plant, LEADER, "member") == {"c-f42-july": "1"}


async def test_f43_a_suggestion_earns_nothing_when_made_two_adopted_and_four_in_effect(
    plant: Plant,
) -> None:
    def suggested(claim: str, tier: str, on: str) -> bytes:
        both = {"member": build.tier(tier), "committee": build.tier(tier)}
        more: dict[str, Any] = {"group": "cabin", "on": on, **both}
        return build.earned(claim, "C10", COMMITTEE, **more)

    made = suggested("c-f43-made", "submitted", "2023-07-01")
    [refused] = await plant.recorded([made])
    adopted = await decided(plant, suggested("c-f43-adopted", "adopted", "2023-07-10"))
    after_adoption = await plant.balances(COMMITTEE)
    effective = await decided(plant, suggested("c-f43-effective", "effective", "2023-07-20"))

    assert (refused["code"], adopted + effective) == ("measure_invalid", [None] * 6)
    assert (after_adoption["member"], after_adoption["committee"]) == ("2", "2")
    assert await effects(plant, COMMITTEE, "member") == {
        "c-f43-adopted": "2",
        "c-f43-effective": "2",
    }
    assert (await plant.balances(COMMITTEE))["committee"] == "2"


async def test_f44_cards_are_monthly_the_pledge_counts_once_a_year_and_no_family_is_told_of(
    plant: Plant,
) -> None:
    """In the month of the pledge two things are due, in every other the card alone."""
    member = "m-f44"
    await plant.recorded([build.enrolled(member), build.assigned(member)])
    with_pledge = build.fact("c-f44-07", "C08", member, required=2, done=2, period="2023-07")
    card = build.fact("c-f44-08", "C08", member, period="2023-08")
    again = build.fact("c-f44-again", "C08", member, required=1, done=2, period="2023-09")
    twice = build.fact("c-f44-twice", "C08", member, period="2023-08")

    codes = [await decided(plant, fact) for fact in (with_pledge, card)]
    refused = [one["code"] for one in await plant.recorded([again, twice])]
    family = told(build.fact("c-f44-family", "C08", member, period="2023-09"), family="a son")
    answer = await plant.send_one(family)

    assert (codes, refused) == ([[None] * 3] * 2, ["measure_invalid", "duplicate_deed"])
    assert await effects(plant, member, "member") == {"c-f44-07": "3", "c-f44-08": "3"}
    assert (answer.status, answer.body["code"]) == (422, "schema_invalid")


async def test_f46_a_scanned_call_up_is_an_applicant_and_verified_later(plant: Plant) -> None:
    member = "m-f46"

    def scanned(on: str) -> bytes:
        return told(build.enrolled(member, "applicant", since=on, recorded=on), channel="station-7")

    first, home = scanned("2023-07-01"), build.assigned(member, since="2023-07-01")
    early, late = (
        build.earned(f"c-f46-{day}", "D05", member, on=f"2023-07-{day}") for day in ("05", "15")
    )
    full = build.enrolled(member, since="2023-07-10", recorded="2023-07-12")
    told_before = await plant.recorded([first, home, early, full])
    await plant.accepted([first])
    told_after = await plant.recorded([scanned("2023-07-14"), late])

    assert [one["code"] for one in told_before] == [None, None, "not_active", None]
    assert [one["code"] for one in told_after] == [None, None]
    assert (await plant.balances(member))["member"] == "0"
