"""A projected world that is copied for each test, and the steps of a rebuild as commands."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url

from jifen_ledger.__main__ import main
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.application.project import ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from tests.support.audited import Said
from tests.support.people import SCHEME
from tests.support.projecting import StoredStream, now_ms
from tests.support.servers import new_database
from tests.support.signing import query

Step = Callable[..., Said]


@contextmanager
def projected_template(
    postgres_url: str, template: str, payloads: Sequence[bytes]
) -> Iterator[str]:
    """The name of a database that has projected the stream; others are copied from it."""
    with new_database(postgres_url, template) as url:
        project(url, payloads)
        name = make_url(url).database
        assert name is not None
        yield name


def project(url: str, payloads: Sequence[bytes]) -> None:
    """Record what the stream has beyond the head."""
    asyncio.run(_project(url, payloads))


async def _project(url: str, payloads: Sequence[bytes]) -> None:
    engine, status = async_engine(url, connections_max=2), SchemeStatus(SCHEME)
    try:
        await ProjectScheme(
            StoredStream(payloads), PostgresJournal(engine), now_ms, status, asyncio.Event()
        ).catch_up()
    finally:
        await engine.dispose()
    assert status.size == len(payloads), status.detail


def stepping(url: str, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> Step:
    """What takes a step of a rebuild by its command, in this process."""
    patch.setenv("JIFEN_DATABASE_URL", url)
    patch.setenv("JIFEN_NATS_URL", "nats://not.asked")
    patch.setenv("JIFEN_BATCH_MAX", "50")
    # The log of the tests' own process goes where it went.
    patch.setattr("jifen_ledger.commands.rebuilding.configure_log", lambda _: None)

    def step(*arguments: str) -> Said:
        capsys.readouterr()
        status = main(["rebuild", *arguments, "--scheme", SCHEME])
        printed = capsys.readouterr()
        return Said(status, printed.out, printed.err)

    return step


def beside(url: str) -> list[tuple[str, int]]:
    """The generation beside the live one, by its role and size."""
    return [(role, size) for role, size in query(url, "SELECT role, size FROM rebuild")]


def schemas(url: str) -> list[str]:
    """The schemas of generations."""
    found = query(url, "SELECT nspname FROM pg_namespace WHERE nspname ~ 'rebuild_'")
    return [name for (name,) in found]
