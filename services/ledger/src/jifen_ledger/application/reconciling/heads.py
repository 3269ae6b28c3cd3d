"""Compares the ends of stream, journal and log, as their numbers are."""

from __future__ import annotations

from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.reconciling.ports import JournalHead, StreamState
from jifen_ledger.application.stopped import Reason, Stopped


def check_heads(stream: StreamState, journal: JournalHead, anchor: Anchor | None) -> None:
    """Check that the stream has all that was recorded, and the journal all that was signed.

    The stream's numbers must be as young as the journal's head or younger. Raises Stopped.
    """
    if stream.last_seq < journal.size:
        detail = f"the stream ends at seq {stream.last_seq}, the journal at {journal.size}"
        raise Stopped(Reason.STREAM_SHORTENED, detail)
    if stream.messages < stream.last_seq:
        lacks = stream.last_seq - stream.messages
        detail = f"{lacks} of the stream's {stream.last_seq} numbers have no message"
        raise Stopped(Reason.STREAM_GAP, detail)
    if journal.signed is not None and journal.signed.size > journal.size:
        detail = f"{journal.signed.size} records were signed, {journal.size} are there"
        raise Stopped(Reason.LOG_ALTERED, detail)
    if anchor is not None and anchor.size > stream.last_seq:
        # Also without records: an older copy of the database is projected again from the stream.
        detail = f"the stream ends at seq {stream.last_seq}, {anchor.size} were signed"
        raise Stopped(Reason.STREAM_SHORTENED, detail)
