"""Each step on the generations is killed in its midst; taken again, it ends as it should."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.adapters.generations import schema_of
from tests.support import builders as build
from tests.support.audited import world_with_boards
from tests.support.generations import beside, project, projected_template, schemas
from tests.support.people import SCHEME
from tests.support.servers import libpq_url, new_database
from tests.support.wait import until

HISTORY = world_with_boards()
LATER = [build.earned(f"c-later-{number}", deed=f"d-{number}") for number in range(40)]
ENDS_WITHIN_S = 60
# The exchange comes to it when it has moved most tables already.
HELD_TABLE = "wallet"
WAITS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
CLIENTS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'
"""


@pytest.fixture(scope="module")
def world(postgres_url: str, migrated_template: str) -> Iterator[str]:
    with projected_template(postgres_url, migrated_template, HISTORY) as name:
        yield name


@pytest.fixture
def url(postgres_url: str, world: str) -> Iterator[str]:
    with new_database(postgres_url, world) as url:
        yield url


async def test_a_step_that_is_killed_in_its_midst_has_changed_nothing_and_can_be_taken_again(
    url: str,
) -> None:
    before = digest_of(url, SCHEME)
    second = schema_of(SCHEME)
    await killed(url, "build", "--from", "journal", reads="rebuild")
    begun = beside(url)
    done(url, "build", "--from", "journal")
    await killed(url, "compare", reads=f'"{second}".balance')
    built = beside(url)
    await killed(url, "switch", writes=HELD_TABLE)
    unswitched = (beside(url), schemas(url), digest_of(url, SCHEME))
    done(url, "switch")
    switched = (beside(url), digest_of(url, SCHEME))
    await asyncio.to_thread(project, url, [*HISTORY, *LATER])
    later = digest_of(url, SCHEME)
    await killed(url, "back", writes=HELD_TABLE)
    caught_up = (beside(url), digest_of(url, SCHEME))
    done(url, "back")
    back = (beside(url), digest_of(url, SCHEME))
    await killed(url, "drop", reads=f'"{second}".balance')
    kept = beside(url)
    done(url, "drop")

    size, all_of_it = len(HISTORY), len(HISTORY) + len(LATER)
    assert begun in ([], [("new", 0)])
    assert built == [("new", size)]
    assert unswitched == ([("new", size)], [second], before)
    assert switched == ([("old", size)], before)
    assert caught_up == ([("old", all_of_it)], later)
    assert back == ([("new", all_of_it)], later)
    assert (kept, beside(url), schemas(url)) == ([("new", all_of_it)], [], [])


async def killed(url: str, *arguments: str, reads: str = "", writes: str = "") -> None:
    """Start the step, kill it while it waits for a table, and wait until the server knows."""
    lock = f"{reads} IN ACCESS EXCLUSIVE" if reads else f"{writes} IN EXCLUSIVE"
    with psycopg.connect(libpq_url(url)) as holder, watching(url) as watch:
        holder.execute(f"LOCK TABLE {lock} MODE".encode())
        process = started(url, *arguments)
        await until(lambda: count(watch, WAITS) > 0)
        process.kill()
        await asyncio.to_thread(process.communicate)
        holder.rollback()
    with watching(url) as watch:
        await until(lambda: count(watch, CLIENTS) == 0)
        # As if the lease had run out, which takes some seconds.
        watch.execute("UPDATE lease SET expires_at = now()")


def done(url: str, *arguments: str) -> None:
    """Take the step to its end."""
    process = started(url, *arguments)
    said = process.communicate(timeout=ENDS_WITHIN_S)
    assert process.returncode == 0, said


def started(url: str, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "JIFEN_NATS_URL": "nats://not.asked",
        "JIFEN_DATABASE_URL": url,
        "JIFEN_BATCH_MAX": "20",
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "jifen_ledger", "rebuild", *arguments, "--scheme", SCHEME],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def watching(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        yield connection


def count(connection: psycopg.Connection, query: str) -> int:
    found = connection.execute(query.encode()).fetchone()
    return 0 if found is None else int(found[0])
