"""Reads about self-assessments: the tree with lights, self beside confirmed, on time, drafts."""

from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.canonical import decode
from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.organisation import absent, assessment
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    GROUP_X1,
    GROUP_X2,
    HOMES,
    LEADER,
    PANEL_X,
    RECORDER,
    SECRETARY,
)

JULY = "2023-07"
TREE = f"/units/{BRANCH_X}/assessments"
RATES = f"/units/{BRANCH_X}/assessments/on-time"
DRAFTS = f"/units/{BRANCH_X}/drafts"
THOUGHT = [("B01", "member", "4"), ("B02", "member", "3"), ("C09", "member", "0.5")]


def history() -> list[bytes]:
    """July of branch X: Anna in time and late, Bo late, the leader listed, Chen away."""
    return [
        *build.world(),
        absent(CHEN, "2023-07-01", "2023-08-01", recorded="2023-07-30"),
        assessment(ANNA, values=[("B01", "member", "1")]),
        assessment(ANNA, values=THOUGHT, recorded="2023-08-03"),
        assessment(COMMITTEE),
        assessment(GROUP_X1, missing={LEADER: "on_leave", BO: "unreachable"}),
        assessment(BO, recorded="2023-08-04"),
        assessment(ANNA, values=[], recorded="2023-08-05"),
        *build.decided(build.fact("c-1", "B01", required=4, done=3, recorded="2023-08-01")),
        build.fact("c-2", "B02", recorded="2023-08-01"),
        build.preliminary("c-2", recorded="2023-08-02"),
        *build.decided(build.fact("c-3", "B03", recorded="2023-08-01")),
        build.fact("c-4", "B04", recorded="2023-08-03"),
    ]


def told(leaf: Any) -> tuple[str, str, str]:
    return leaf["subject"], leaf["status"], leaf["light"]


def tree_of(answer: Any) -> dict[str, Any]:
    return {
        "branch": told(answer["branch"]),
        "groups": {
            told(one["group"]): [told(leaf) for leaf in one["members"]] for one in answer["groups"]
        },
        "members": [told(leaf) for leaf in answer["members"]],
    }


