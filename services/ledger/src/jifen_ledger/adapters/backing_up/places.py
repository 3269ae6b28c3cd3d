"""What a backup is taken from and brought back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# How much is done, of how much, and of what.
Show = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class Places:
    """The servers as the operator reaches them, and the directories of a ledger."""

    database_url: str
    nats_url: str
    nats_user: str | None
    nats_password: str | None
    anchors: Path
    keys: Path
