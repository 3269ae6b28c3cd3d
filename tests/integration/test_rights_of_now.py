"""No earlier moment shows what the reader may not see now."""

from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.integration.reading import TODAY, reading
from tests.support import builders as build
from tests.support.boards import LATER, with_members
from tests.support.judgements import awarded, revoked
from tests.support.organisation import assigned, published
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, COMMITTEE, RECORDER, SPECIALIST

WORLD = len(build.world())


async def test_who_left_the_branch_is_not_seen_as_of_the_time_before(
    database_url: str, tmp_path: Path
) -> None:
    """Bo of branch X reads the committee of X, and has moved to Y since."""
    path = f"/members/{COMMITTEE}/sheet"
    query: dict[str, Any] = {"period": "2023-Q3"}
    moved = [
        assigned(BO, "member", BRANCH_X, to="2023-08-01", recorded="2023-08-02"),
        assigned(BO, "member", BRANCH_Y, since="2023-08-01", recorded="2023-08-02"),
    ]
    async with reading(database_url, tmp_path, [*build.world(), *moved], TODAY) as ask:
        found = [
            await ask.code(path, "branch", **query, **moment)
            for moment in ({}, {"known_at": str(WORLD)}, {"as_of": "2023-07-10"})
        ]

    assert found == [(403, "forbidden")] * 3


async def test_a_policy_that_closed_the_order_closes_it_for_the_past(
    database_url: str, tmp_path: Path
) -> None:
    open_, closed = (
        document_object(default_document()) | {"ranking": {"policy": {"member": policy}}}
        for policy in ("full", "off")
    )
    people = with_members([830, 900, 860, 850, 800], open_)
    later = published(2, "2023-07-01", document=closed, retroactive="closed", recorded="2023-12-01")
    board: dict[str, Any] = {"period": "2023-Q3", "capacity": "member", "scope": BRANCH_X}
    async with reading(database_url, tmp_path, [*people, later], LATER) as ask:
        now = await ask.get("/rankings", "branch", **board)
        then = await ask.code("/rankings", "branch", known_at=len(people), **board)
        sheet = await ask.code(
            "/members/m-x-1/sheet", "branch", period="2023-Q3", known_at=len(people)
        )
        upper = await ask.get("/rankings", known_at=len(people), **board)

    assert (now["policy"], now["entries"]) == ("off", [])
    assert (then, sheet) == ((403, "forbidden"), (403, "forbidden"))
    assert len(upper["entries"]) == 5


@pytest.mark.parametrize("moment", [{"known_at": str(WORLD + 90)}, {"as_of": "2023-08-31"}])
async def test_bands_are_of_now_only_for_stepping_through_them_would_tell_points(
    database_url: str, tmp_path: Path, moment: dict[str, str]
) -> None:
    people = with_members([830, 900, 860, 850, 800])
    board: dict[str, Any] = {"period": "2023-Q3", "capacity": "member", "scope": BRANCH_X}
    forbidden = (403, "forbidden")
    async with reading(database_url, tmp_path, people, LATER) as ask:
        ask.add_reader("own", "self", "m-x-1")
        assert await ask.code("/rankings", "branch", **board, **moment) == forbidden
        means = "/units/comparison?period=2023-Q3"
        assert await ask.code(means, "branch", **moment, period="2023-Q3") == forbidden
        others = "/members/m-x-2"
        assert await ask.code(f"{others}/scores", "branch", year="2023", **moment) == forbidden
        assert await ask.code(f"{others}/rank", "branch", **board, **moment) == forbidden
        own = await ask.answer("/members/m-x-1/rank", "own", params={**board, **moment})
        committee = await ask.answer(
            "/units/comparison",
            "branch",
            params={"period": "2023-Q3", "capacity": "committee"} | moment,
        )

    assert (own.status_code, committee.status_code) == (200, 200)