async def test_f25_the_tree_shows_a_light_for_everybody_on_all_three_levels(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        answer = await ask.get(TREE, month=JULY)

    assert (answer["deadline"], answer["closed"]) == ("2023-08-03", True)
    assert tree_of(answer) == {
        "branch": (BRANCH_X, "missing", "red"),
        "groups": {
            (GROUP_X1, "on_time", "green"): [
                (ANNA, "on_time", "green"),
                (BO, "late", "amber"),
                (LEADER, "listed", "amber"),
            ],
            (GROUP_X2, "away", "grey"): [(CHEN, "away", "grey")],
        },
        "members": [
            (one, *(("on_time", "green") if one == COMMITTEE else ("missing", "red")))
            for one in sorted((COMMITTEE, RECORDER, SECRETARY, *PANEL_X[:3]))
        ],
    }


async def test_before_the_deadline_nothing_is_red(database_url: str, tmp_path: Path) -> None:
    today = "2023-08-03T10:00:00.000+08:00"
    payloads = [one for one in history() if str(decode(one)["recordedtime"]) < "2023-08-03T02"]
    async with reading(database_url, tmp_path, payloads, today) as ask:
        answer = await ask.get(TREE, month=JULY)

    assert answer["closed"] is False
    assert (BO, "listed", "amber") in [told(leaf) for leaf in answer["groups"][0]["members"]]
    assert told(answer["branch"]) == (BRANCH_X, "missing", "amber")


async def test_the_tree_of_a_moment_is_what_was_known_then(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        then = await ask.get(TREE, month=JULY, known_at=len(build.world()) + 2)

    groups = {one["group"]["subject"]: one for one in then["groups"]}
    assert then["closed"] is False
    assert told(groups[GROUP_X1]["group"]) == (GROUP_X1, "missing", "amber")
    assert [told(leaf) for leaf in groups[GROUP_X1]["members"]] == [
        (ANNA, "on_time", "green"),
        (BO, "missing", "amber"),
        (LEADER, "missing", "amber"),
    ]


async def test_a_member_of_the_branch_sees_lights_without_reasons_or_records(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        seen = {who: (await ask.get(TREE, who, month=JULY)) for who in ("branch", "reviewer")}

    leaves = {who: answer["groups"][0]["members"][2] for who, answer in seen.items()}
    assert tree_of(seen["branch"]) == tree_of(seen["reviewer"])
    assert (leaves["branch"]["status"], leaves["branch"]["reason"]) == ("listed", None)
    assert leaves["reviewer"]["reason"] == "on_leave"
    assert seen["branch"]["groups"][0]["group"]["seq"] is None
    assert seen["reviewer"]["groups"][0]["group"]["seq"] == len(build.world()) + 5


async def test_an_auditor_sees_ids_and_no_names(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        await ask.name(ANNA, "安娜", "Anna")
        seen = {who: (await ask.get(TREE, who, month=JULY)) for who in ("auditor", "upper")}

    names = {who: answer["groups"][0]["members"][0]["name_en"] for who, answer in seen.items()}
    assert names == {"auditor": None, "upper": "Anna"}


async def test_self_preliminary_and_confirmed_stand_side_by_side_with_the_gap(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        answer = await ask.get(f"/members/{ANNA}/assessment", "self", month=JULY)

    keys = ("thought", "preliminary", "confirmed", "gap", "gap_percent")
    assert {one["item"]: tuple(one[key] for key in keys) for one in answer["lines"]} == {
        "B01": ("4", "3", "3", "1", "33.3"),
        "B02": ("3", "3", None, "3", None),
        "B03": (None, "2", "2", "2", "100"),
        "B04": (None, "1", None, None, None),
        "C09": ("0.5", None, None, "0.5", None),
    }
    assert (answer["compared"], answer["gap"], answer["gap_percent"]) == ("on_time", "6.5", "130")


async def test_the_assessment_that_counts_and_the_late_one_are_both_shown(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        answer = await ask.get(f"/members/{ANNA}/assessment", month=JULY)
        late = await ask.get(f"/members/{BO}/assessment", month=JULY)

    size = len(build.world())
    assert (answer["on_time"]["seq"], answer["late"]["seq"]) == (size + 3, size + 7)
    assert [one["points"] for one in answer["on_time"]["values"]] == ["4", "3", "0.5"]
    assert (answer["on_time"]["recorded_on"], answer["late"]["values"]) == ("2023-08-03", [])
    assert (late["on_time"], late["compared"], late["gap"]) == (None, "late", None)


async def test_an_assessment_is_read_as_it_was_known(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        then = await ask.get(
            f"/members/{ANNA}/assessment", month=JULY, known_at=len(build.world()) + 2
        )

    assert [one["points"] for one in then["on_time"]["values"]] == ["1"]
    assert then["late"] is None


async def test_a_units_assessment_names_whom_it_listed(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        answer = await ask.get(f"/members/{GROUP_X1}/assessment", "reviewer", month=JULY)

    assert answer["on_time"]["missing"] == [
        {"id": LEADER, "reason": "on_leave"},
        {"id": BO, "reason": "unreachable"},
    ]
    assert (answer["on_time"]["level"], answer["on_time"]["by"]) == ("group", LEADER)


async def test_on_time_rates_count_all_levels_once_a_month_has_closed(
    database_url: str, tmp_path: Path
) -> None:
    today = "2023-08-20T10:00:00.000+08:00"
    asked = len(HOMES[BRANCH_X]) - 1 + 2
    async with reading(database_url, tmp_path, history(), today) as ask:
        answer = await ask.get(RATES, "staff", period="2023-Q3")

    assert (answer["asked"], answer["on_time"], answer["rate"]) == (asked, 3, "27.3")
    assert [
        (one["month"], one["closed"], one["on_time"], one["late"], one["rate"])
        for one in answer["months"]
    ] == [("2023-07", True, 3, 1, "27.3"), ("2023-08", False, 0, 0, None)]


@pytest.mark.parametrize(
    ("period", "months"), [("2023-07", 1), ("2023-Q3", 3), ("2023", 9), ("2024-01", 0)]
)
async def test_rates_are_of_the_months_that_have_begun(
    database_url: str, tmp_path: Path, period: str, months: int
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        response = await ask.answer(RATES, params={"period": period})

    if months:
        assert len(response.json()["months"]) == months
    else:
        assert response.status_code == 404


async def drafted(ask: Asking) -> dict[str, tuple[Any, str]]:
    answer = await ask.get(DRAFTS, "reviewer", month=JULY)
    return {one["holder"]: (one["measure"]["done"], one["points"]) for one in answer["drafts"]}


async def test_the_ledger_drafts_the_claims_that_the_record_already_shows(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        found = await drafted(ask)

    # Anna's is filed.
    assert ANNA not in found
    assert found[COMMITTEE] == (1, "1")
    assert found[BO] == (0, "0")
    assert (found[GROUP_X1], found[BRANCH_X]) == ((1, "5"), (0, "0"))
    assert len(found) == len(HOMES[BRANCH_X]) - 1 + 3


async def test_before_the_deadline_only_what_is_done_is_drafted(
    database_url: str, tmp_path: Path
) -> None:
    today = "2023-08-03T10:00:00.000+08:00"
    payloads = [one for one in history() if str(decode(one)["recordedtime"]) < "2023-08-03T02"]
    async with reading(database_url, tmp_path, payloads, today) as ask:
        found = await drafted(ask)

    # Chen was away all month and is excused.
    assert found == {ANNA: (1, "1"), COMMITTEE: (1, "1"), GROUP_X1: (1, "5"), CHEN: (0, "0")}


async def test_every_draft_is_accepted_as_it_stands(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        drafts = (await ask.get(DRAFTS, month=JULY))["drafts"]
    filed = [
        build.earned(
            f"c-{one['holder']}",
            one["item"],
            one["holder"],
            deed=one["deed"],
            on=one["on"],
            points={one["capacity"]: one["points"]},
            recorded="2023-09-20",
            **{one["capacity"]: one["measure"]},
        )
        for one in drafts
    ]
    (tmp_path / "again").mkdir()
    async with reading(database_url, tmp_path / "again", [*history(), *filed]) as ask:
        left = (await ask.get(DRAFTS, month=JULY))["drafts"]
        claims = [(await ask.get(f"/claims/c-{one['holder']}"))["state"] for one in drafts]

    assert left == []
    assert set(claims) == {"preliminary"}


async def test_a_claim_of_b04_shows_its_record_as_its_first_review(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        claim = await ask.get("/claims/c-4")

    assert claim["state"] == "preliminary"
    assert claim["preliminary"]["points"] == {"member": "1"}
    assert (claim["preliminary"]["step"], claim["preliminary"]["by"]) == ("preliminary", None)


@pytest.mark.parametrize("path", [TREE, DRAFTS])
async def test_there_is_no_tree_of_what_is_no_branch(
    database_url: str, tmp_path: Path, path: str
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        codes = [
            await ask.code(path.replace(BRANCH_X, unit), month=month)
            for unit, month in ((GROUP_X1, JULY), ("u-none", JULY), (BRANCH_Y, "2022-07"))
        ]

    assert set(codes) == {(404, "not_found")}
