"""What is audited: a log with what lies beside it, wherever it is; and how a check fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol


class AuditFailed(Exception):  # noqa: N818 - the verdict
    """A check failed; the message says which, and at which entry."""


class Kept(NamedTuple):
    """A checkpoint somebody kept, and where it comes from."""

    name: str
    note: bytes


class Audited(Protocol):
    """A log and what its ledger says of it; nothing of it is believed before it is checked."""

    @property
    def name(self) -> str:
        """Where it lies."""

    def log(self, path: str) -> bytes | None:
        """Return the bytes at a path below the log's prefix; None where there is nothing."""

    def earlier(self) -> Iterator[Kept]:
        """Yield the earlier checkpoints that come with it."""

    def balances(self, size: int) -> bytes | None:
        """Return the balances that the ledger says it has at the size; None if it says none."""

    def rankings(self, size: int) -> bytes | None:
        """Return the rankings that the ledger says it has at the size; None if it says none."""

    def raw(self, seq: int) -> bytes | None:
        """Return the payload of a message whose record has none, where it was kept."""

    def check(self, size: int, root: bytes, origin: str) -> None:
        """Check what the whole says of itself against its checkpoint. Raises AuditFailed."""


def needed(audited: Audited, path: str) -> bytes:
    """Return the bytes at a path of the log. Raises AuditFailed."""
    found = audited.log(path)
    if found is None:
        raise AuditFailed(f"{path} is missing")
    return found
