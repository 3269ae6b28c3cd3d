"""The passes over a scheme's past, one after another; a restart goes on where one was."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.reconciling.ports import (
    NOTHING_CHECKED,
    Checked,
    ComparedJournal,
    ComparedStream,
    JournalHead,
    KeptPass,
    KeptPasses,
)
from jifen_ledger.application.reconciling.walk import Walk
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.log.ranges import range_hashes, spans_of

_log = structlog.get_logger()


class Passes:
    """One scheme's: `walk` is the pass under way, if any."""

    def __init__(
        self,
        stream: ComparedStream,
        journal: ComparedJournal,
        kept: KeptPasses,
        status: SchemeStatus,
        clock_ms: Callable[[], int],
        pass_s: float,
    ) -> None:
        """Begin a pass every `pass_s`."""
        self._stream = stream
        self._journal = journal
        self._kept = kept
        self._scheme = status.scheme
        self._told = status.reconciled
        self._clock_ms = clock_ms
        self._pass_ms = pass_s * 1_000
        self._created = ""
        self._began_ms: int | None = None
        self.walk: Walk | None = None

    async def use(self, created: str, head: JournalHead, anchor: Anchor | None) -> bool:
        """Compare this stream from now on; tell whether it is another one than before.

        What an earlier process has compared of it counts. Raises Unavailable.
        """
        if created == self._created:
            return False
        kept = await self._kept.read(self._scheme)
        self.walk, self._began_ms = None, None
        # Of another stream of the same name what was compared says nothing.
        if kept is not None and kept.created == created:
            self._told.whole_ms, self._told.whole_size = kept.whole_ms, kept.whole_size
            await self._go_on_from(kept, head, anchor)
        self._created = created
        return True

    async def _go_on_from(self, kept: KeptPass, head: JournalHead, anchor: Anchor | None) -> None:
        if kept.checked == NOTHING_CHECKED:
            self._began_ms = kept.began_ms
        elif await self._is_so(kept.checked, head):
            self._began_ms = kept.began_ms
            self.walk = self.new_walk(head, anchor, kept.checked)
            self._told.compared = self.walk.size

    async def _is_so(self, checked: Checked, head: JournalHead) -> bool:
        """Tell whether the log begins with what is said to have been compared."""
        tree = checked.tree
        if tree.size > head.size:
            return False
        ranges = [(0, tree.size)]
        try:
            stored = await self._journal.stored(self._scheme, spans_of(ranges))
            return range_hashes(ranges, stored)[0] == tree.root
        except KeyError:
            return False

    def due(self) -> bool:
        """Tell whether it is time to begin a pass."""
        if self._began_ms is None:
            return True
        # A clock that was put back lets no pass wait for ever.
        return not 0 <= self._clock_ms() - self._began_ms < self._pass_ms

    def begin(self, head: JournalHead, anchor: Anchor | None) -> Walk:
        """Begin one."""
        self._began_ms = self._clock_ms()
        self.walk = self.new_walk(head, anchor)
        return self.walk

    def new_walk(
        self, head: JournalHead, anchor: Anchor | None, begun: Checked = NOTHING_CHECKED
    ) -> Walk:
        """Return a way to the head."""
        return Walk(self._stream, self._journal, self._scheme, head, anchor, begun)

    async def come_to(self, walk: Walk) -> None:
        """Tell and keep how far it is; one that has ended is no longer under way.

        Raises Unavailable.
        """
        if walk.size == 0:
            return
        self._told.compared = walk.size
        checked = walk.checked
        if walk.ended:
            self._told.whole_ms, self._told.whole_size = self._clock_ms(), walk.size
            root = checked.tree.root.hex()
            _log.info("reconciled", scheme=self._scheme, size=walk.size, root=root)
            self.walk, checked = None, NOTHING_CHECKED
        whole = (self._told.whole_ms, self._told.whole_size)
        began_ms = self._clock_ms() if self._began_ms is None else self._began_ms
        await self._kept.keep(self._scheme, KeptPass(self._created, began_ms, checked, *whole))

    async def forget(self) -> None:
        """End the pass under way; a process that starts now begins anew. Raises Unavailable."""
        self.walk = None
        await self._kept.forget(self._scheme)
