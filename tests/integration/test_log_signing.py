"""The log is signed after everything was checked again, and never two roots for one size."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from jifen_ledger.application import sign_round
from jifen_ledger.application.log_ports import Anchor, Progress, SigningRound
from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.sign import Stored
from jifen_ledger.application.stopped import Reason, Unavailable
from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint
from jifen_ledger.log.tree import EMPTY_TREE
from tests.support.people import SCHEME
from tests.support.signing import (
    ORIGIN,
    SigningLog,
    opened,
    query,
    refused,
    signing_log,
    tree_of,
)

CHECKPOINTS = "SELECT size, root FROM log_checkpoint ORDER BY size"


@pytest.fixture
async def log(database_url: str, tmp_path: Path) -> AsyncIterator[SigningLog]:
    async with signing_log(database_url, tmp_path) as one:
        yield one


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


class AlwaysMore:
    """A log to whose records one is added after every round."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self.signing = log.signing
        self.publish = log.publish

    async def progress(self, scheme: str) -> Progress:
        found = await self._log.progress(scheme)
        return Progress(found.recorded + 1, found.signed)


async def test_a_log_that_is_signed_while_records_come_is_ready(log: SigningLog) -> None:
    stored = Stored(AlwaysMore(log.stored.log), log.anchors, log.keys)
    status = SchemeLog(SCHEME)
    signing = log.of(stored, status)
    ages = []
    for minute in (1, 2, 3):
        log.clock_ms = lambda: minute * 60_000  # noqa: B023 - called in this turn
        await log.project(refused(minute))
        await signing.sign()
        ages.append((status.unpublished_ms(log.clock_ms()), status.ready(log.clock_ms())))
    late = status.unpublished_ms(5 * 60_000), status.ready(5 * 60_000)

    assert ages == [(0, True)] * 3
    assert late == (120_000, False)


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
    await log.project(refused(5))
    await log.of(stepping(log, steps), SchemeLog(SCHEME)).sign()
    assert steps.taken > 15

    for fatal in range(1, steps.taken + 1):
        one = SigningLog(log.url, log.engine, tmp_path, f"killed-{fatal}")
        await one.project(refused(5))
        with pytest.raises(Killed):
            await one.of(stepping(one, Steps(fatal)), SchemeLog(one.scheme)).sign()
        before = one.notes()
        one.restart()
        status = await one.sign()

        found = (before.items() <= one.notes().items(), list(one.notes()), status.has_all_signed)
        assert found == (True, [5], True), fatal
        root = tree_of(one.url, one.scheme).root
        assert opened(one, 5).root == root
        assert one.anchors.read_now(one.scheme) == Anchor(5, root)


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


def _opens(note: bytes, key: Any) -> list[bool]:
    try:
        return [open_checkpoint(note, [key]).keys == (key,)]
    except ValueError:
        return [False]
