"""The log is signed after everything was checked again, and never two roots for one size."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from jifen_ledger.application import sign_round
from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import Anchor, SigningRound
from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.sign import Stored
from jifen_ledger.application.stopped import Reason, Unavailable
from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint
from jifen_ledger.log.tree import EMPTY_TREE
from tests.support.people import SCHEME
from tests.support.servers import new_database
from tests.support.signing import (
    ORIGIN,
    SigningLog,
    query,
    refused,
    signing_log,
    tamper,
    tree_of,
)

CHECKPOINTS = "SELECT size, root FROM log_checkpoint ORDER BY size"


@pytest.fixture
async def log(database_url: str, tmp_path: Path) -> AsyncIterator[SigningLog]:
    async with signing_log(database_url, tmp_path) as one:
        yield one


def opened(log: SigningLog, size: int) -> Checkpoint:
    keys = [key.verifier for key in log.keys.read(log.scheme).signing]
    found = open_checkpoint(log.notes()[size].encode(), keys)
    assert list(found.keys) == keys
    return found.checkpoint


async def test_the_empty_log_is_signed_and_then_what_is_new(log: SigningLog) -> None:
    await log.sign()
    await log.project(refused(300))
    await log.sign()
    again = dict(log.notes())
    status = await log.sign()

    tree = tree_of(log.url)
    assert opened(log, 0) == Checkpoint(ORIGIN, 0, EMPTY_TREE.root)
    assert opened(log, 300) == Checkpoint(ORIGIN, 300, tree.root)
    assert log.notes() == again
    assert log.anchors.read_now(SCHEME) == Anchor(300, tree.root)
    assert (status.signed_size, status.has_all_signed) == (300, True)


async def test_a_backlog_is_signed_in_rounds(
    log: SigningLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_round, "ROUND_RECORDS_MAX", 100)
    await log.project(refused(250))

    await log.sign()

    assert sorted(log.notes()) == [100, 200, 250]
    assert opened(log, 250).root == tree_of(log.url).root


async def test_nothing_is_signed_while_the_projection_stands_still(log: SigningLog) -> None:
    log.projection.stopped = Reason.STREAM_ALTERED
    following = asyncio.create_task(log.use_case.follow(0.01))
    await asyncio.sleep(0.05)
    log.use_case._stopping.set()
    await following

    assert log.notes() == {}


class Killed(BaseException):
    """The process ends here."""


class Steps:
    """Kills at one of the steps; counts them."""

    def __init__(self, fatal: int | None = None) -> None:
        self.taken = 0
        self._fatal = fatal

    def step(self) -> None:
        self.taken += 1
        if self.taken == self._fatal:
            raise Killed

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def stepping(*arguments: Any, **named: Any) -> Any:
            self.step()
            found = await call(*arguments, **named)
            self.step()
            return found

        return stepping


class Stepping:
    """A port whose every call is two steps: one before and one after."""

    def __init__(self, port: Any, steps: Steps) -> None:
        self._port = port
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._steps.around(found) if asyncio.iscoroutinefunction(found) else found

    def signing(self, scheme: str) -> AbstractAsyncContextManager[SigningRound]:
        return self._signing(scheme)

    @asynccontextmanager
    async def _signing(self, scheme: str) -> AsyncIterator[Any]:
        self._steps.step()
        async with self._port.signing(scheme) as round_:
            yield Stepping(round_, self._steps)
            self._steps.step()
        self._steps.step()


def stepping(log: SigningLog, steps: Steps) -> Stored:
    stored = log.stored
    return Stored(
        Stepping(stored.log, steps), Stepping(stored.anchors, steps), Stepping(stored.keys, steps)
    )


async def test_a_kill_at_any_step_leaves_one_root_for_each_size(
    log: SigningLog, tmp_path: Path
) -> None:
    steps = Steps()
    await log.project(refused(260))
    await log.of(stepping(log, steps), SchemeLog(SCHEME)).sign()
    assert steps.taken > 15

    for fatal in range(1, steps.taken + 1):
        one = SigningLog(log.url, log.engine, tmp_path, f"killed-{fatal}")
        await one.project(refused(260))
        with pytest.raises(Killed):
            await one.of(stepping(one, Steps(fatal)), SchemeLog(one.scheme)).sign()
        before = one.notes()
        one.restart()
        status = await one.sign()

        found = (before.items() <= one.notes().items(), list(one.notes()), status.has_all_signed)
        assert found == (True, [260], True), fatal
        root = tree_of(one.url, one.scheme).root
        assert opened(one, 260).root == root
        assert one.anchors.read_now(one.scheme) == Anchor(260, root)


async def test_two_signers_at_once_sign_no_size_twice(log: SigningLog) -> None:
    others = [log.of(log.stored, SchemeLog(SCHEME)) for _ in range(3)]
    payloads = refused(200)

    async def often(signer: Any) -> None:
        for _ in range(8):
            try:
                await signer.sign()
            except Unavailable:
                continue

    async def projecting() -> None:
        for size in range(10, 201, 10):
            await log.project(payloads[:size])

    await asyncio.gather(projecting(), *(often(one) for one in others))
    await log.sign()

    roots = dict(query(log.url, CHECKPOINTS))
    trees = {size: opened(log, size).root for size in roots}
    assert roots == trees
    assert max(roots) == 200
    assert log.anchors.read_now(SCHEME) == Anchor(200, tree_of(log.url).root)


async def test_eight_schemes_are_signed_at_once_each_with_its_own_key_and_anchor(
    log: SigningLog, tmp_path: Path
) -> None:
    logs = [SigningLog(log.url, log.engine, tmp_path, f"scheme-{number}") for number in range(8)]
    for number, one in enumerate(logs):
        await one.project(refused(3 + number))

    await asyncio.gather(*(one.sign() for one in logs))

    keys = [one.status.keys[0] for one in logs]
    checkpoints = [opened(one, 3 + number) for number, one in enumerate(logs)]
    assert len(set(keys)) == 8
    assert [key.name for key in keys] == [one.origin for one in checkpoints]
    assert [one.name.split("/")[-1] for one in keys] == [one.scheme for one in logs]
    anchors = [one.anchors.read_now(one.scheme) for one in logs]
    assert anchors == [Anchor(one.size, one.root) for one in checkpoints]


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


async def test_during_a_rotation_both_keys_sign_and_then_the_new_one_alone(log: SigningLog) -> None:
    payloads = refused(3)
    await log.project(payloads[:1])
    await log.sign()
    (old,) = log.status.keys
    new = log.keys.rotate(SCHEME)
    log.restart()
    await log.project(payloads[:2])
    await log.sign()
    during = log.status.keys
    log.keys.retire(SCHEME)
    log.restart()
    await log.project(payloads)
    await log.sign()

    notes = {size: note.encode() for size, note in log.notes().items()}
    verified = {
        size: [open_checkpoint(note, [old, new]).keys, *_opens(note, old), *_opens(note, new)]
        for size, note in notes.items()
    }
    assert verified == {
        1: [(old,), True, False],
        2: [(new, old), True, True],
        3: [(new,), False, True],
    }
    assert during == log.status.keys == (new, old)


def _spoil_anchor(away: Path, key: Path, anchor: Path) -> None:
    away.rename(key)
    anchor.write_text("0\nnothing\n")


def _opens(note: bytes, key: Any) -> list[bool]:
    try:
        return [open_checkpoint(note, [key]).keys == (key,)]
    except ValueError:
        return [False]
