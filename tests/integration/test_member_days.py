"""Member-days as the reads count them: those of the domain, with absences (§5.2, G13, G17)."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.reads.snapshot import Snapshots
from jifen_ledger.application.queries.rights import Holder
from jifen_ledger.domain.active_days import active_days
from jifen_ledger.domain.state import State
from tests.integration.reading import project, reading
from tests.ledger.test_active_days import TIMES
from tests.support import builders as build
from tests.support.boards import LATER, two_branches
from tests.support.organisation import absent
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, CHEN, COMMITTEE, SCHEME, SECRETARY
from tests.support.projecting import folded

QUARTERS = ("2023-Q3", "2023-Q4")
PEOPLE = (ANNA, BO, CHEN, COMMITTEE, SECRETARY)
CAPACITIES = ("member", "committee")
# A record that was joined into another has no score, so nobody asks for its days.
OPEN = TIMES[:-1]


@pytest.mark.parametrize("times", [OPEN, OPEN[::-1], OPEN[::2], OPEN[1::2]])
async def test_the_reads_count_the_days_of_the_domain(
    database_url: str, times: Sequence[bytes]
) -> None:
    payloads = [*build.world(), *times]
    await project(database_url, payloads)
    state, _ = folded(payloads)
    engine = async_engine(database_url, connections_max=1)
    try:
        async with Snapshots(engine).open(SCHEME) as reads:
            assert reads is not None
            found = {
                (person, capacity): dict(
                    await reads.days(Holder(person, of_unit=False, branch=None), capacity, QUARTERS)
                )
                for person in PEOPLE
                for capacity in CAPACITIES
            }
    finally:
        await engine.dispose()

    assert {key: without_zeros(days) for key, days in found.items()} == {
        (person, capacity): without_zeros(expected(state, person, capacity))
        for person in PEOPLE
        for capacity in CAPACITIES
    }


def expected(state: State, person: str, capacity: str) -> dict[str, int]:
    member = state.members.get(person)
    assert member is not None
    kept = [state.absences.get(key) for key in state.absences_of.get(person)]
    absences = [one for one in kept if one is not None]
    return {period: active_days(member, absences, capacity, period) for period in QUARTERS}


def without_zeros(days: dict[str, int]) -> dict[str, int]:
    """A quarter without a day and one without a home are the same."""
    return {period: count for period, count in days.items() if count}


async def test_g17_absences_leave_the_member_days_of_the_units(
    database_url: str, tmp_path: Path
) -> None:
    away = [
        absent("m-x-1", "2023-08-01", "2023-08-11", kind="sick"),
        absent("m-mover", "2023-08-10", "2023-08-20", kind="leave"),
        absent("m-y-1", "2023-06-01", "2023-07-01", kind="study"),
    ]
    async with reading(database_url, tmp_path, [*two_branches(4), *away], LATER) as ask:
        found = await ask.get("/units/comparison", period="2023-Q3", **{"class": "all"})

    # X: (82 + 3 x 92) x 80 + 40 x 90 over 398; Y: 5 x 92 x 85 + 42 x 90 over 502.
    assert [
        (one["unit"], one["mean"], one["n"], one["member_days"]) for one in found["entries"]
    ] == [
        (BRANCH_Y, "85.4", 6, 502),
        (BRANCH_X, "81", 5, 398),
    ]


async def test_who_was_away_all_quarter_is_not_among_the_holders_of_a_unit(
    database_url: str, tmp_path: Path
) -> None:
    away = absent("m-x-1", "2023-07-01", "2023-10-01", kind="exempt", basis="order")
    async with reading(database_url, tmp_path, [*two_branches(4), away], LATER) as ask:
        found = await ask.get("/units/comparison", period="2023-Q3", **{"class": "all"})
        year = await ask.get("/members/m-x-1/scores", year="2023")

    small = {one["unit"]: one for one in found["entries"]}[BRANCH_X]
    assert (small["n"], small["member_days"], small["rank"]) == (4, 321, None)
    assert [one["active_days"] for one in year["quarters"]] == [0]
    assert year["years"][0]["score"] is None
