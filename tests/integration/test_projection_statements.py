"""The projection is set-based: what it asks the database does not grow with the batch."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from psycopg import AsyncCursor

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from tests.support import builders as build
from tests.support.organisation import absent, assessment
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    COMMITTEE,
    GROUP_X1,
    GROUP_X2,
    LEADER,
    PANEL_X,
    RECORDER,
    SCHEME,
    SECRETARY,
    SPECIALIST,
    UPPER,
)
from tests.support.projecting import StoredStream, now_ms
from tests.support.quarters import advanced, answered, base_items, objected, revised
from tests.support.servers import new_database
from tests.support.shop import fulfilled, offered, reserved

WORLD = [*build.world(), offered(price="0", per_member=100, stock=1_000)]
AWAY = "u-away"
QUARTER = ("2023-07", "2023-08", "2023-09")
PEOPLE_WITHOUT_GROUP = (COMMITTEE, RECORDER, SECRETARY, *PANEL_X[:3])


def lives(count: int) -> list[bytes]:
    """Claims of `count` deeds, each claimed and decided, and goods that are reserved and taken."""
    return [
        step
        for number in range(count)
        for step in (
            *build.decided(build.earned(f"c-{number}", deed=f"d-{number}")),
            reserved(f"rd-{number}", price="0"),
            fulfilled(f"rd-{number}"),
        )
    ]


def months(count: int) -> list[bytes]:
    """The month of a group with `count` members more, on all levels, and their claims of B04."""
    people = [f"m-more-{number}" for number in range(count)]
    alone = (*PEOPLE_WITHOUT_GROUP, GROUP_X2)
    return [
        *(assessment(person) for person in (ANNA, BO, LEADER, *people)),
        assessment(GROUP_X1),
        assessment(BRANCH_X, missing=dict.fromkeys(alone, "on_leave")),
        *(claim for one in people for claim in build.decided(timely(one))),
    ]


def timely(person: str) -> bytes:
    return build.fact(f"c-{person}", "B04", person, recorded="2023-08-03")


def newcomers(count: int) -> list[bytes]:
    people = [f"m-more-{number}" for number in range(count)]
    return [
        *(build.enrolled(person) for person in people),
        *(build.assigned(person) for person in people),
        *(build.assigned(person, "group_member", GROUP_X1) for person in people),
    ]


def away_branch(count: int) -> list[bytes]:
    """A branch of `count` members who were away all quarter, with a verified claim of each."""
    people = [f"m-away-{number}" for number in range(count)]
    return [
        build.registered(AWAY),
        build.panel(AWAY, name="pl-away"),
        *(build.enrolled(person) for person in people),
        *(build.assigned(person, "member", AWAY) for person in people),
        *(absent(person, "2023-07-01", "2023-10-01", kind="study") for person in people),
        *(step for person in people for step in reported(person)),
    ]


def reported(person: str) -> list[bytes]:
    claim = f"c-{person}"
    return [
        build.earned(claim, holder=person),
        build.preliminary(claim, person, deciders=[SPECIALIST]),
        build.verified(claim, person, recorded="2023-08-08"),
    ]


def its_quarter(count: int) -> list[bytes]:
    """The branch's quarter is published, all its claims are objected to, one is corrected."""
    people = [f"m-away-{number}" for number in range(count)]
    objections = [
        objected(f"ob-{one}", claim=f"c-{one}", subject=one, recorded="2023-10-12")
        for one in people
    ]
    answers = [
        answered(f"ob-{one}", "upheld", subject=one, corrects=[f"c-{one}"]) for one in people[:1]
    ]
    back = build.reversal(f"c-{people[0]}", people[0], deciders=[UPPER], recorded="2023-10-17")
    revision = revised(2, branch=AWAY, recorded="2023-10-18")
    return [*published_away(), *objections, *answers, back, revision]


def published_away() -> list[bytes]:
    waived = [
        {"holder": AWAY, "item": item, "period": month}
        for item in base_items("unit")
        for month in QUARTER
    ]
    months = [{"holder": AWAY, "month": month} for month in QUARTER]
    waive = {"facts": waived, "assessments": months, "reason": "trial"}
    return [
        advanced("preliminary", branch=AWAY, by=UPPER),
        advanced("verified", branch=AWAY, waive=waive),
        advanced("published", branch=AWAY, by=UPPER),
    ]


Told = Callable[[int], list[bytes]]


async def statements_of(
    url: str, before: list[bytes], batch: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> Counter[str]:
    """Every statement and COPY that one batch needs after what was before it."""
    told: Counter[str] = Counter()
    engine = async_engine(url, connections_max=1)

    def execute(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # The server's own figures of its tables are renewed now and then, whatever the batch.
        if not statement.startswith(("ANALYZE", "SET LOCAL default_statistics_target")):
            told[first_words(statement)] += 1

    copy = AsyncCursor.copy

    def counted(self: AsyncCursor[object], statement: bytes, *rest: object) -> object:
        told[first_words(statement.decode())] += 1
        return copy(self, statement, *rest)  # type: ignore[arg-type]

    await project(engine, before)
    sa.event.listen(engine.sync_engine, "before_cursor_execute", execute)
    monkeypatch.setattr(AsyncCursor, "copy", counted)
    try:
        await project(engine, [*before, *batch])
    finally:
        monkeypatch.undo()
        await engine.dispose()
    return told


async def project(engine: object, payloads: list[bytes]) -> None:
    status = SchemeStatus(SCHEME)
    journal = PostgresJournal(engine)  # type: ignore[arg-type]
    stream, stopping = StoredStream(payloads), asyncio.Event()
    await ProjectScheme(stream, journal, now_ms, status, stopping, Limits(5_000)).catch_up()
    assert (status.stopped, status.size) == (None, len(payloads)), status.detail


def first_words(statement: str) -> str:
    return re.sub(r"\s+", " ", statement)[:120]


@pytest.mark.parametrize(
    ("before", "batch"),
    [(lambda _: [], lives), (newcomers, months), (away_branch, its_quarter)],
    ids=["claims", "months", "quarters"],
)
async def test_a_batch_of_many_events_needs_no_more_statements_than_one_of_few(
    postgres_url: str,
    migrated_template: str,
    monkeypatch: pytest.MonkeyPatch,
    before: Told,
    batch: Told,
) -> None:
    found = []
    for count in (3, 300):
        past = [*WORLD, *before(count)]
        with new_database(postgres_url, migrated_template) as url:
            found.append(await statements_of(url, past, batch(count), monkeypatch))
    few, many = found

    assert many == few
    assert sum(many.values()) < 90
