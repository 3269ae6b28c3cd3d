"""Why a projection does not go on.

Halted
├── Stopped       for good: the stream, the journal or the software is wrong; an alarm
├── Overtaken     another projector moved the head; read again from there
├── ReadAgain     the client lost messages that the stream still has; read again from the head
├── Ahead         an event is stamped ahead of our clock; wait
└── Unavailable   the broker or the database does not answer; try again
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """What stops a scheme; told by the status and the alarm."""

    STREAM_GAP = "stream_gap"
    STREAM_SHORTENED = "stream_shortened"
    STREAM_ALTERED = "stream_altered"
    STREAM_MISSING = "stream_missing"
    UNKNOWN_TYPE = "unknown_type"
    TRIAL_BALANCE = "trial_balance"
    RECORD_DIFFERS = "record_differs"
    JOURNAL_ALTERED = "journal_altered"
    JOURNAL_SHORTENED = "journal_shortened"
    LOG_ALTERED = "log_altered"
    DEFECT = "defect"


# What a stream that was refilled ends.
OF_THE_STREAM: Final = frozenset(
    {
        Reason.STREAM_GAP,
        Reason.STREAM_SHORTENED,
        Reason.STREAM_ALTERED,
        Reason.STREAM_MISSING,
    }
)


class Halted(Exception):  # noqa: N818 - a state, not an error
    """The projection of one scheme cannot go on as it is."""


class Stopped(Halted):
    """The scheme stands still until people look at it; others are not touched."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """Say which check failed, and on what."""
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


class Overtaken(Halted):
    """The head is not where it was read; nothing was written."""


class ReadAgain(Halted):
    """The next message is not the expected one, though the stream has that."""


class Ahead(Halted):
    """The event `seq` becomes acceptable in `wait_ms`."""

    def __init__(self, seq: int, wait_ms: int) -> None:
        """Name the event and how long our clock needs to pass its stamp."""
        super().__init__(f"seq {seq} is ahead by {wait_ms} ms more than is allowed")
        self.seq = seq
        self.wait_ms = wait_ms


class Unavailable(Halted):
    """A server did not answer, or not in time. What it was asked may have been done."""
