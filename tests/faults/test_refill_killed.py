"""A refill is killed again and again while others write: what it had done stays, and it ends."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import nats.errors
import nats.js.errors
import psycopg
import pytest

from jifen_contracts.subjects import stream_of
from tests.support import builders as build
from tests.support.lost import LostWorld, lost_world
from tests.support.people import SCHEME
from tests.support.projecting import subject_for
from tests.support.servers import libpq_url, new_database
from tests.support.signing import query, refused, tree_of
from tests.support.wait import LOOK_AGAIN_S, until

PAYLOADS = [*build.world(), *refused(4_500)]
LATE = [build.earned(f"c-late-{number}", deed=f"late-{number}") for number in range(400)]
BATCH_MAX = 200
KILLS = 2
ENDS_WITHIN_S = 120


@pytest.fixture
async def world(nats_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[LostWorld]:
    async with lost_world(nats_url, database_url, tmp_path) as world:
        yield world


async def test_a_killed_refill_of_the_stream_goes_on_while_others_try_to_write(
    world: LostWorld,
) -> None:
    tree = await world.record(PAYLOADS)
    await world.lose_streams()
    killed_at = [0]
    async with _writing(world) as accepted:
        for _ in range(KILLS):
            refill = _started(world, world.database_url, "refill-stream", "--erasable-for-tests")
            await _until_longer(world, killed_at[-1])
            await _kill(refill, world.database_url)
            killed_at.append(await _length(world))
        refused_so_far = len(accepted)
        refill = _started(world, world.database_url, "refill-stream")
        said, _ = await asyncio.to_thread(refill.communicate, timeout=ENDS_WITHIN_S)
        await until(lambda: len(accepted) > 0)
    stored = [one.payload for one in await world.stored()]

    assert killed_at == sorted(set(killed_at)), "a run began anew"
    assert killed_at[-1] < len(PAYLOADS), "not in mid-refill"
    assert refused_so_far == 0
    assert (refill.returncode, f"{len(PAYLOADS) - killed_at[-1]:,} messages" in said) == (0, True)
    assert stored[: len(PAYLOADS)] == PAYLOADS
    # Whoever was accepted has its number after all that was there before.
    assert [stored[seq - 1] for seq in accepted] == LATE[: len(accepted)]
    assert min(accepted) > tree.size


async def test_a_killed_refill_of_the_ledger_goes_on_while_events_come_in(
    world: LostWorld, postgres_url: str, migrated_template: str
) -> None:
    tree = await world.record(PAYLOADS)
    with new_database(postgres_url, migrated_template) as empty:
        killed_at = [0]
        async with _writing(world) as accepted:
            for _ in range(KILLS):
                refill = _started(world, empty, "refill-ledger")
                with psycopg.connect(libpq_url(empty), autocommit=True) as connection:
                    await until(partial(_is_longer, connection, killed_at[-1]))
                    await _kill(refill, empty)
                    killed_at.append(_size(connection))
            await until(lambda: len(accepted) > 0)
        refill = _started(world, empty, "refill-ledger")
        said, _ = await asyncio.to_thread(refill.communicate, timeout=ENDS_WITHIN_S)
        after = tree_of(empty)
        roots = query(empty, "SELECT size, root FROM log_checkpoint ORDER BY size")

    assert killed_at == sorted(set(killed_at)), "a run began anew"
    assert killed_at[-1] < len(PAYLOADS), "not in mid-refill"
    assert (refill.returncode, f"begins with the {tree.size:,} records" in said) == (0, True)
    assert after.size == len(PAYLOADS) + len(accepted)
    # At the anchor's size only the anchor's root, and one root for each size.
    assert dict(roots).get(tree.size, tree.root) == tree.root
    assert roots[-1] == (after.size, after.root)


@asynccontextmanager
async def _writing(world: LostWorld) -> AsyncIterator[list[int]]:
    """Somebody sends events one after another, each until it is accepted; yields their numbers."""
    accepted: list[int] = []
    stop = asyncio.Event()

    async def write() -> None:
        jetstream = world.client.jetstream()
        for payload in LATE:
            while not stop.is_set():
                try:
                    accepted.append((await jetstream.publish(subject_for(payload), payload)).seq)
                    break
                except (nats.errors.Error, nats.js.errors.Error):
                    await asyncio.sleep(LOOK_AGAIN_S)

    task = asyncio.create_task(write())
    try:
        yield accepted
    finally:
        stop.set()
        await task


def _started(
    world: LostWorld, database_url: str, command: str, *options: str
) -> subprocess.Popen[str]:
    environment = (
        os.environ
        | world.environment
        | {
            "JIFEN_DATABASE_URL": database_url,
            "JIFEN_BATCH_MAX": str(BATCH_MAX),
        }
    )
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "jifen_ledger", command, SCHEME, *options],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def _kill(process: subprocess.Popen[str], database_url: str) -> None:
    process.kill()
    await asyncio.to_thread(process.communicate)
    # As if the lease had run out, which takes some seconds.
    with psycopg.connect(libpq_url(database_url), autocommit=True) as connection:
        connection.execute("UPDATE lease SET expires_at = now()")


async def _until_longer(world: LostWorld, length: int) -> None:
    async with asyncio.timeout(ENDS_WITHIN_S):
        while await _length(world) <= length:  # noqa: ASYNC110 - the stream is elsewhere
            await asyncio.sleep(LOOK_AGAIN_S)


async def _length(world: LostWorld) -> int:
    try:
        info = await world.client.jetstream().stream_info(stream_of(SCHEME))
    except nats.js.errors.NotFoundError:
        return 0
    return info.state.last_seq


def _is_longer(connection: psycopg.Connection, size: int) -> bool:
    return _size(connection) > size


def _size(connection: psycopg.Connection) -> int:
    found = connection.execute("SELECT size FROM log_head").fetchone()
    return 0 if found is None else int(found[0])
