"""Fills a lost ledger from the stream, up to the tree that was signed, and signs on from there."""

from __future__ import annotations

from typing import NamedTuple

from jifen_ledger.application.copy_private import CopyPrivateParts
from jifen_ledger.application.log_halted import SigningHalted
from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.project import ProjectScheme
from jifen_ledger.application.reconciling.heads import check_heads
from jifen_ledger.application.reconciling.ports import (
    ComparedJournal,
    ComparedStream,
    SignedRoot,
)
from jifen_ledger.application.refilling.ports import RefillRefused
from jifen_ledger.application.sign import SignScheme
from jifen_ledger.application.status import PrivateStatus, SchemeStatus
from jifen_ledger.application.stopped import Stopped


class LedgerRefilled(NamedTuple):
    """What was made again of the stream: records, private parts, and what is signed now."""

    size: int
    private_parts: int
    signed: SignedRoot
    anchored: int


class RefillLedger:
    """The refill of one scheme's ledger; killed, it goes on where it was."""

    def __init__(
        self,
        stream: ComparedStream,
        journal: ComparedJournal,
        project: ProjectScheme,
        copy: CopyPrivateParts,
        sign: SignScheme,
        status: SchemeStatus,
        private: PrivateStatus,
    ) -> None:
        """Take the parts of a service that work one after another here."""
        self._stream = stream
        self._journal = journal
        self._project = project
        self._copy = copy
        self._sign = sign
        self._status = status
        self._private = private
        self._scheme = status.scheme

    async def __call__(self, anchor: Anchor | None, *, has_key: bool) -> LedgerRefilled:
        """Project, copy and sign. Raises RefillRefused, Stopped, Unavailable."""
        if anchor is None and has_key:
            detail = "see `jifen-ledger log anchor`: it keeps a second root from being signed"
            raise RefillRefused(f"{self._scheme} has a key and no anchor; {detail}")
        await self._check_stream(anchor)
        await self._project.catch_up()
        if self._status.stopped is not None:
            raise Stopped(self._status.stopped, self._status.detail)
        try:
            while not await self._sign.sign():
                pass
        except SigningHalted as halted:
            raise RefillRefused(f"not signed: {halted}") from halted
        # Last: if their stream is lost as well, the log goes on without them.
        await self._copy.catch_up()
        head = await self._journal.head(self._scheme)
        assert head.signed is not None
        anchored = 0 if anchor is None else anchor.size
        return LedgerRefilled(head.size, self._private.copied, head.signed, anchored)

    async def _check_stream(self, anchor: Anchor | None) -> None:
        """Check that the stream is whole and has all that was signed. Raises RefillRefused."""
        try:
            head = await self._journal.head(self._scheme)
            state = await self._stream.state(self._scheme)
            check_heads(state, head, anchor)
        except Stopped as stopped:
            raise RefillRefused(f"the stream cannot fill the ledger: {stopped.detail}") from stopped
        self._status.stream_last = state.last_seq
