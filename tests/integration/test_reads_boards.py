"""Boards and comparisons: ranks, bands, few holders, movers."""

from pathlib import Path

import pytest

from tests.integration.reading import reading
from tests.support.boards import LATER, people, published, two_branches, with_members, with_policy
from tests.support.people import BRANCH_X, BRANCH_Y


async def test_equal_scores_share_a_rank_and_pages_go_on_where_they_ended(
    database_url: str, tmp_path: Path
) -> None:
    payloads = with_members([860, 830, 900, 830, 830, 800])
    board = {"period": "2023-Q3", "capacity": "member"}
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        await ask.name("m-x-3", "三", "Three")
        first = await ask.get("/rankings", limit=4, **board)
        second = await ask.get("/rankings", limit=4, cursor=first["next"], **board)
        own = await ask.get("/members/m-x-5/rank", **board)

    entries = first["entries"] + second["entries"]
    assert [(one["rank"], one["holder"], one["score"]) for one in entries] == [
        (1, "m-x-3", "90"),
        (2, "m-x-1", "86"),
        (3, "m-x-2", "83"),
        (3, "m-x-4", "83"),
        (3, "m-x-5", "83"),
        (6, "m-x-6", "80"),
    ]
    assert (entries[0]["name_zh"], entries[0]["unit"], second["next"]) == ("三", BRANCH_X, None)
    assert (first["n"], first["provisional"]) == (6, True)
    assert (own["rank"], own["score"], own["n"]) == (3, "83", 6)


async def test_nobody_is_ranked_among_fewer_than_five(database_url: str, tmp_path: Path) -> None:
    board = {"period": "2023-Q3", "capacity": "member"}
    async with reading(database_url, tmp_path, with_members([900, 860, 850, 830]), LATER) as ask:
        found = await ask.get("/rankings", **board)
        own = await ask.get("/members/m-x-1/rank", **board)

    assert (found["entries"], found["n"], found["reason"]) == ([], 4, "too_few_holders")
    assert (own["rank"], own["score"], own["reason"]) == (None, "90", "too_few_holders")


async def test_bands_list_who_is_in_them_in_no_order_and_nobody_below_seventy(
    database_url: str, tmp_path: Path
) -> None:
    payloads = with_members([830, 900, 860, 850, 800])
    payloads += published(people([0] * 5, "x"))
    board = {"period": "2023-Q3", "capacity": "member", "scope": BRANCH_X}
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        first = await ask.get("/rankings", "branch", limit=3, **board)
        rest = await ask.get("/rankings", "branch", limit=3, cursor=first["next"], **board)
        by_category = await ask.get("/rankings", "branch", category="C", **board)

    entries = first["entries"] + rest["entries"]
    assert [(one["band"], one["holder"]) for one in entries] == [
        ("90", "m-x-2"),
        ("80", "m-x-1"),
        ("80", "m-x-3"),
        ("80", "m-x-4"),
        ("80", "m-x-5"),
    ]
    assert {(one["rank"], one["score"]) for one in entries} == {(None, None)}
    assert (by_category["entries"], by_category["reason"]) == ([], "policy")


@pytest.mark.parametrize(("policy", "listed"), [("full", 5), ("off", 0)])
async def test_the_scheme_says_how_members_are_shown_to_their_branch(
    database_url: str, tmp_path: Path, policy: str, listed: int
) -> None:
    payloads = with_members([830, 900, 860, 850, 800], with_policy(policy))
    payloads += published(people([0] * 5, "x"))
    board = {"period": "2023-Q3", "capacity": "member", "scope": BRANCH_X}
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        ask.add_reader("own", "self", "m-x-1")
        found = await ask.get("/rankings", "branch", **board)
        own = await ask.get("/members/m-x-1/rank", "own", **board)

    assert (found["policy"], len(found["entries"])) == (policy, listed)
    assert (own["score"], own["rank"]) == ("83", 4 if policy == "full" else None)


async def test_the_auditor_sees_the_whole_board_by_ids(database_url: str, tmp_path: Path) -> None:
    payloads = with_members([830, 900, 860, 850, 800])
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        await ask.name("m-x-2", "二", "Two")
        found = await ask.get("/rankings", "auditor", period="2023-Q3", capacity="member")

    best = found["entries"][0]
    assert (best["rank"], best["holder"], best["name_en"]) == (1, "m-x-2", None)


async def test_a_board_of_a_category_ranks_effective_points(
    database_url: str, tmp_path: Path
) -> None:
    payloads = with_members([830, 900, 860, 850, 800])
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        found = await ask.get("/rankings", period="2023-Q3", capacity="member", category="C")

    assert [(one["rank"], one["score"]) for one in found["entries"]] == [
        (1, "10"),
        (2, "6"),
        (3, "5"),
        (4, "3"),
        (5, "0"),
    ]


async def test_a_year_board_weighs_quarters_by_active_days(
    database_url: str, tmp_path: Path
) -> None:
    payloads = with_members([830, 900, 860, 850, 800])
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        found = await ask.get("/rankings", period="2023", capacity="member")
        scores = await ask.get("/members/m-x-2/scores", year="2023")

    assert [one["score"] for one in found["entries"]] == ["90", "86", "85", "83", "80"]
    assert scores["years"] == [
        {"capacity": "member", "provisional": True, "score": "90", "band": "90"}
    ]


async def test_units_compare_by_the_mean_per_member_day(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, two_branches(4), LATER) as ask:
        found = await ask.get("/units/comparison", period="2023-Q3", **{"class": "all"})
        mover = await ask.get("/rankings", period="2023-Q3", capacity="member", scope=BRANCH_Y)

    assert [
        (one["unit"], one["mean"], one["median"], one["n"], one["member_days"], one["rank"])
        for one in found["entries"]
    ] == [
        (BRANCH_Y, "85.5", "85", 6, 507, 1),
        (BRANCH_X, "81.1", "80", 5, 413, 2),
    ]
    assert (mover["entries"][0]["holder"], mover["n"]) == ("m-mover", 6)


async def test_a_unit_of_four_is_shown_without_rank_and_its_mean_not_to_the_branch(
    database_url: str, tmp_path: Path
) -> None:
    came = {**people([0] * 3, "x"), "m-mover": 0}
    async with reading(database_url, tmp_path, [*two_branches(3), *published(came)], LATER) as ask:
        seen = await ask.get("/units/comparison", period="2023-Q3", **{"class": "all"})
        by_branch = await ask.get("/units/comparison", "branch", period="2023-Q3")

    small = {one["unit"]: one for one in seen["entries"]}[BRANCH_X]
    hidden = {one["unit"]: one for one in by_branch["entries"]}[BRANCH_X]
    assert (small["n"], small["rank"], small["mean"]) == (4, None, "81.4")
    assert (hidden["n"], hidden["mean"], hidden["median"]) == (4, None, None)


async def test_units_of_other_classes_are_no_rivals_unless_asked(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, two_branches(5), LATER) as ask:
        apart = await ask.get("/units/comparison", period="2023-Q3")
        together = await ask.get("/units/comparison", period="2023-Q3", **{"class": "all"})

    assert {one["unit_class"] for one in apart["entries"]} == {None, "office"}
    assert [one["rank"] for one in apart["entries"]] == [1, 1]
    assert [one["rank"] for one in together["entries"]] == [1, 2]
