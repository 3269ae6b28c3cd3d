"""A ledger is killed in the midst of comparing its past: the next one goes on where it was."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jifen_ledger.log.tree import EMPTY_TREE, grown
from tests.support.lost import LostWorld, lost_world
from tests.support.people import SCHEME
from tests.support.signing import query, refused, tamper
from tests.support.wait import until

PAYLOADS = refused(1_300)
COMPARED = 1_024
KEPT = "SELECT size, began_ms, whole_size FROM compared"
LEAVES = "SELECT leaf_hash FROM record WHERE seq <= %s ORDER BY seq"
GO_BACK = """
UPDATE compared SET size = %s, peaks = %s, whole_size = 0, whole_ms = NULL, last_recorded_at = (
    SELECT convert_from(bytes, 'UTF8')::jsonb ->> 'recorded_at' FROM record WHERE seq = %s
)
"""


@pytest.fixture
async def world(nats_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[LostWorld]:
    async with lost_world(nats_url, database_url, tmp_path) as world:
        yield world


async def test_a_killed_ledger_s_pass_over_the_past_is_ended_by_the_next(world: LostWorld) -> None:
    await world.record(PAYLOADS)
    with running(world):
        await until(lambda: kept(world)[:1] == (0,) and kept(world)[2:] == (len(PAYLOADS),))
    _, began_ms, _ = kept(world)
    # As it was kept on the way, between two looks.
    leaves = [leaf for (leaf,) in query(world.database_url, LEAVES, COMPARED)]
    tree, _ = grown(EMPTY_TREE, leaves)
    query(world.database_url, GO_BACK, COMPARED, tree.joined, COMPARED)
    tamper(world.database_url, "UPDATE record SET bytes = bytes || ' ' WHERE seq = 700")
    with running(world):
        await until(lambda: kept(world)[2:] == (len(PAYLOADS),))

    # It is the same pass, and nothing that was compared before was compared again.
    assert kept(world) == (0, began_ms, len(PAYLOADS))


def kept(world: LostWorld) -> tuple[int, ...]:
    rows = query(world.database_url, KEPT)
    return tuple(rows[0]) if rows else ()


@contextmanager
def running(world: LostWorld) -> Iterator[None]:
    """A ledger that looks often; killed at the end of the block."""
    readers = world.directory / "readers.toml"
    readers.touch()
    environment = (
        os.environ
        | world.environment
        | {
            "JIFEN_SCHEMES": SCHEME,
            "JIFEN_READERS_FILE": str(readers),
            "JIFEN_HTTP_PORT": "0",
            "JIFEN_RECONCILE_LOOK_S": "0.05",
            # Under its name it has its lease at once; another would wait for its end.
            "JIFEN_WORKER": "one",
        }
    )
    command = [sys.executable, "-P", "-m", "jifen_ledger", "serve"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()
