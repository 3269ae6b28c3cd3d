"""Compares a scheme's whole past once, for whoever asks now."""

from __future__ import annotations

from typing import NamedTuple

from jifen_ledger.application.log_halted import SigningHalted
from jifen_ledger.application.log_ports import Anchor, Anchors
from jifen_ledger.application.reconciling.checked_log import CheckedLog
from jifen_ledger.application.reconciling.heads import check_heads
from jifen_ledger.application.reconciling.ports import (
    ComparedJournal,
    ComparedStream,
    JournalHead,
    StreamState,
)
from jifen_ledger.application.reconciling.side_by_side import RANGE_MESSAGES
from jifen_ledger.application.reconciling.walk import Walk
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Reason, Stopped


class Report(NamedTuple):
    """What comparing everything has shown; `finding` is None where all agree."""

    scheme: str
    stream: StreamState | None
    journal: JournalHead
    anchor: Anchor | None
    compared: int
    digest: bytes
    finding: Stopped | None


async def reconcile_once(
    stream: ComparedStream, journal: ComparedJournal, anchors: Anchors, status: SchemeStatus
) -> Report:
    """Compare heads, then every message and every hash; `status` tells how far. Raises Halted."""
    scheme = status.scheme
    try:
        anchor = await anchors.read(scheme)
    except SigningHalted as halted:
        raise Stopped(Reason.LOG_ALTERED, halted.detail) from halted
    head = await journal.head(scheme)
    status.stream_last = head.size
    walk = Walk(stream, journal, scheme, head, anchor)
    finding: Stopped | None = None
    state: StreamState | None = None
    try:
        state = await stream.state(scheme)
        check_heads(state, head, anchor)
        check_journal_head(state, head, anchor)
    except Stopped as stopped:
        finding = stopped
    try:
        while state is not None and walk.size < min(walk.goal, state.last_seq):
            await walk.go_on(min(walk.size + RANGE_MESSAGES, state.last_seq))
            status.size = walk.size
        if not walk.ended:
            await CheckedLog(journal, scheme, head, anchor).whole()
    except Stopped as stopped:
        # What the bytes say is worse than what the numbers say.
        finding = stopped
    return Report(scheme, state, head, anchor, walk.size, walk.digest, finding)


def check_journal_head(stream: StreamState, journal: JournalHead, anchor: Anchor | None) -> None:
    """Check that all that was signed is recorded. Raises Stopped.

    A running ledger is on its way there: only whoever asks once wants to know.
    """
    if anchor is not None and journal.size < anchor.size <= stream.last_seq:
        detail = f"{anchor.size} records were signed, the journal has {journal.size}"
        raise Stopped(Reason.JOURNAL_SHORTENED, detail)
