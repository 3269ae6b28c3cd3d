"""Group commit: concurrent appends to one stream share its disk syncs, in order, without a window.

One group is in flight; while it commits, callers gather, and the next group is whatever is
there. A few entries go as pipelined single messages, more as one atomic batch.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from jifen_ingest.adapters.recent import Recent
from jifen_ingest.application.event_log import Entry, Missed, Outcome, Stored
from jifen_ingest.domain.refusals import Busy


class GroupRefused(Exception):  # noqa: N818 - an answer of the broker
    """The broker refused the whole batch; nothing of it was stored."""


class GroupStream(Protocol):
    async def singles(self, group: Sequence[Entry]) -> list[Outcome]:
        """Send the entries as messages of their own, in order, and answer each by itself."""
        ...

    async def batch(self, group: Sequence[Entry]) -> list[Outcome]:
        """Store all or none. Raises GroupRefused when it is certain that none was stored."""
        ...


class Observer(Protocol):
    def group(self, size: int, seconds: float) -> None:
        """A group of so many messages was answered after so long."""
        ...

    def missed(self, *, certain: bool) -> None:
        """A message was not confirmed; if that is certain, the log does not have it."""
        ...


@dataclass(frozen=True, slots=True)
class GroupLimits:
    singles_max: int = 16
    messages_max: int = 1_000
    bytes_max: int = 1_000_000
    queue_entries_max: int = 10_000
    queue_bytes_max: int = 64_000_000


@dataclass(slots=True, eq=False)
class _Lot:
    """The entries of one request: outcomes by place, and whether all are there."""

    outcomes: list[Outcome | None]
    missing: int
    atomic: bool
    done: asyncio.Future[list[Outcome]]

    def answer(self, place: int, outcome: Outcome) -> None:
        if self.outcomes[place] is not None:
            return
        self.outcomes[place] = outcome
        self.missing -= 1
        # A caller who left has cancelled the future; the entries go on without them.
        if not self.missing and not self.done.done():
            self.done.set_result([one for one in self.outcomes if one is not None])


@dataclass(slots=True, eq=False)
class _Pending:
    entry: Entry
    atomic_lot: _Lot | None
    askers: list[tuple[_Lot, int]] = field(default_factory=list)

    def answer(self, outcome: Outcome) -> None:
        for number, (lot, place) in enumerate(self.askers):
            if number and isinstance(outcome, Stored):
                lot.answer(place, Stored(outcome.seq, outcome.payload_sha256, duplicate=True))
            else:
                lot.answer(place, outcome)


class GroupCommit:
    def __init__(
        self,
        stream: GroupStream,
        limits: GroupLimits,
        recent: Recent,
        observer: Observer | None = None,
    ) -> None:
        self._stream = stream
        self._limits = limits
        self._recent = recent
        self._observer = observer
        self._queue: deque[_Pending] = deque()
        self._queue_bytes = 0
        self._index: dict[bytes, _Pending] = {}
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def queued(self) -> int:
        return len(self._queue)

    def start(self, tasks: asyncio.TaskGroup) -> None:
        self._task = tasks.create_task(self._run())

    async def append(self, entries: Sequence[Entry], *, atomic: bool = False) -> list[Outcome]:
        """Queue the entries as they are and wait for their outcomes; Busy if there is no room."""
        if not entries:
            return []
        self._check_room(entries)
        done: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        lot = _Lot([None] * len(entries), len(entries), atomic, done)
        # An atomic request may not depend on the fate of somebody else's entry.
        index = {} if atomic else self._index
        for place, entry in enumerate(entries):
            if known := self._recent.get(entry.content):
                lot.answer(place, known)
            elif pending := index.get(entry.content):
                pending.askers.append((lot, place))
            else:
                pending = _Pending(entry, lot if atomic else None, [(lot, place)])
                index[entry.content] = pending
                self._enqueue(pending)
        self._wake.set()
        # Cancelling a caller cancels this future only.
        return await lot.done

    async def close(self, grace_s: float) -> None:
        """Take no more, commit what is queued, and stop; what is late is answered as missed."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            _, late = await asyncio.wait({self._task}, timeout=grace_s)
            for task in late:
                task.cancel()

    def _check_room(self, entries: Sequence[Entry]) -> None:
        size = sum(len(entry.payload) for entry in entries)
        if (
            self._closing
            or len(self._queue) + len(entries) > self._limits.queue_entries_max
            or self._queue_bytes + size > self._limits.queue_bytes_max
        ):
            raise Busy("The queue before the event log is full or closing; nothing was stored.")

    def _enqueue(self, pending: _Pending) -> None:
        self._queue.append(pending)
        self._queue_bytes += len(pending.entry.payload)

    async def _run(self) -> None:
        try:
            while self._queue or not self._closing:
                await self._wake.wait()
                self._wake.clear()
                # Let every caller of this turn of the loop join the first group.
                await asyncio.sleep(0)
                while group := self._take():
                    await self._commit(group)
        finally:
            # However the committer ends, nobody waits for an answer that cannot come.
            self._closing = True
            for pending in (*self._index.values(), *self._queue):
                pending.answer(Missed("ingest stopped before the log confirmed", certain=False))

    def _take(self) -> list[_Pending]:
        """Remove the next group from the queue; an atomic request is a group of its own."""
        group: list[_Pending] = []
        size = 0
        alone: _Lot | None = None
        while self._queue:
            head = self._queue[0]
            if group and head.atomic_lot is not alone:
                break
            length = len(head.entry.payload) + len(head.entry.subject)
            full = len(group) >= self._limits.messages_max or size + length > self._limits.bytes_max
            if group and full and alone is None:
                break
            alone = head.atomic_lot
            group.append(self._queue.popleft())
            size += length
            self._queue_bytes -= len(head.entry.payload)
        return group

    async def _commit(self, group: list[_Pending]) -> None:
        entries = [pending.entry for pending in group]
        began_s = time.perf_counter()
        alone = group[0].atomic_lot is not None
        try:
            if len(entries) == 1 or (len(entries) <= self._limits.singles_max and not alone):
                outcomes = await self._stream.singles(entries)
            else:
                outcomes = await self._batch(entries, alone=alone)
        except BaseException:
            for pending in group:
                pending.answer(Missed("the write was interrupted", certain=False))
            raise
        if self._observer is not None:
            self._observer.group(len(entries), time.perf_counter() - began_s)
        missed: set[_Lot] = set()
        for pending, outcome in zip(group, outcomes, strict=True):
            # Unknown is not stored: only what was confirmed is remembered.
            if isinstance(outcome, Stored):
                self._recent.put(pending.entry.content, outcome)
            else:
                missed.update(lot for lot, _ in pending.askers)
                if self._observer is not None:
                    self._observer.missed(certain=outcome.certain)
            if self._index.get(pending.entry.content) is pending:
                del self._index[pending.entry.content]
            pending.answer(outcome)
        if missed:
            self._give_up_rest_of(missed)

    async def _batch(self, entries: list[Entry], *, alone: bool) -> list[Outcome]:
        try:
            return await self._stream.batch(entries)
        except GroupRefused as refused:
            if alone:
                return [Missed(str(refused), certain=True)] * len(entries)
            # Definite: nothing was stored. One bad entry must not hold up its neighbours.
            return await self._stream.singles(entries)

    def _give_up_rest_of(self, missed: set[_Lot]) -> None:
        """Answer what these requests still have queued: stored now, it would be out of order."""
        kept: deque[_Pending] = deque()
        for pending in self._queue:
            given_up = [asker for asker in pending.askers if asker[0] in missed]
            for lot, place in given_up:
                lot.answer(
                    place,
                    Missed("an earlier event of the request was not confirmed", certain=True),
                )
            pending.askers = [asker for asker in pending.askers if asker[0] not in missed]
            if pending.askers:
                kept.append(pending)
                continue
            self._queue_bytes -= len(pending.entry.payload)
            if self._index.get(pending.entry.content) is pending:
                del self._index[pending.entry.content]
        self._queue = kept
