"""Boards that are kept say what a naive ranking says, and what is counted from the claims."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import make_url

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.adapters.reads.past import PastSnapshot
from jifen_ledger.adapters.reads.snapshot import Snapshots
from jifen_ledger.application.project import Limits
from jifen_ledger.application.queries.boards import (
    BoardAsked,
    BoardReads,
    Members,
    Page,
    Place,
    Standing,
    board_for,
)
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.rights import Column, Reader
from jifen_ledger.application.queries.rights_of_boards import LIVE
from jifen_ledger.domain.ranking import band_of
from jifen_ledger.domain.score import CAPACITIES
from tests.integration.test_projection_equals_fold import project_stored
from tests.support.board_moves import (
    PEOPLE,
    SECTION,
    UNDER_THE_SECTION,
    beginning,
    board_histories,
    moved,
    prize,
)
from tests.support.budget import examples
from tests.support.ledgers import LEDGERS, Ledger
from tests.support.people import BRANCH_X, SCHEME
from tests.support.servers import new_database

RANDOM_HISTORIES = examples(4, nightly=40)
PERIODS = ("2023-Q2", "2023-Q3", "2023")
BEGINNING = beginning()
ASKED = PEOPLE[:2]
EACH = 1
BANDS = (900, 850, 800, 700)
UPPER = Asked(Reader("upper", SCHEME, Column.UPPER, None), 0, 0, date(2024, 1, 1), date(2024, 1, 1))


@pytest.fixture(scope="module")
def begun(postgres_url: str) -> Iterator[str]:
    """The name of a database that holds the beginning."""
    with new_database(postgres_url) as url:
        upgrade(url)
        asyncio.run(project_stored(url, BEGINNING))
        name = make_url(url).database
        assert name is not None
        yield name


@settings(
    max_examples=RANDOM_HISTORIES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(turns=board_histories(), batch=st.sampled_from([3, 20, 5_000]))
@example(turns=[*UNDER_THE_SECTION, *moved("m-1"), *prize("m-2", 0)], batch=1)
def test_boards_that_are_kept_are_those_that_are_counted(
    postgres_url: str, begun: str, turns: list[bytes], batch: int
) -> None:
    payloads = [*BEGINNING, *turns]
    with new_database(postgres_url, begun) as url:
        asyncio.run(project_stored(url, payloads, Limits(batch_max=batch)))
        asyncio.run(compare(url, after(turns)))


async def compare(url: str, model: Ledger) -> None:
    engine = async_engine(url, connections_max=1)
    try:
        async with Snapshots(engine).open(SCHEME) as now:
            assert now is not None
            counted = PastSnapshot(now, now.moment.size, None)
            for board in boards():
                members = (await board_for(now, UPPER, board)).members
                everybody = await counted.places(board, members, Page(1_000))
                found = await told(now, board, members)
                assert found == expected(everybody), board
            for capacity in CAPACITIES:
                board = BoardAsked("2023-Q3", capacity, "all", None, None, None, LIVE)
                shown = [(one.holder, one.score, one.rank) for one in await listed(now, board)]
                assert shown == naive_ranking(model, capacity), capacity
    finally:
        await engine.dispose()


def boards() -> Iterator[BoardAsked]:
    for period in PERIODS:
        for capacity in CAPACITIES:
            plain = BoardAsked(period, capacity, "all", None, None, None, LIVE)
            yield plain
            for scope in (BRANCH_X, SECTION):
                yield replace(plain, scope=scope)
            yield replace(plain, unit_class="office")


async def listed(reads: BoardReads, board: BoardAsked) -> Sequence[Place]:
    return await reads.places(board, Members(branches=()), Page(1_000))


class Told(NamedTuple):
    """Everything that is asked of a board."""

    pages: Sequence[Place]
    banded: Sequence[tuple[int, str]]
    scored: int
    standings: Sequence[Standing | None]
    neighbours: Sequence[Sequence[Place]]


async def told(reads: BoardReads, board: BoardAsked, members: Members) -> Told:
    pages: list[Place] = []
    while page := await reads.places(board, members, Page(3, _after(pages))):
        pages += page
    banded: list[Place] = []
    while page := await reads.banded(board, members, BANDS, Page(4, _after(banded))):
        banded += page
    return Told(
        pages,
        [(one.score, one.holder) for one in banded],
        await reads.scored(board, members),
        [await reads.standing(board, members, person) for person in ASKED],
        [list(await reads.neighbours(board, members, person, EACH)) for person in ASKED],
    )


def expected(everybody: Sequence[Place]) -> Told:
    """The same from the whole list, without any database."""
    standings: list[Standing | None] = []
    neighbours: list[Sequence[Place]] = []
    for person in ASKED:
        line = next((n for n, one in enumerate(everybody) if one.holder == person), None)
        if line is None:
            standings.append(None)
            neighbours.append([])
        else:
            score = everybody[line].score
            standings.append(Standing(score, sum(one.score > score for one in everybody)))
            neighbours.append(everybody[max(0, line - EACH) : line + EACH + 1])
    bands = [(band_of(one.score, BANDS), one.holder) for one in everybody]
    listed = sorted(
        ((band, holder) for band, holder in bands if band is not None),
        key=lambda one: (-one[0], one[1]),
    )
    return Told(everybody, listed, len(everybody), standings, neighbours)


def _after(shown: Sequence[Place]) -> tuple[int, str] | None:
    return (shown[-1].score, shown[-1].holder) if shown else None


@cache
def begun_model() -> Ledger:
    ledger = LEDGERS["model"](SCHEME)
    for payload in BEGINNING:
        ledger.receive(payload)
    return ledger


def after(turns: Sequence[bytes]) -> Ledger:
    """The naive model after the whole history."""
    ledger = begun_model().fork()
    for payload in turns:
        ledger.receive(payload)
    return ledger


def naive_ranking(model: Ledger, capacity: str) -> list[tuple[str, int, int]]:
    """Rank = 1 + how many have more (domain.md §8, 16), from the naive model's scores."""
    holders = (*PEOPLE, BRANCH_X) if capacity == "unit" else PEOPLE
    found = {holder: model.scores(holder, capacity, "2023-Q3")[5] for holder in holders}
    scores = {holder: score for holder, score in found.items() if score is not None}
    ranked = [
        (holder, score, 1 + sum(other > score for other in scores.values()))
        for holder, score in scores.items()
    ]
    return sorted(ranked, key=lambda one: (-one[1], one[0]))