async def test_a_claim_nobody_had_verified_was_no_business_of_the_branch(
    database_url: str, tmp_path: Path
) -> None:
    """Verified it is seen with its points; what it was before stays a case of its reviewers."""
    payloads = [
        *build.world(),
        *build.decided(build.fact("c-1", "A02", COMMITTEE, capacity="committee")),
    ]
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        now = await ask.get("/claims/c-1", "branch")
        then = await ask.code("/claims/c-1", "branch", known_at=WORLD + 2)
        reviewer = await ask.get("/claims/c-1", "reviewer", known_at=WORLD + 2)

    assert (now["state"], then, reviewer["state"]) == (
        "verified",
        (403, "forbidden"),
        "preliminary",
    )


async def test_a_case_that_went_to_another_branch_is_not_shown_as_it_was(
    database_url: str, tmp_path: Path
) -> None:
    """Anna's claim was X's until her home was corrected; X's recorder has it no longer."""
    since = "2023-07-01"
    claim = build.earned("c-1")
    payloads = [
        *build.world(),
        claim,
        assigned(ANNA, "member", BRANCH_X, to=since, recorded="2023-07-20"),
        assigned(ANNA, "member", BRANCH_Y, since=since, recorded="2023-07-20"),
        build.preliminary("c-1", deciders=(SPECIALIST,)),
    ]
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        ask.add_reader("recorder", "reviewer", RECORDER)
        then = await ask.code("/claims/c-1", "recorder", known_at=WORLD + 1)
        upper = await ask.get("/claims/c-1", known_at=WORLD + 1)

    assert then == (403, "forbidden")
    assert (upper["branch"], upper["state"]) == (BRANCH_X, "claimed")


@pytest.mark.parametrize("moment", [{"known_at": "1"}, {"as_of": "2023-07-01"}])
async def test_the_public_sees_the_scheme_of_any_moment_and_nothing_else(
    database_url: str, tmp_path: Path, moment: dict[str, str]
) -> None:
    async with reading(database_url, tmp_path, build.world(), TODAY) as ask:
        scheme = await ask.answer("/scheme", "public", params=moment)
        board = await ask.answer(
            "/rankings", "public", params={"period": "2023", "capacity": "member", **moment}
        )

    assert (scheme.status_code, board.status_code) == (200, 403)


async def test_a_revoked_award_has_disappeared_from_every_earlier_moment(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), awarded(COMMITTEE), revoked(COMMITTEE)]
    moments: list[dict[str, str]] = [{"known_at": str(WORLD + 1)}, {"as_of": "2023-08-25"}]
    shown: dict[str, set[bool]] = {}
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        for who in ("branch", "staff", "reviewer", "upper"):
            answers = [
                (await ask.get(path, who, **moment))[part]
                for moment in moments
                for path, part in (
                    (f"/members/{COMMITTEE}/awards", "entries"),
                    ("/awards", "entries"),
                    (f"/members/{COMMITTEE}/timeline", "spans"),
                )
            ]
            shown[who] = {any("aw-1" in one.values() for one in found) for found in answers}

    assert shown == {"branch": {False}, "staff": {False}, "reviewer": {True}, "upper": {True}}


async def test_a_case_of_another_branch_by_now_is_in_no_list_of_the_former_one(
    database_url: str, tmp_path: Path
) -> None:
    """Anna's home was corrected after she had filed a claim, and its review found that."""
    since = "2023-07-01"
    payloads = [
        *build.world(),
        build.earned("c-1"),
        assigned(ANNA, "member", BRANCH_X, to=since, recorded="2023-07-20"),
        assigned(ANNA, "member", BRANCH_Y, since=since, recorded="2023-07-20"),
        build.preliminary("c-1", deciders=(SPECIALIST,)),
    ]
    paths = {"inbox": "claims", "deeds/deed-c-1/attendance": "lines"}
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        found = {
            who: [
                any(one["claim"] == "c-1" for one in answer[part])
                for path, part in paths.items()
                if (
                    answer := await ask.get(f"/branches/{BRANCH_X}/{path}", who, known_at=WORLD + 1)
                )
            ]
            for who in ("reviewer", "upper")
        }

    assert found == {"reviewer": [False, False], "upper": [True, True]}
