"""Boards of the past count everybody at once; each figure is the one of the holder alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.reads.past import PastSnapshot
from jifen_ledger.adapters.reads.snapshot import Snapshots
from jifen_ledger.adapters.tables import claim
from jifen_ledger.domain.score import CAPACITIES, Figures
from tests.integration.reading import reading
from tests.integration.test_projection_equals_fold import project_stored
from tests.support import builders as build
from tests.support.boards import LATER, approved, two_branches
from tests.support.budget import examples
from tests.support.histories import histories
from tests.support.judgements import vetoed
from tests.support.people import SCHEME, UPPER
from tests.support.servers import new_database
from tests.support.turned_claims import turned_claims

RANDOM_HISTORIES = examples(6, nightly=60)
WORLD = len(build.world())
YEAR = "2023"
DAYS = st.dates(date(2023, 6, 1), date(2023, 9, 30))
# More of the first two months' duties, so that some are scored before the quarter is over.
DUTIES = ("C01", "C08")


@settings(
    max_examples=RANDOM_HISTORIES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(payloads=histories(), day=DAYS, share=st.fractions(0, 1))
@example(payloads=turned_claims(), day=date(2023, 8, 10), share=1)
@example(payloads=turned_claims(), day=date(2023, 7, 13), share=0.8)
def test_everybody_s_figures_are_those_of_each_holder(
    postgres_url: str, migrated_template: str, payloads: list[bytes], day: date, share: float
) -> None:
    seq = WORLD + int((len(payloads) - WORLD) * share)
    with new_database(postgres_url, migrated_template) as url:
        asyncio.run(project_stored(url, payloads))
        asyncio.run(compare(url, [(seq, None), (seq, day)]))


async def compare(url: str, moments: Sequence[tuple[int, date | None]]) -> None:
    engine = async_engine(url, connections_max=1)
    try:
        for seq, day in moments:
            async with Snapshots(engine).open(SCHEME) as now:
                assert now is not None
                reads = PastSnapshot(now, seq, day)
                holders = await holders_of(reads)
                alone = {holder: await reads.figures_then(holder) for holder in holders}
                for capacity in CAPACITIES:
                    found = await reads.figures_of_holders(capacity, YEAR)
                    assert shown(found) == shown(
                        {
                            (holder, quarter): figures
                            for holder, own in alone.items()
                            for (name, quarter), figures in own.items()
                            if name == capacity and quarter.startswith(YEAR)
                        }
                    ), (seq, day, capacity)
    finally:
        await engine.dispose()


async def holders_of(reads: PastSnapshot) -> list[str]:
    """Everybody who has a claim by now; who was joined later has one under another id."""
    found = await reads._connection.execute(sa.select(claim.c.holder).distinct())
    return [*found.scalars(), "m-bo-twin"]


def shown(figures: dict[tuple[str, str], Figures]) -> dict[tuple[str, str], Figures]:
    """What boards take of the figures there are: without categories of nothing."""
    found = {}
    for key, one in figures.items():
        if one.any:
            categories = {name: value for name, value in one.categories.items() if value}
            found[key] = replace(one, categories=categories, bonuses={}, severe=0)
    return found


def before_the_end() -> list[bytes]:
    """Two branches whose people have duties enough by August, and more prizes in September."""
    events = two_branches(5)
    for number in range(1, 6):
        person = f"m-x-{number}"
        for item in DUTIES:
            for month in ("07", "08"):
                claim_id = f"c-{person}-{item.lower()}-{month}"
                fact = build.fact(claim_id, item, person, period=f"2023-{month}", by=None)
                events += approved(claim_id, person, fact)
        later = build.earned(
            f"c-{person}-late", "C07", person, member=build.tier("plant"), on=f"2023-09-{number:02}"
        )
        events += approved(f"c-{person}-late", person, later)
    return [*events, build.reversal("c-m-x-1-late", "m-x-1", deciders=(UPPER,))]


@pytest.mark.parametrize(
    ("day", "scores"),
    [
        ("2023-08-30", []),
        ("2023-08-31", ["80"] * 5),
        ("2023-09-03", ["84", "84", "80", "80", "80"]),
        ("2023-09-29", ["84", "84", "84", "84", "80"]),
    ],
)
async def test_a_board_of_a_day_ranks_what_was_done_by_then(
    database_url: str, tmp_path: Path, day: str, scores: list[str]
) -> None:
    board = {"period": "2023-Q3", "capacity": "member", "scope": "u-x", "as_of": day}
    async with reading(database_url, tmp_path, before_the_end(), LATER) as ask:
        found = await ask.get("/rankings", **board)
        first = await ask.get("/members/m-x-2/rank", **board)

    assert [one["score"] for one in found["entries"]] == scores
    assert first["rank"] == (1 if scores else None)


async def test_a_veto_zeroes_the_score_from_the_day_on_that_it_covers(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*before_the_end(), vetoed("m-x-2", since="2023-09-20", recorded="2023-11-01")]
    board = {"period": "2023-Q3", "capacity": "member", "scope": "u-x"}
    moments: list[dict[str, Any]] = [
        {"as_of": "2023-09-19"},
        {"as_of": "2023-09-20"},
        {"known_at": len(payloads) - 1},
        {},
    ]
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        ranks = [await ask.get("/members/m-x-2/rank", **board, **moment) for moment in moments]

    assert [one["score"] for one in ranks] == ["84", "0", "84", "0"]
