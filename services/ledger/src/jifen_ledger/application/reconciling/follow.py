"""Compares a scheme's past all the time, beside its projection, with a part of one core at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from jifen_ledger.application.log_halted import SigningHalted
from jifen_ledger.application.log_ports import Anchor, Anchors
from jifen_ledger.application.reconciling.heads import check_heads
from jifen_ledger.application.reconciling.passes import Passes
from jifen_ledger.application.reconciling.ports import (
    ComparedJournal,
    ComparedStream,
    JournalHead,
    KeptPasses,
)
from jifen_ledger.application.reconciling.side_by_side import RANGE_MESSAGES, SideBySide
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import OF_THE_STREAM, Halted, Stopped
from jifen_ledger.application.stopping import pause

# The newest messages are what a restored copy lacks, and cheap to compare.
RECENT_MESSAGES = 256
# After a whole past that was compared in vain, so many times as long.
MEND_RESTS = 9

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Paces:
    """How often is looked, how long one look may go on with the pass, and how often one begins."""

    look_s: float = 10.0
    part_s: float = 1.0
    pass_s: float = 6 * 3_600.0


class ReconcileScheme:
    """The reconciler of one scheme: what it finds stops the scheme, and is kept in its status."""

    def __init__(
        self,
        stream: ComparedStream,
        journal: ComparedJournal,
        anchors: Anchors,
        kept: KeptPasses,
        status: SchemeStatus,
        clock_ms: Callable[[], int],
        stopping: asyncio.Event,
        paces: Paces | None = None,
    ) -> None:
        """Take the ports; `stopping` ends the work at the next range."""
        self._stream = stream
        self._journal = journal
        self._anchors = anchors
        self._status = status
        self._told = status.reconciled
        self._scheme = status.scheme
        self._clock_ms = clock_ms
        self._stopping = stopping
        self._paces = paces or Paces()
        self._passes = Passes(stream, journal, kept, status, clock_ms, self._paces.pass_s)
        self._mend_from_s = 0.0
        # Up to where the newest messages were compared: a quiet stream is not read again.
        self._newest = 0
        # Set when what stopped the scheme is no longer so.
        self.mended = asyncio.Event()

    async def follow(self) -> None:
        """Compare until told to stop; nothing is raised."""
        while not self._stopping.is_set():
            # At first as well: a projection that begins has compared the head itself.
            await pause(self._stopping, self._paces.look_s)
            if self._stopping.is_set():
                return
            try:
                await self.look()
            except Halted as halted:
                self._told.waiting = str(halted)
            except Exception as error:  # noqa: BLE001 - stored in the status
                # It watches, and nothing waits for it: its own defect stops no scheme.
                self._told.waiting = repr(error)
                _log.exception("reconcile_defect", scheme=self._scheme)

    async def look(self) -> None:
        """Compare once; what is found stops the scheme. Raises Halted where it cannot look."""
        try:
            await self._compare()
        except Stopped as found:
            self._find(found)
            # Where it was found says nothing of what lies before: a restart looks at all of it.
            await self._passes.forget()

    async def _compare(self) -> None:
        """Compare the heads, the newest messages, and a part of the past. Raises Halted."""
        # What is read later can only be further.
        anchor = await self._anchor()
        head = await self._journal.head(self._scheme)
        state = await self._stream.state(self._scheme)
        if await self._passes.use(state.created, head, anchor):
            self._newest = 0
        check_heads(state, head, anchor)
        await self._compare_newest(head)
        if self._status.stopped in OF_THE_STREAM or self._told.finding in OF_THE_STREAM:
            await self._mend(head, anchor)
        else:
            await self._go_on(head, anchor)
        self._told.looked_ms = self._clock_ms()
        self._told.waiting = ""

    async def _anchor(self) -> Anchor | None:
        try:
            return await self._anchors.read(self._scheme)
        except SigningHalted:
            # The signing says so, and stops.
            return None

    async def _compare_newest(self, head: JournalHead) -> None:
        after = max(self._newest, head.size - RECENT_MESSAGES)
        newest = SideBySide(self._stream, self._journal, self._scheme, after)
        async with aclosing(newest.upto(head.size)) as ranges:
            async for _ in ranges:
                pass
        self._newest = head.size

    async def _go_on(self, head: JournalHead, anchor: Anchor | None) -> None:
        """Go on with the pass under way for a while, or begin one when it is time."""
        clock = asyncio.get_running_loop().time
        began_s = clock()
        walk = self._passes.walk
        if walk is None:
            if head.size == 0 or not self._passes.due():
                return
            walk = self._passes.begin(head, anchor)
        while not (walk.ended or self._stopping.is_set()):
            await walk.go_on(walk.size + RANGE_MESSAGES)
            self._told.compared = walk.size
            if clock() - began_s >= self._paces.part_s:
                break
        await self._passes.come_to(walk)

    async def _mend(self, head: JournalHead, anchor: Anchor | None) -> None:
        """Learn whether all is well again: the whole past is compared before the scheme goes on."""
        clock = asyncio.get_running_loop().time
        began_s = clock()
        if began_s < self._mend_from_s:
            return
        walk = self._passes.new_walk(head, anchor)
        try:
            while not (walk.ended or self._stopping.is_set()):
                await walk.go_on(walk.size + RANGE_MESSAGES)
        finally:
            # What is still wrong is not looked for again and again.
            self._mend_from_s = clock() + MEND_RESTS * (clock() - began_s)
        if walk.ended:
            await self._passes.come_to(walk)
            self._told.finding, self._told.detail = None, ""
            if self._status.stopped in OF_THE_STREAM:
                _log.warning("projection_goes_on", scheme=self._scheme, size=walk.size)
                self._status.stopped, self._status.detail = None, ""
            self.mended.set()

    def _find(self, found: Stopped) -> None:
        self._newest = 0
        if self._told.finding is not found.reason:
            _log.critical(
                "reconcile_alarm",
                scheme=self._scheme,
                reason=found.reason.value,
                detail=found.detail,
            )
        self._told.finding, self._told.detail = found.reason, found.detail
        self._told.waiting = ""
        if self._status.stopped is None:
            self._status.stopped, self._status.detail = found.reason, found.detail
