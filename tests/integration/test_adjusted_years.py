"""The published year counts what later bulletins list as adjustments (domain.md §5.2 and §5.4).

Branch X published its third quarter; one late fact was booked in the fourth and listed there, one
more, stated in time, was verified after that and listed in the first bulletin of the next year. Of
another member a duty was reported late that had not been done: it moves no points, and the score.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.boards import OLD, member, people, published, with_policy
from tests.support.people import BRANCH_X, UPPER, UPPER_TWO
from tests.support.quarters import Q3, Q4, due_facts, published_quarter
from tests.support.servers import new_database

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEXT = "2024-Q1"
READ_ON = "2024-05-01T10:00:00.000+08:00"
SCORES = people([830, 900, 860, 850, 800], "x")
LATE = "m-x-5"
IDLE = "m-x-4"
YEAR: Mapping[str, Any] = {"period": "2023", "capacity": "member", "scope": BRANCH_X}
PUBLISHED: Mapping[str, Any] = {"figures": "published"}


def late_fact(claim: str, on: str, recorded: str, verified: str) -> list[bytes]:
    """A snap report of half a point, which upper officers decide at both stages."""
    return [
        build.earned(claim, holder=LATE, on=on, recorded=recorded),
        build.preliminary(claim, LATE, deciders=(UPPER,), recorded=recorded),
        build.verified(claim, LATE, deciders=(UPPER_TWO,), recorded=verified),
    ]


def duty_not_done() -> list[bytes]:
    """September's training, of which nothing was done: 21.0 of 23.0 in place of 21.0 of 21.0."""
    claim = "c-idle"
    return [
        build.fact(claim, "B03", IDLE, period="2023-09", done=0, by=None, recorded="2023-10-20"),
        build.preliminary(claim, IDLE, deciders=(UPPER,), recorded="2023-10-21"),
        build.verified(claim, IDLE, deciders=(UPPER_TWO,), recorded="2023-11-05"),
    ]


def bulletin(quarter: str, recorded: str) -> list[bytes]:
    retired = [(one, item, month) for one, _, item, month in due_facts(quarter) if one in OLD]
    return published_quarter(quarter, also=[*SCORES], but=retired, recorded=recorded)


def history() -> list[bytes]:
    events = build.world()
    events[0] = build.published(document=with_policy("full"))
    for person, score in SCORES.items():
        events += member(person, score, BRANCH_X)
    events += published([*SCORES])
    first, _, decided = late_fact("c-late-2", "2023-09-21", "2023-12-10", "2024-01-15")
    return [
        *events,
        *late_fact("c-late-1", "2023-09-20", "2023-11-02", "2023-11-04"),
        *duty_not_done(),
        first,
        build.preliminary("c-late-2", LATE, deciders=(UPPER,), recorded="2023-12-11"),
        *bulletin(Q4, "2024-01-10"),
        decided,
        *bulletin(NEXT, "2024-04-10"),
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Asking]:
    directory = tmp_path_factory.mktemp("readers")
    with new_database(postgres_url, migrated_template) as url:
        async with reading(url, directory, history(), READ_ON) as asking:
            asking.add_reader("colleague", "branch", "m-x-1")
            yield asking


async def frozen_at(ask: Asking, quarter: str) -> int:
    answer = await ask.get(f"/branches/{BRANCH_X}/bulletins/{quarter}")
    seq: int = answer["content"]["upto_seq"]
    return seq


async def moments(ask: Asking) -> list[int]:
    """Before and after each bulletin that lists a late fact."""
    fourth, following = await frozen_at(ask, Q4), await frozen_at(ask, NEXT)
    return [fourth - 1, fourth, following - 1, following]


async def test_a_late_fact_counts_in_the_published_year_from_the_bulletin_that_lists_it(
    ask: Asking,
) -> None:
    told = []
    for seq in await moments(ask):
        year = await ask.get("/rankings", **YEAR, **PUBLISHED, known_at=seq)
        quarter = await ask.get("/rankings", **{**YEAR, "period": Q3}, **PUBLISHED, known_at=seq)
        [own] = [one["score"] for one in year["entries"] if one["holder"] == LATE]
        [then] = [one["score"] for one in quarter["entries"] if one["holder"] == LATE]
        told.append((own, then, [one["quarter"] for one in year["revisions"]]))

    # The bulletin of the third quarter stays as it is.
    assert told == [
        ("80", "80", [Q3]),
        ("80.5", "80", [Q3, Q4]),
        ("80.5", "80", [Q3, Q4]),
        ("81", "80", [Q3, Q4, NEXT]),
    ]


