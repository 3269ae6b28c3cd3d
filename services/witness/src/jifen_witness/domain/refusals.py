"""Why a witness cosigns nothing.

Refused
├── Unreadable     the request is not of the form that tlog.md §9 gives, or its sizes contradict
├── UnknownLog     the origin is none of those that are watched
├── Untrusted      no trusted key of the log has signed, or a line of one does not fit
├── Stale          the proof does not begin at the size that was cosigned last
└── Inconsistent   the tree does not begin with the one that was cosigned last
"""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """Nothing is cosigned, and nothing that was kept has changed; the message says why."""


class Unreadable(Refused):
    """The request is not of the form that it must have."""


class UnknownLog(Refused):
    """Nobody asked this witness to watch the log."""


class Untrusted(Refused):
    """The log has not signed the checkpoint."""


class Stale(Refused):
    """The log is asked to begin its proof at `size`."""

    def __init__(self, size: int) -> None:
        """Take the size that was cosigned last, 0 if none was."""
        super().__init__(f"size {size} was cosigned last")
        self.size = size


class Inconsistent(Refused):
    """The log has signed what contradicts an earlier checkpoint, or sent a wrong proof."""
