"""One way through the whole past: stream, journal and log against each other."""

from __future__ import annotations

from contextlib import aclosing

from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.reconciling.checked_log import CheckedLog
from jifen_ledger.application.reconciling.ports import (
    NOTHING_CHECKED,
    Checked,
    ComparedJournal,
    ComparedStream,
    JournalHead,
)
from jifen_ledger.application.reconciling.side_by_side import SideBySide
from jifen_ledger.application.stopped import Reason, Stopped


class Walk:
    """Goes up to the journal's head as it was at the beginning, in steps as long as one likes."""

    def __init__(
        self,
        stream: ComparedStream,
        journal: ComparedJournal,
        scheme: str,
        head: JournalHead,
        anchor: Anchor | None,
        begun: Checked = NOTHING_CHECKED,
    ) -> None:
        """Go on from what was begun as far as the head."""
        self._side_by_side = SideBySide(stream, journal, scheme, begun.tree.size)
        self._log = CheckedLog(journal, scheme, head, anchor, begun)
        self.goal = head.size

    @property
    def size(self) -> int:
        """How far it has come."""
        return self._log.size

    @property
    def ended(self) -> bool:
        """Whether all was compared."""
        return self.size >= self.goal

    @property
    def digest(self) -> bytes:
        """The hash of the messages compared on this walk."""
        return self._side_by_side.digest

    @property
    def checked(self) -> Checked:
        """All records compared, on this walk and before it."""
        return self._log.checked

    async def go_on(self, upto: int) -> None:
        """Compare up to the sequence, at most to the head. Raises Halted."""
        try:
            async with aclosing(self._side_by_side.upto(min(upto, self.goal))) as ranges:
                async for rows in ranges:
                    await self._log.take(rows)
        except Stopped as stopped:
            if stopped.reason is Reason.STREAM_ALTERED:
                # Two differ, and one of them is wrong: if it is the journal, its hashes say so.
                await self._log.whole()
            raise
