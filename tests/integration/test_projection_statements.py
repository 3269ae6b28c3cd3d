"""The projection is set-based: what it asks the database does not grow with the batch."""

import asyncio
import re
from collections import Counter

import pytest
import sqlalchemy as sa
from psycopg import AsyncCursor

from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import StoredStream, now_ms
from tests.support.servers import new_database
from tests.support.shop import fulfilled, offered, reserved

WORLD = [*build.world(), offered(price="0", per_member=100, stock=1_000)]


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


async def statements_of(url: str, count: int, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Every statement and COPY that one batch of claims needs after the world is there."""
    told: Counter[str] = Counter()
    engine = async_engine(url, connections_max=1)

    def execute(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        told[first_words(statement)] += 1

    copy = AsyncCursor.copy

    def counted(self: AsyncCursor[object], statement: bytes, *rest: object) -> object:
        told[first_words(statement.decode())] += 1
        return copy(self, statement, *rest)  # type: ignore[arg-type]

    await project(engine, WORLD)
    sa.event.listen(engine.sync_engine, "before_cursor_execute", execute)
    monkeypatch.setattr(AsyncCursor, "copy", counted)
    try:
        await project(engine, [*WORLD, *lives(count)])
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


async def test_a_batch_of_many_events_needs_no_more_statements_than_one_of_few(
    postgres_url: str, migrated_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_database(postgres_url, migrated_template) as url:
        few = await statements_of(url, 3, monkeypatch)
    with new_database(postgres_url, migrated_template) as url:
        many = await statements_of(url, 300, monkeypatch)

    assert many == few
    assert sum(many.values()) < 60
