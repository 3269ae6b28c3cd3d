"""Refills what a scheme has lost in the broker, while nobody else can write to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from jifen_ledger.application.alone import alone
from jifen_ledger.application.log_halted import SigningHalted
from jifen_ledger.application.log_ports import Anchor, Anchors
from jifen_ledger.application.reconciling.ports import ComparedJournal, JournalHead
from jifen_ledger.application.refilling.ports import (
    PrivateRows,
    RefilledStream,
    RefillRefused,
)
from jifen_ledger.application.refilling.private import RefillPrivate
from jifen_ledger.application.refilling.set_aside import Moved, SetAside
from jifen_ledger.application.refilling.stream import RefillStream, check_journal
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.working import Leases


class Refilled(NamedTuple):
    """What was written again; `files` are those that events name and a new store lacks."""

    size: int
    root: bytes
    events: int
    private_parts: int
    files: int
    moved: Moved | None = None


class Refill:
    """The refill of one scheme: journal first believed, door closed, streams filled, door open."""

    def __init__(
        self,
        events: RefilledStream,
        fill_events: RefillStream,
        private: RefilledStream,
        fill_private: RefillPrivate,
        journal: ComparedJournal,
        rows: PrivateRows,
        make_store: Callable[[], Awaitable[bool]],
        set_aside: SetAside | None = None,
    ) -> None:
        """`make_store` makes the store of evidence files where there is none, and says so.

        With `set_aside` a stream that does not agree with the journal is replaced.
        """
        self._events = events
        self._fill_events = fill_events
        self._private = private
        self._fill_private = fill_private
        self._journal = journal
        self._rows = rows
        self._make_store = make_store
        self._set_aside = set_aside

    async def alone(
        self, leases: Leases, worker: str, anchors: Anchors, status: SchemeStatus
    ) -> Refilled:
        """Refill, unless another process does. Raises RefillRefused, Halted."""
        async with alone(leases, f"refill/{status.scheme}", worker, status) as held:
            if not held:
                raise RefillRefused(f"another process refills {status.scheme}")
            try:
                anchor = await anchors.read(status.scheme)
            except SigningHalted as halted:
                raise RefillRefused(halted.detail) from halted
            return await self._refill(status, anchor)

    async def _refill(self, status: SchemeStatus, anchor: Anchor | None) -> Refilled:
        head = await self._journal.head(status.scheme)
        status.stream_last = head.size
        await check_journal(self._journal, status.scheme, head, anchor)
        moved = None
        try:
            events = await self._fill(head)
        except RefillRefused:
            if self._set_aside is None:
                raise
            await self._set_aside.clear()
            events = await self._fill_events.fill(head)
            moved = await self._set_aside.put_back(self._fill_events)
        private_parts = await self._fill_private.fill()
        files = 0
        if await self._make_store():
            files = await self._rows.files_named(status.scheme)
        # Private parts first: ingest stores them before the events that have them.
        for stream in (self._private, self._events):
            await stream.open()
        if self._set_aside is not None:
            self._set_aside.finish()
        return Refilled(head.size, head.tree.root, events, private_parts, files, moved)

    async def _fill(self, head: JournalHead) -> int:
        if self._set_aside is not None and self._set_aside.unfinished:
            raise RefillRefused("an earlier repair that set messages aside is gone on with")
        found = await self._events.find()
        if found is not None and not found.closed and found.last_seq >= head.size:
            # Nothing is lacking, so nobody need be kept out while it is compared.
            await self._fill_events.compare(head)
            return 0
        if found is None:
            await self._events.make()
        elif not found.closed:
            await self._events.close()
        return await self._fill_events.fill(head)
