"""Published figures: boards, ranks, comparisons and radars from bulletins, and what is provisional.

Branch X published its third quarter, and corrected the prize of one member; a late fact came after
that. Branch Y has not published. One member moved from X to Y within the quarter.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.boards import LATER, approved, member, people, published
from tests.support.judgements import graded
from tests.support.people import BRANCH_X, BRANCH_Y, COMMITTEE, QUORUM, SECRETARY
from tests.support.quarters import Q3, answered, objected, revised
from tests.support.servers import new_database

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCORES = people([830, 900, 860, 850, 800], "x")
OTHERS = people([850] * 5, "y")
MOVER = "m-mover"
CORRECTED, PRIZE = "m-x-2", "c-m-x-2-prize"
LATE = "m-x-5"
OF_X: Mapping[str, Any] = {"period": Q3, "capacity": "member", "scope": BRANCH_X}
MEMBERS: Mapping[str, Any] = {"period": Q3, "capacity": "member"}
FORBIDDEN = (403, "forbidden")


def history() -> list[bytes]:
    events = build.world()
    for person, score in SCORES.items():
        events += member(person, score, BRANCH_X)
    for person, score in OTHERS.items():
        events += member(person, score, BRANCH_Y)
    events += member(MOVER, 900, BRANCH_X, mover=True)
    events += published([*SCORES, MOVER])
    events += [
        objected(claim=PRIZE, subject=CORRECTED, by=CORRECTED),
        answered(corrects=[PRIZE], subject=CORRECTED, deciders=QUORUM),
        build.reversal(
            PRIZE, CORRECTED, cause="objection", objection="ob-1", recorded="2023-10-17"
        ),
        revised(2, objections=["ob-1"], recorded="2023-10-18"),
    ]
    late = build.earned("c-late", holder=LATE, on="2023-09-20", recorded="2023-11-02")
    led = build.earned(
        "c-led", "C01", COMMITTEE, committee=build.count(), on="2023-09-20", recorded="2023-11-02"
    )
    late_ones = [*approved("c-late", LATE, late), *approved("c-led", COMMITTEE, led)]
    return [*events, *late_ones, graded("m-x-3")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Asking]:
    directory = tmp_path_factory.mktemp("readers")
    with new_database(postgres_url, migrated_template) as url:
        async with reading(url, directory, history(), LATER) as asking:
            asking.add_reader("own", "self", LATE)
            asking.add_reader("colleague", "branch", "m-x-1")
            yield asking


def listed(board: Any) -> list[tuple[int | None, str, str | None]]:
    return [(one["rank"], one["holder"], one["score"]) for one in board["entries"]]


def standing_on(answer: Any) -> list[tuple[str, str, int]]:
    return [(one["branch"], one["quarter"], one["revision"]) for one in answer["revisions"]]


async def test_a_published_board_has_the_scores_that_the_last_revision_froze(ask: Asking) -> None:
    board = await ask.get("/rankings", figures="published", **OF_X)
    live = await ask.get("/rankings", **OF_X)
    [bulletin] = [
        one
        for one in (await ask.get(f"/branches/{BRANCH_X}/bulletins"))["revisions"]
        if one["revision"] == 2
    ]

    # Who moved on stays on the board of the bulletin that lists them; a late fact changes nothing.
    assert listed(board) == [
        (1, MOVER, "90"),
        (2, "m-x-3", "86"),
        (3, "m-x-4", "85"),
        (4, "m-x-1", "83"),
        (5, CORRECTED, "80"),
        (5, LATE, "80"),
    ]
    assert (LATE, "80.5") in {(one["holder"], one["score"]) for one in live["entries"]}
    assert (board["figures"], board["provisional"], board["n"]) == ("published", False, 6)
    assert board["revisions"] == [{"branch": BRANCH_X, **bulletin}]


async def test_its_ranks_are_those_of_the_bulletin(ask: Asking) -> None:
    board = await ask.get("/rankings", figures="published", **OF_X)
    bulletin = await ask.get(f"/branches/{BRANCH_X}/bulletins/{Q3}")
    frozen = {
        one["holder"]: (one["score"], one["band"])
        for one in bulletin["content"]["holders"]
        if one["capacity"] == "member" and "score" in one
    }

    assert {
        one["holder"]: (10 * int(one["score"]), 10 * int(one["band"])) for one in board["entries"]
    } == frozen


async def test_before_the_correction_was_known_the_board_was_that_of_the_first_revision(
    ask: Asking,
) -> None:
    now = await ask.get("/rankings", figures="published", **OF_X)
    seq = now["revisions"][0]["seq"]
    then = await ask.get("/rankings", figures="published", known_at=seq - 1, **OF_X)
    before = await ask.get(
        "/rankings", figures="published", known_at=then["revisions"][0]["seq"] - 1, **OF_X
    )

    assert standing_on(then) == [(BRANCH_X, Q3, 1)]
    assert listed(then)[:2] == [(1, MOVER, "90"), (1, CORRECTED, "90")]
    assert (before["reason"], before["n"], before["revisions"]) == ("not_published", 0, [])
    assert before["awaited"] == [{"branch": BRANCH_X, "quarter": Q3}]


async def test_who_sees_the_published_score_only_gets_it_without_asking(ask: Asking) -> None:
    board = await ask.get("/rankings", "colleague", **OF_X)
    rank = await ask.get(f"/members/{LATE}/rank", "colleague", **OF_X)
    scores = await ask.get(f"/members/{LATE}/scores", "colleague", year="2023")

    assert (board["figures"], board["policy"], len(board["entries"])) == ("published", "bands", 6)
    assert (rank["figures"], rank["score"], rank["band"]) == ("published", None, "80")
    assert [(one["band"], one["provisional"]) for one in scores["quarters"]] == [("80", False)]


@pytest.mark.parametrize("path", ["/rankings", "/units/comparison", f"/members/{LATE}/rank"])
async def test_live_figures_of_others_are_not_for_the_branch(ask: Asking, path: str) -> None:
    query = dict(MEMBERS) if "comparison" in path else dict(OF_X)

    assert await ask.code(path, "colleague", figures="live", **query) == FORBIDDEN


async def test_the_holder_sees_the_own_live_figures_and_the_published_ones(ask: Asking) -> None:
    live = await ask.get(f"/members/{LATE}/rank", "own", **OF_X)
    told = await ask.get(f"/members/{LATE}/rank", "own", figures="published", **OF_X)

    assert (live["figures"], live["score"]) == ("live", "80.5")
    assert (told["figures"], told["score"]) == ("published", "80")


async def test_the_sheet_of_an_office_holder_is_the_published_one_to_the_branch(
    ask: Asking,
) -> None:
    """A demonstration task of the quarter was verified after the bulletin."""
    board = await ask.get("/rankings", figures="published", **OF_X)
    told = {}
    for who in ("upper", "colleague"):
        sheet = await ask.get(f"/members/{COMMITTEE}/sheet", who, period=Q3)
        why = await ask.get(
            "/explain/figures", who, holder=COMMITTEE, capacity="committee", period=Q3
        )
        done = {
            line["done"]
            for item in sheet["items"]
            for line in item["lines"]
            if (item["code"], line["capacity"]) == ("C01", "committee")
        }
        items = [part["item"] for quarter in why["quarters"] for part in quarter["items"]]
        told[who] = (done, items, sheet["provisional"])

    assert told == {"upper": ({"1"}, ["C01"], False), "colleague": ({"0"}, [], False)}
    assert (await ask.get(f"/members/{COMMITTEE}/sheet", "colleague", period=Q3))["size"] == (
        board["revisions"][0]["seq"]
    )
    assert await ask.code(f"/members/{COMMITTEE}/sheet", "colleague", period="2023-Q4") == (
        404,
        "not_found",
    )


async def test_where_nothing_is_published_there_is_no_board_yet(ask: Asking) -> None:
    board = await ask.get("/rankings", "upper", figures="published", **MEMBERS, scope=BRANCH_Y)

    assert (board["reason"], board["entries"], board["provisional"]) == ("not_published", [], False)
    assert board["awaited"] == [{"branch": BRANCH_Y, "quarter": Q3}]


async def test_a_figure_is_provisional_until_its_branches_have_published(ask: Asking) -> None:
    of_x, of_y, of_both = [
        (await ask.get("/rankings", **MEMBERS, scope=scope))["provisional"]
        for scope in (BRANCH_X, BRANCH_Y, "plant")
    ]
    of_holders = {
        holder: [
            (await ask.get(path, **query))["provisional"]
            for path, query in (
                (f"/members/{holder}/sheet", {"period": Q3}),
                ("/explain/figures", {"holder": holder, **MEMBERS}),
                (f"/members/{holder}/scores", {"year": "2023"}),
                (f"/members/{holder}/year", {"year": "2023"}),
            )
        ]
        for holder in (LATE, "m-y-1", MOVER)
    }

    assert (of_x, of_y, of_both) == (False, True, True)
    # The year was over on the day of the reading, and its only quarter with figures published.
    assert of_holders == {LATE: [False] * 4, "m-y-1": [True] * 4, MOVER: [True] * 4}


async def test_what_is_provisional_is_told_for_the_moment_that_is_asked_for(ask: Asking) -> None:
    board = await ask.get("/rankings", figures="published", **OF_X)
    first = board["revisions"][0]["seq"]
    listed_at = await ask.get("/rankings", figures="published", known_at=first - 1, **OF_X)
    frozen = listed_at["revisions"][0]["seq"]
    told = [
        (await ask.get(f"/members/{LATE}/sheet", period=Q3, known_at=seq))["provisional"]
        for seq in (frozen - 1, frozen)
    ]
    running = await ask.get(f"/members/{LATE}/scores", year="2023", known_at=frozen)

    assert told == [True, False]
    assert [one["provisional"] for one in running["quarters"]] == [False]
    # In October the year still has a quarter to come.
    assert (running["provisional"], running["years"][0]["provisional"]) == (True, True)


async def test_units_compare_by_published_scores_where_there_are_any(ask: Asking) -> None:
    query = {"period": Q3, "class": "all", "figures": "published"}
    told = await ask.get("/units/comparison", **query)
    [live] = [
        one
        for one in (await ask.get("/units/comparison", **query | {"figures": "live"}))["entries"]
        if one["unit"] == BRANCH_X
    ]

    [entry] = told["entries"]
    # (92 days of 86.0, 85.0, 83.0, 80.0, 80.0 and 45 days of 90.0) over 505 days.
    assert (entry["unit"], entry["mean"], entry["median"], entry["n"]) == (
        BRANCH_X,
        "83.4",
        "84",
        6,
    )
    assert (live["member_days"], live["mean"]) == (entry["member_days"], "83.5")
    assert (told["provisional"], standing_on(told)) == (False, [(BRANCH_X, Q3, 2)])
    assert told["awaited"] == [{"branch": BRANCH_Y, "quarter": Q3}]


async def test_the_year_s_published_board_weighs_what_is_published(ask: Asking) -> None:
    board = await ask.get(
        "/rankings", "upper", period="2023", capacity="member", figures="published"
    )
    seen = await ask.get("/rankings", "colleague", **{**OF_X, "period": "2023"})
    cut = await ask.get(
        "/rankings",
        period="2023",
        capacity="member",
        figures="published",
        as_of="2023-09-29",
    )

    assert listed(board)[:2] == [(1, MOVER, "90"), (2, "m-x-3", "86")]
    assert (board["n"], standing_on(board)) == (6, [(BRANCH_X, Q3, 2)])
    assert {one["holder"]: one["grade"] for one in board["entries"] if one["grade"]} == {
        "m-x-3": "qualified"
    }
    assert {one["grade"] for one in seen["entries"]} == {None}
    # A bulletin tells nothing of the deeds up to a day within its quarter.
    assert (cut["reason"], cut["n"]) == ("not_published", 0)


async def test_the_radar_has_the_published_points_beside_the_branch_s_median(ask: Asking) -> None:
    radar = await ask.get("/members/m-x-3/radar", period=Q3)
    [own] = radar["capacities"][:1]

    assert [(one["category"], one["points"], one["share"]) for one in own["axes"]] == [
        ("A", "0", "0"),
        ("B", "21", "77.8"),
        ("C", "6", "22.2"),
        ("D", "0", "0"),
    ]
    assert [(one["median"], one["median_share"]) for one in own["axes"]] == [
        ("0", "0"),
        ("21", "84.2"),
        ("4", "15.9"),
        ("0", "0"),
    ]
    assert (own["capacity"], own["score"], own["n"], own["partial"]) == ("member", "86", 6, False)
    assert (radar["revision"]["branch"], radar["revision"]["revision"]) == (BRANCH_X, 2)


async def test_before_publication_there_is_no_radar(ask: Asking) -> None:
    assert await ask.code("/members/m-y-1/radar", period=Q3) == (404, "not_found")
    assert await ask.code("/members/m-x-3/radar", period="2023-Q4") == (404, "not_found")


async def test_the_radar_of_another_member_is_not_for_the_branch_under_bands(ask: Asking) -> None:
    own = await ask.get(f"/members/{LATE}/radar", "own", period=Q3)
    office = await ask.get(f"/members/{SECRETARY}/radar", "colleague", period=Q3)

    assert await ask.code("/members/m-x-3/radar", "colleague", period=Q3) == FORBIDDEN
    # The holder compares with the branch, whose medians of six tell nobody's points.
    assert [one["median"] is None for one in own["capacities"][0]["axes"]] == [False] * 4
    assert [one["capacity"] for one in office["capacities"]] == ["committee"]
