"""Who follows events through the projection, if anybody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from jifen_ledger.application.ports import Batch, Message
from jifen_ledger.application.taken import Said


class Begun(NamedTuple):
    """The beginning of a batch, and the traces that its messages belong to, by sequence."""

    at_ns: int
    traces: Mapping[int, str]


class Traced(Protocol):
    """Told of every batch twice; neither call waits for anything."""

    def began(self, messages: Sequence[Message], said: Sequence[Said]) -> Begun:
        """Return which of the messages are traced."""

    def ended(self, begun: Begun, batch: Batch) -> None:
        """The batch is committed."""