async def test_a_colleague_sees_the_score_of_the_bulletin_and_the_one_that_the_year_counts(
    ask: Asking,
) -> None:
    scores = await ask.get(f"/members/{LATE}/scores", "colleague", year="2023")
    year = await ask.get(f"/members/{LATE}/year", "colleague", year="2023")
    why = await ask.get(
        "/explain/figures", "colleague", holder=LATE, capacity="member", period="2023"
    )
    seq = await frozen_at(ask, NEXT)

    [quarter] = [one for one in scores["quarters"] if one["capacity"] == "member"]
    adjusted = {"score": "81", "branch": BRANCH_X, "quarter": NEXT, "revision": 1, "seq": seq}
    assert (quarter["quarter"], quarter["score"], quarter["adjusted"]) == (Q3, "80", adjusted)
    assert [one["score"] for one in scores["years"] if one["capacity"] == "member"] == ["81"]
    assert [one["quarter"] for one in scores["revisions"]] == [Q3, Q4, NEXT]
    assert [(one["score"], one["adjusted"]) for one in year["quarters"]] == [("81", adjusted)]
    assert (year["point"]["member"], why["score"], why["size"]) == ("81", "81", seq)
    assert {
        claim["claim"]
        for part in why["quarters"]
        for item in part["items"]
        if item["item"] == "D03"
        for claim in item["claims"]
    } == {"c-late-1", "c-late-2"}


async def test_at_an_earlier_moment_a_colleague_sees_the_year_of_then(ask: Asking) -> None:
    told = []
    for seq in await moments(ask):
        query = {"year": "2023", "known_at": seq}
        scores = await ask.get(f"/members/{LATE}/scores", "colleague", **query)
        radar = await ask.get(f"/members/{LATE}/radar", "colleague", period=Q3, known_at=seq)
        [year] = [one["score"] for one in scores["years"] if one["capacity"] == "member"]
        told.append((year, [one["quarter"] for one in scores["revisions"]], radar["size"] == seq))

    assert told == [
        ("80", [Q3], True),
        ("80.5", [Q3, Q4], True),
        ("80.5", [Q3, Q4], True),
        ("81", [Q3, Q4, NEXT], True),
    ]


async def test_the_mean_of_a_unit_s_published_year_counts_adjustments(ask: Asking) -> None:
    means = []
    for seq in await moments(ask):
        told = await ask.get(
            "/units/comparison",
            **{"period": "2023", "kind": "branch", "class": "all"},
            **PUBLISHED,
            known_at=seq,
        )
        means.append([(one["unit"], one["mean"], one["n"]) for one in told["entries"]])

    # 83.0, 90.0, 86.0; 85.0, then 79.8; and 80.0, 80.5 or 81.0.
    assert means == [[(BRANCH_X, mean, 5)] for mean in ("84.8", "83.9", "83.9", "84")]


async def test_e02_a_late_duty_that_was_not_done_is_listed_and_lowers_the_published_year(
    ask: Asking,
) -> None:
    fourth = await ask.get(f"/branches/{BRANCH_X}/bulletins/{Q4}")
    year = await ask.get("/rankings", **YEAR, **PUBLISHED)
    scores = await ask.get(f"/members/{IDLE}/scores", "colleague", year="2023")
    [quarter] = [one for one in scores["quarters"] if one["capacity"] == "member"]
    listed = [one for one in fourth["content"]["adjustments"] if one["holder"] == IDLE]

    assert [(one["item"], one["quarter"], one["points"]) for one in listed] == [("B03", Q3, 0)]
    assert [one["score"] for one in year["entries"] if one["holder"] == IDLE] == ["79.8"]
    assert (quarter["score"], quarter["adjusted"]["score"]) == ("85", "79.8")


@pytest.mark.parametrize("holder", [*SCORES])
async def test_a_published_sheet_is_made_of_the_figures_that_are_published(
    ask: Asking, holder: str
) -> None:
    """A quarter's of its own bulletin, a year's of what the year counts."""
    told, expected = [], []
    for seq in await moments(ask):
        for period in (Q3, "2023"):
            query = {"period": period, "known_at": seq}
            sheet = await ask.get(f"/members/{holder}/sheet", "colleague", **query)
            why = await ask.get(
                "/explain/figures", "colleague", holder=holder, capacity="member", **query
            )
            told.append((sheet["size"], _sums(sheet)))
            [quarter] = why["quarters"]
            items = {one["item"]: one["points"] for one in quarter["items"]}
            expected.append((why["size"], {code: one for code, one in items.items() if one != "0"}))

    assert told == expected


def _sums(sheet: Any) -> dict[str, str]:
    """What each item brings, by its code, where it brings anything."""
    return {
        item["code"]: line["done"]
        for item in sheet["items"]
        for line in item["lines"]
        if line["capacity"] == "member" and line["done"] != "0"
    }
