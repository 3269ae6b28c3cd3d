"""A lost or older database is made again from the stream, up to the same signed tree."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from jifen_contracts.subjects import stream_of
from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.application.refilling.ports import RefillRefused
from tests.support import builders as build
from tests.support.lost import LostWorld, lost_world
from tests.support.people import SCHEME
from tests.support.private_parts import with_part
from tests.support.projecting import publish
from tests.support.servers import new_database
from tests.support.signing import query, refused, tree_of

EVENT, PART = with_part(build.earned("c-private"), {"text": "why"})
PAYLOADS = [*build.world(), EVENT, *refused(300)]
ROOTS = "SELECT size, root FROM log_checkpoint ORDER BY size"


@pytest.fixture
async def world(nats_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[LostWorld]:
    async with lost_world(nats_url, database_url, tmp_path) as world:
        yield world


@pytest.fixture
def empty_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    with new_database(postgres_url, migrated_template) as url:
        yield url


async def test_a_lost_database_ends_in_the_same_rows_and_the_same_signed_root(
    world: LostWorld, empty_url: str
) -> None:
    await world.keep([PART])
    tree = await world.record(PAYLOADS)
    refilled = await world.refill_ledger(empty_url)
    again = await world.refill_ledger(empty_url)

    assert (refilled.size, refilled.private_parts, refilled.anchored) == (tree.size, 1, tree.size)
    assert (again.size, again.private_parts) == (tree.size, 0)
    assert query(empty_url, ROOTS) == query(world.database_url, ROOTS) == [(tree.size, tree.root)]
    assert digest_of(empty_url, SCHEME) == digest_of(world.database_url, SCHEME)


async def test_what_came_after_the_last_signature_is_signed_as_well(
    world: LostWorld, empty_url: str
) -> None:
    tree = await world.record(PAYLOADS[:-10])
    await publish(world.client, PAYLOADS[-10:])
    refilled = await world.refill_ledger(empty_url)

    assert (refilled.anchored, refilled.signed.size) == (tree.size, len(PAYLOADS))
    assert refilled.signed.root == tree_of(empty_url).root


async def test_another_history_than_the_one_that_was_signed_is_never_signed(
    world: LostWorld, empty_url: str
) -> None:
    await world.record(PAYLOADS)
    other = build.changed(PAYLOADS[-1], nonce="1" * 32)
    await world.restore_stream([*PAYLOADS[:-1], other])
    with pytest.raises(RefillRefused, match="was signed with another root"):
        await world.refill_ledger(empty_url)

    assert query(empty_url, ROOTS) == []


async def test_a_stream_that_lacks_what_was_signed_fills_nothing(
    world: LostWorld, empty_url: str
) -> None:
    await world.record(PAYLOADS)
    await world.restore_stream(PAYLOADS[:-1])
    with pytest.raises(RefillRefused, match="were signed"):
        await world.refill_ledger(empty_url)
    await world.lose_streams(stream_of(SCHEME))
    with pytest.raises(RefillRefused, match="does not exist"):
        await world.refill_ledger(empty_url)

    assert query(empty_url, "SELECT count(*) FROM record") == [(0,)]


async def test_without_an_anchor_nothing_is_signed_with_a_key_that_has_signed(
    world: LostWorld, empty_url: str, tmp_path: Path
) -> None:
    await world.record(PAYLOADS)
    (tmp_path / "anchors" / f"{SCHEME}.anchor").unlink()
    with pytest.raises(RefillRefused, match="log anchor"):
        await world.refill_ledger(empty_url)

    assert query(empty_url, ROOTS) == []
