"""What was altered, lost or restored is not signed; what only lags is brought up and signed on."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import Anchor
from tests.support.people import SCHEME
from tests.support.servers import new_database
from tests.support.signing import SigningLog, refused, signing_log, tamper, tree_of


@pytest.fixture
async def log(database_url: str, tmp_path: Path) -> AsyncIterator[SigningLog]:
    async with signing_log(database_url, tmp_path) as one:
        yield one


ALTER = """
UPDATE record SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), '{}', '{}'), 'UTF8')
WHERE seq = {}
"""
FIT_LEAF = "UPDATE record SET leaf_hash = sha256('\\x00'::bytea || bytes) WHERE seq = {}"
SET_HEAD = "UPDATE log_head SET peaks = decode('{}', 'hex')"
SET_SIGNED = "UPDATE log_signed SET peaks = decode('{}', 'hex'), root = decode('{}', 'hex')"


def altered(old: str, new: str, seq: int = 150) -> str:
    """Other bytes for a record."""
    return ALTER.format(old, new, seq)


def with_its_leaf(statement: str, seq: int = 150) -> list[str]:
    return [statement, FIT_LEAF.format(seq)]


OTHER_NONCE = altered('"nonce":"0', '"nonce":"1')
OTHER_SEQ = altered('"seq":150', '"seq":151')
POSTED = altered('"postings":[]', '"postings":[{"account":"spent","delta":5}]')
EARLIER = altered('"recorded_at":"2023', '"recorded_at":"2022')
NOT_JSON = "UPDATE record SET bytes = 'x' WHERE seq = 150"
NO_RECORD = "DELETE FROM record WHERE seq = 150"
OTHER_NODE = "UPDATE log_node SET hash = sha256(hash)"
NO_NODE = "DELETE FROM log_node"
OTHER_PEAKS = "UPDATE log_head SET peaks = sha256('a') || substr(peaks, 33)"
OTHER_LEAF = "UPDATE record SET leaf_hash = sha256(leaf_hash) WHERE seq = 101"


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        ([OTHER_NONCE], HaltReason.ALTERED_RECORD),
        (with_its_leaf(OTHER_NONCE), HaltReason.ALTERED_TREE),
        (with_its_leaf(OTHER_SEQ), HaltReason.ALTERED_RECORD),
        (with_its_leaf(POSTED), HaltReason.ALTERED_RECORD),
        (with_its_leaf(EARLIER), HaltReason.ALTERED_RECORD),
        (with_its_leaf(NOT_JSON), HaltReason.ALTERED_RECORD),
        ([NO_RECORD], HaltReason.ALTERED_RECORD),
        ([OTHER_NODE], HaltReason.ALTERED_TREE),
        ([NO_NODE], HaltReason.ALTERED_TREE),
        ([OTHER_PEAKS], HaltReason.ALTERED_TREE),
    ],
)
async def test_what_was_altered_before_it_is_signed_is_not_signed(
    log: SigningLog, statements: list[str], reason: HaltReason
) -> None:
    await log.project(refused(100))
    await log.sign()
    await log.project(refused(300))
    tamper(log.url, *statements)

    await log.use_case.follow(0)

    assert (log.status.halted, sorted(log.notes())) == (reason, [100]), log.status.detail
    assert not log.status.ready(0)


def rewritten(url: str) -> list[str]:
    """All that a superuser can do: record 50 altered, and every hash that rests on it made anew."""
    tamper(url, *with_its_leaf(altered('"nonce":"0', '"nonce":"1', 50), 50))
    tree = tree_of(url)
    peaks, root = tree.joined.hex(), tree.root.hex()
    return [SET_HEAD.format(peaks), SET_SIGNED.format(peaks, root)]


@pytest.mark.parametrize(
    ("rewrite", "reason"),
    [
        (lambda _: [OTHER_LEAF], HaltReason.INCONSISTENT),
        (lambda url: rewritten(url)[:1], HaltReason.ALTERED_TREE),
        (rewritten, HaltReason.ANCHOR_CONTRADICTED),
    ],
)
async def test_a_history_rewritten_after_it_was_signed_is_signed_no_more(
    log: SigningLog, rewrite: Callable[[str], list[str]], reason: HaltReason
) -> None:
    payloads = refused(200)
    await log.project(payloads[:101])
    await log.sign()
    tamper(log.url, *rewrite(log.url))
    await log.project(payloads)
    log.restart()

    await log.use_case.follow(0)

    assert (log.status.halted, sorted(log.notes())) == (reason, [101]), log.status.detail


async def test_an_older_copy_of_the_database_is_brought_up_and_signed_on(
    log: SigningLog, postgres_url: str, tmp_path: Path
) -> None:
    payloads = refused(450)
    await log.project(payloads[:100])
    await log.sign()
    await log.engine.dispose()
    with new_database(postgres_url, log.url.rpartition("/")[2].partition("?")[0]) as older:
        await log.project(payloads[:300])
        newest = (await log.sign(), log.notes()[300])[1]
        async with signing_log(older, tmp_path) as restored:
            first = [await restored.sign(), restored.status.has_all_signed]
            await restored.project(payloads[:200])
            second = [await restored.sign(), restored.status.has_all_signed]
            early = sorted(restored.notes())
            await restored.project(payloads)
            await restored.sign()

            assert [first[1], second[1], early] == [False, False, [100]]
            assert restored.notes()[300] == newest
            assert sorted(restored.notes()) == [100, 300, 450]
            assert restored.status.has_all_signed


async def test_an_older_copy_of_the_database_with_another_stream_is_not_signed(
    log: SigningLog, postgres_url: str, tmp_path: Path
) -> None:
    payloads = refused(300)
    await log.project(payloads[:100])
    await log.sign()
    await log.engine.dispose()
    with new_database(postgres_url, log.url.rpartition("/")[2].partition("?")[0]) as older:
        await log.project(payloads)
        await log.sign()
        async with signing_log(older, tmp_path) as restored:
            await restored.project([*payloads[:100], *refused(250, "other")])
            await restored.use_case.follow(0)

            assert restored.status.halted is HaltReason.ANCHOR_CONTRADICTED
            assert sorted(restored.notes()) == [100]
            assert not restored.status.has_all_signed


async def test_without_its_anchor_or_key_a_signed_log_is_signed_no_more(
    log: SigningLog, tmp_path: Path
) -> None:
    await log.sign()
    anchor, key = tmp_path / "anchors" / f"{SCHEME}.anchor", tmp_path / "keys" / f"{SCHEME}.key"
    found = []
    for spoil in (
        lambda: key.rename(tmp_path / "away.key"),
        partial(_spoil_anchor, tmp_path / "away.key", key, anchor),
        anchor.unlink,
        anchor.parent.rmdir,
    ):
        spoil()
        log.restart()
        with pytest.raises(SigningHalted) as halted:
            await log.sign()
        found.append(halted.value.reason)

    assert found == [
        HaltReason.KEY_MISSING,
        HaltReason.ANCHOR_UNFIT,
        HaltReason.ANCHOR_MISSING,
        HaltReason.ANCHOR_UNFIT,
    ]


async def test_an_anchor_older_than_the_database_is_compared_and_brought_up(
    log: SigningLog,
) -> None:
    payloads = refused(400)
    await log.project(payloads[:300])
    await log.sign()
    older = log.anchors.read_now(SCHEME)
    assert older is not None
    await log.project(payloads[:350])
    await log.sign()
    log.anchors.write_now(SCHEME, older)
    await log.project(payloads)
    log.restart()
    await log.sign()
    good = log.anchors.read_now(SCHEME)
    log.anchors.write_now(SCHEME, Anchor(300, b"\7" * 32))
    log.restart()

    with pytest.raises(SigningHalted, match="anchor_contradicted"):
        await log.sign()
    assert good == Anchor(400, tree_of(log.url).root)


def _spoil_anchor(away: Path, key: Path, anchor: Path) -> None:
    away.rename(key)
    anchor.write_text("0\nnothing\n")
