"""Registers on a day: what was in force on it, as it is known by now or was known then."""

import pytest

from tests.integration.reading import Asking
from tests.integration.year_told import ask
from tests.support import builders as build
from tests.support.board_world import QUARTER
from tests.support.moments_world import year
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, COMMITTEE

__all__ = ["ask"]

# The module's ledger outlives its tests, which therefore share its loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_FOUND = (404, "not_found")


async def test_an_award_is_on_the_register_of_the_days_on_which_it_was_held(ask: Asking) -> None:
    """Granted for the time from 1 August on by a record of the 20th, revoked on 24 October."""
    days = ("2023-07-31", "2023-08-01", "2023-10-23", "2023-10-24")
    by_day = [
        [one["award"] for one in (await ask.get("/awards", as_of=day))["entries"]] for day in days
    ]
    own = await ask.get(f"/members/{ANNA}/awards", as_of="2023-10-23")
    early = await ask.get(f"/members/{ANNA}/awards", as_of="2023-07-31")

    assert by_day == [[], ["aw-1"], ["aw-2", "aw-1"], ["aw-2"]]
    assert [one["held"] for one in own["entries"]] == [True]
    assert early["entries"] == []


async def test_a_veto_is_in_force_by_the_day(ask: Asking) -> None:
    path = f"/members/{BO}/vetoes"
    found = [
        [one["state"] for one in (await ask.get(path, **moment))["entries"]]
        for moment in (
            {"as_of": "2023-09-19"},
            {"as_of": "2023-09-20"},
            {"as_of": "2023-09-20", "known_at": "2023-11-01T00:00:00Z"},
            {"as_of": "2023-09-20", "known_at": "2023-10-19T00:00:00Z"},
        )
    ]

    # It was annulled in the end.
    assert found == [[], ["annulled"], ["in_force"], []]


async def test_the_catalogue_of_a_day_is_by_the_office_held_on_it(ask: Asking) -> None:
    """The office ended on 15 August, as a record of 21 October says."""
    path = f"/members/{COMMITTEE}/catalogue"
    moments: tuple[dict[str, str], ...] = (
        {"as_of": "2023-08-14"},
        {"as_of": "2023-08-15"},
        {"on": "2023-08-15"},
        {"as_of": "2023-08-15", "known_at": "2023-10-20T00:00:00Z"},
    )
    found = [(await ask.get(path, **moment))["capacities"] for moment in moments]
    twice = await ask.code(path, on="2023-08-15", as_of="2023-08-15")

    both, plain = ["committee", "member"], ["member"]
    assert found == [both, plain, plain, both]
    assert twice == (422, "query_invalid")


async def test_whoever_was_registered_later_is_not_counted_on_the_day(ask: Asking) -> None:
    async def station(**moment: str) -> list[tuple[int, int, int]]:
        answer = await ask.get("/registrations", channel="station-7", **moment)
        names = ("registered", "members", "applicants")
        return [tuple(one[name] for name in names) for one in answer["channels"]]

    found = [await station(as_of=day) for day in ("2023-10-19", "2023-10-20", "2024-01-10")]

    assert found == [[], [(1, 0, 1)], [(1, 1, 0)]]


async def test_facts_are_missing_once_their_period_is_over(ask: Asking) -> None:
    path = f"/branches/{BRANCH_Y}/quarters/{QUARTER}/missing-facts"
    days = ("2023-07-30", "2023-07-31", "2023-09-29", "2023-09-30")
    found = [{one["period"] for one in (await ask.get(path, as_of=day))["missing"]} for day in days]
    whole = await ask.get(path)
    dues = [(await ask.get(path, as_of=day))["due"] for day in days]

    assert found == [
        set(),
        {"2023-07"},
        {"2023-07", "2023-08"},
        {"2023-07", "2023-08", "2023-09"},
    ]
    assert dues[0] == 0 < dues[1] < dues[2] < dues[3] == whole["due"]


async def test_a_claim_no_longer_fits_from_the_correction_on(ask: Asking) -> None:
    """The duties of August and September were done by somebody who held no office any more."""
    path = f"/units/{BRANCH_X}/unfit-claims"

    async def listed(**moment: str) -> set[str]:
        answer = await ask.get(path, period="2023", **moment)
        return {one["claim"][-7:] for one in answer["claims"]}

    known = "2023-10-21T00:00:00Z"
    found = [await listed(), await listed(as_of="2023-08-31"), await listed(known_at=known)]

    assert found == [{"2023-08", "2023-09"}, {"2023-08"}, set()]


async def test_a_bulletin_tells_nothing_of_a_part_of_its_quarter(ask: Asking) -> None:
    own = f"/branches/{BRANCH_X}/bulletins"
    first = (await ask.get(f"{own}/{QUARTER}", revision=1))["content"]["upto_seq"] + 1
    within: dict[str, str] = {"as_of": "2023-09-29"}
    listed = [
        [one["revision"] for one in (await ask.get(own, **moment))["revisions"]]
        for moment in (
            within,
            {"as_of": "2023-09-30"},
            {"as_of": "2023-09-30", "known_at": str(first)},
        )
    ]
    sample = f"/branches/{BRANCH_X}/quarters/{QUARTER}/recheck"
    paths = (f"{own}/{QUARTER}", f"{own}/{QUARTER}/sheet", sample)
    refused = [await ask.code(path, **within) for path in paths]
    radar = await ask.code(f"/members/{ANNA}/radar", period=QUARTER, **within)

    assert listed == [[], [2, 1], [1]]
    assert (refused, radar) == ([NOT_FOUND] * 3, NOT_FOUND)


async def test_a_posting_is_there_once_its_deed_was_done_and_explained_as_it_was_made(
    ask: Asking,
) -> None:
    """Three snap reports of 12 July."""
    lines = await ask.get(f"/members/{ANNA}/statement", capacity="member", order="oldest")
    line = next(one for one in lines["entries"] if one["item"] == "D03")
    path = f"/explain/postings/{line['seq']}/{line['ordinal']}"
    now, then = await ask.get(path), await ask.get(path, as_of="2023-07-12")
    before = await ask.code(path, as_of="2023-07-11")

    assert (before, then) == (NOT_FOUND, now)


async def test_what_was_refused_by_then_is_counted(ask: Asking) -> None:
    size = len(build.world())
    then, now = await ask.get("/status", known_at=size), await ask.get("/status")

    assert (then["checkpoint"], then["stream_head"], then["lag"]) == (size, size, 0)
    assert sum(then["outcomes"].values()) == size
    assert sum(now["outcomes"].values()) == len(year())


async def test_nobody_took_part_in_a_deed_before_its_day(ask: Asking) -> None:
    path = f"/branches/{BRANCH_X}/deeds/d-open/attendance"
    before = await ask.code(path, as_of="2023-10-18")
    then = await ask.get(path, as_of="2023-10-19")

    assert before == NOT_FOUND
    assert [one["member"] for one in then["lines"] if one["claim"] == "c-open"] == [ANNA]
