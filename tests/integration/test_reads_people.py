"""Vetoes, awards, years and grades over HTTP: what they say, and to whom (domain.md §7)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.integration.reading import TODAY, Asking, reading
from tests.integration.test_reads_rights import COLUMNS, seen
from tests.support import builders as build
from tests.support.bulletins import MONTHS
from tests.support.graded_branch import BRANCH, approved, duties_done, graded_branch
from tests.support.judgements import awarded, graded, revoked, veto_lifted, vetoed
from tests.support.organisation import absent
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, COMMITTEE, DORA
from tests.support.projecting import folded
from tests.support.quarters import published_quarter
from tests.support.stored import sha

JANUARY = TODAY.replace("2023-09-20", "2024-02-01")
G20 = (950, 920, 910, 910, 900, 800, 800, 800, 800)

# The base facts of the history that nobody waives.
STATED = [
    (who, item, month)
    for month in MONTHS
    for who, items in ((ANNA, ("B01", "B02")), (COMMITTEE, ("B01", "B02", "A01", "A02")))
    for item in items
]


def in_office(months: Sequence[str] = ("07", "08", "09")) -> list[bytes]:
    """Committee duties enough for a score: all of one item, half of the other."""
    events: list[bytes] = []
    for month in months:
        for item, required in (("A01", 1), ("A02", 2)):
            name = f"c-office-{item.lower()}-{month}"
            duty = build.fact(
                name,
                item,
                COMMITTEE,
                capacity="committee",
                period=f"2023-{month}",
                required=required,
                by=None,
            )
            events += approved(duty, name, COMMITTEE)
    return events


def history() -> list[bytes]:
    return [
        *build.world(),
        *duties_done(ANNA),
        *duties_done(COMMITTEE),
        *in_office(),
        # Others see the point of a committee member as published.
        *published_quarter(but=STATED, recorded="2023-10-30"),
        absent(ANNA, "2023-09-01", "2023-09-11"),
        vetoed(ANNA, "2023-08-15", "2023-09-01", veto="ve-1"),
        vetoed(ANNA, "2024-01-10", veto="ve-2", effect="block", recorded="2024-01-10"),
        awarded(ANNA, "badge", award="aw-badge", name="先锋", recorded="2023-07-20"),
        awarded(ANNA, "honour", award="aw-honour", name="优秀", recorded="2023-07-21"),
        awarded(
            ANNA, "benefit", award="aw-gift", name="券", month="2023-08", recorded="2023-08-01"
        ),
        awarded(BO, "title", award="aw-title", name="标兵", level="plant", recorded="2023-07-22"),
        awarded(BRANCH_X, "unit_award", award="aw-unit", name="金牌单位", recorded="2023-07-23"),
        revoked(ANNA, award="aw-honour", recorded="2023-09-10"),
        graded(ANNA, "unqualified"),
        graded(ANNA, "basic", reason="review", recorded="2024-01-23"),
    ]


OWN = "self reviewer upper auditor"
HIGH = "upper auditor"
NOT_PUBLIC = "self branch staff reviewer upper auditor"


def matrix() -> dict[str, str]:
    """`self` is Anna; `branch` is Bo and `reviewer` the recorder, both of her branch X."""
    veto = vetoed(ANNA, "2023-08-15", "2023-09-01", veto="ve-1")
    return {
        f"/records/{history().index(veto) + 1}": "self upper auditor",
        f"/records/{history().index(graded(ANNA, 'unqualified')) + 1}": "self upper auditor",
        f"/members/{ANNA}/vetoes": OWN,
        f"/members/{DORA}/vetoes": "reviewer upper auditor",
        f"/members/{ANNA}/awards": NOT_PUBLIC,
        f"/members/{BO}/awards": "branch staff reviewer upper auditor",
        f"/members/{BRANCH_X}/awards": "branch staff reviewer upper auditor",
        f"/members/{ANNA}/grades": OWN,
        f"/members/{DORA}/grades": HIGH,
        f"/members/{ANNA}/year?year=2023": OWN,
        f"/members/{COMMITTEE}/year?year=2023": "branch staff reviewer upper auditor",
        f"/members/{DORA}/year?year=2023": "reviewer upper auditor",
        f"/branches/{BRANCH_X}/grades?year=2023": "reviewer upper auditor",
        f"/branches/{BRANCH_Y}/grades?year=2023": HIGH,
        f"/branches/{BRANCH_X}/grades?year=2023&pool={BRANCH_Y}": HIGH,
        "/awards": "branch staff reviewer upper auditor",
        "/awards?kind=badge": "reviewer upper",
        "/awards?kind=benefit": "reviewer upper auditor",
        "/awards?kind=title": "branch staff reviewer upper auditor",
    }


async def test_every_column_sees_what_is_judged_about_people_as_the_matrix_says(
    database_url: str, tmp_path: Path
) -> None:
    expected = {
        path: " ".join(column for column in COLUMNS if column in who.split())
        for path, who in matrix().items()
    }
    async with reading(database_url, tmp_path, history(), JANUARY) as ask:
        found = {path: await seen(ask, path) for path in expected}

    assert found == expected


async def test_x05_vetoes_show_span_and_state_and_the_basis_to_own_cases_only(
    database_url: str, tmp_path: Path
) -> None:
    lifted = veto_lifted(ANNA, veto="ve-1", recorded="2024-01-20")
    async with reading(database_url, tmp_path, [*history(), lifted], JANUARY) as ask:
        ask.add_reader("near", "reviewer", COMMITTEE)
        ask.add_reader("far", "reviewer", DORA)
        own = await ask.get(f"/members/{ANNA}/vetoes", "self")
        near = await ask.get(f"/members/{ANNA}/vetoes", "near")
        far = await ask.get(f"/members/{ANNA}/vetoes", "far")

    shown = [
        (one["veto"], one["effect"], one["state"], one["from_day"], one["to_day"])
        for one in far["entries"]
    ]
    assert shown == [
        ("ve-1", "zero", "annulled", "2023-08-15", "2023-09-01"),
        ("ve-2", "block", "in_force", "2024-01-10", None),
    ]
    assert [(one["basis"], one["reason"]) for one in own["entries"]] == [
        (sha("finding"), "appeal_upheld"),
        (sha("finding"), None),
    ]
    assert (own["entries"], far["basis_shown"]) == (near["entries"], False)
    assert {(one["basis"], one["by"], one["reason"]) for one in far["entries"]} == {
        (None, None, None)
    }


async def test_the_score_is_explained_as_zeroed_and_comes_back_with_the_appeal(
    database_url: str, tmp_path: Path
) -> None:
    figures = {"holder": ANNA, "capacity": "member", "period": "2023-Q3"}
    async with reading(database_url, tmp_path, history(), JANUARY) as ask:
        zeroed = await ask.get("/explain/figures", **figures)
        board = await ask.get("/rankings", period="2023-Q3", capacity="member")
        year = await ask.get(f"/members/{ANNA}/year", year="2023")

    assert (zeroed["score"], "zero veto" in zeroed["en"]) == ("0", True)
    terms = {one["name"]: one["value"] for one in zeroed["quarters"][0]["terms"]}
    assert terms == {"base": "60", "bonus": "0", "reserve": "20", "score": "0"}
    assert board["n"] == 2
    assert year["quarters"] == [
        {
            "capacity": "member",
            "quarter": "2023-Q3",
            "score": "0",
            "active_days": 82,
            "zeroed": True,
            "adjusted": None,
        }
    ]
    assert (year["point"], year["combined"]) == ({"member": "0", "committee": None}, None)


async def test_a_committee_member_is_a_point_with_two_values_and_their_mean(
    database_url: str, tmp_path: Path
) -> None:
    path = f"/members/{COMMITTEE}/year"
    async with reading(database_url, tmp_path, history(), JANUARY) as ask:
        whole = await ask.get(path, year="2023")
        by_branch = await ask.get(path, "branch", year="2023")

    # Base 60 x (15 + 6) / 27 = 46.7 and the reserve of 20; the member's duties are all done.
    assert (whole["point"], whole["combined"]) == ({"member": "80", "committee": "66.7"}, "73.4")
    assert by_branch["capacities_shown"] == ["committee"]
    assert (by_branch["point"], by_branch["combined"]) == (
        {"member": None, "committee": "66.7"},
        None,
    )


async def test_f50_a_revoked_award_disappears_to_others_and_stays_in_the_history(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history(), JANUARY) as ask:
        path = f"/members/{ANNA}/awards"
        found = {who: await ask.get(path, who) for who in ("self", "branch", "staff", "auditor")}
        revocation = history().index(revoked(ANNA, award="aw-honour", recorded="2023-09-10")) + 1
        before = await ask.get(path, "upper", known_at=revocation - 1)

    own = [(one["award"], one["held"], one["reason"]) for one in found["self"]["entries"]]
    assert own == [
        ("aw-badge", True, None),
        ("aw-honour", False, "conduct"),
        ("aw-gift", True, None),
    ]
    assert [one["award"] for one in found["auditor"]["entries"]] == ["aw-honour", "aw-gift"]
    assert (found["branch"]["entries"], found["staff"]["entries"]) == ([], [])
    assert [(one["award"], one["revoked_on"]) for one in before["entries"]] == [
        ("aw-badge", None),
        ("aw-honour", None),
        ("aw-gift", None),
    ]


async def test_f41_the_register_lists_what_is_held_page_by_page(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history(), JANUARY) as ask:
        await ask.name(BO, "博", "Bo")
        first = await ask.get("/awards", limit=2)
        rest = await ask.get("/awards", limit=2, cursor=first["next"])
        staff = await ask.get("/awards", "staff", unit=BRANCH_X)
        wrong = await ask.code("/awards", unit="u-nowhere")

    listed = [one["award"] for one in first["entries"] + rest["entries"]]
    assert listed == ["aw-unit", "aw-title", "aw-gift", "aw-badge"]
    assert rest["next"] is None
    assert [(one["award"], one["holder_name_en"], one["basis"]) for one in staff["entries"]] == [
        ("aw-unit", BRANCH_X, None),
        ("aw-title", "Bo", None),
    ]
    assert wrong == (404, "not_found")


async def test_the_last_grade_is_in_force_and_the_earlier_ones_stay_visible(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history(), JANUARY) as ask:
        found = await ask.get(f"/members/{ANNA}/grades", "self")
        then = await ask.get(
            f"/members/{ANNA}/grades", "upper", known_at=found["entries"][0]["seq"]
        )

    assert [
        (one["grade"], one["proposal"], one["figure"], one["in_force"], one["reason"])
        for one in found["entries"]
    ] == [
        ("unqualified", "unqualified", "0", False, None),
        ("basic", "unqualified", "0", True, "review"),
    ]
    assert [(one["grade"], one["in_force"]) for one in then["entries"]] == [("unqualified", True)]


async def branch_year(ask: Asking, who: str = "upper", **query: Any) -> Any:
    return await ask.get(f"/branches/{BRANCH}/grades", who, year="2023", **query)


async def test_g20_the_proposals_of_a_branch_with_the_tie_and_what_is_decided(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), *graded_branch(G20), graded("m-g-1", "excellent")]
    async with reading(database_url, tmp_path, payloads, JANUARY) as ask:
        await ask.name("m-g-1", "一", "One")
        found = await branch_year(ask)
        ids_only = await branch_year(ask, "auditor")

    assert (found["n"], found["quota"], found["excellent"], found["reason"]) == (9, 3, 1, None)
    assert [
        (one["rank"], one["member"], one["figure"], one["proposal"], one["tie_at_quota"])
        for one in found["proposals"]
    ][:5] == [
        (1, "m-g-1", "95", "excellent", False),
        (2, "m-g-2", "92", "excellent", False),
        (3, "m-g-3", "91", "qualified", True),
        (3, "m-g-4", "91", "qualified", True),
        (5, "m-g-5", "90", "qualified", False),
    ]
    first = found["proposals"][0]
    assert (first["decided"], first["name_en"], found["proposals"][1]["decided"]) == (
        "excellent",
        "One",
        None,
    )
    assert ids_only["proposals"][0]["name_en"] is None


async def test_what_is_proposed_is_what_the_fold_expects(database_url: str, tmp_path: Path) -> None:
    """Every proposal, decided as it stands and without a reason, is recorded."""
    world = [
        *build.world(),
        *graded_branch((950, 920, 920, 900, 830, 800)),
        vetoed("m-g-1", "2023-05-01", "2023-06-01", effect="block", recorded="2023-05-01"),
        absent("m-g-2", "2023-07-01", "2023-08-01"),
    ]
    async with reading(database_url, tmp_path, world, JANUARY) as ask:
        proposals = (await branch_year(ask))["proposals"]
    decisions = [graded(one["member"], one["proposal"]) for one in proposals]
    _, records = folded([*world, *decisions])

    assert [one["proposal"] for one in proposals].count("excellent") == 2
    assert {record.outcome.status.value for record in records[len(world) :]} == {"recorded"}


@pytest.mark.parametrize(("today", "n", "reason"), [(JANUARY, 2, None), (TODAY, 0, "year_runs")])
async def test_a_small_branch_is_shown_with_its_pool_and_a_running_year_with_nothing(
    database_url: str, tmp_path: Path, today: str, n: int, reason: str | None
) -> None:
    payloads = [
        *build.world(),
        *graded_branch((950, 800)),
        *graded_branch((920, 800), "u-sister", "s"),
    ]
    async with reading(database_url, tmp_path, payloads, today) as ask:
        alone = await branch_year(ask)
        pooled = await branch_year(ask, pool=["u-sister"])
        wrong = await ask.code(f"/branches/{BRANCH}/grades", year="2023", pool="u-x1")

    assert (alone["n"], alone["quota"], alone["reason"]) == (n, 0, reason)
    assert (pooled["n"], pooled["quota"], pooled["pool"]) == (
        2 * n,
        2 * n // 3,
        ["u-sister"],
    )
    assert wrong == (404, "not_found")
