"""Since when the oldest message without a record has been in the stream: the lag in time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class OldestWaiting:
    """Told of what is taken from the stream and of what is committed; one batch may be both."""

    since_ms: int | None = None
    _seq: int = 0
    _stored_ms: int = 0

    def taken(self, size: int, seq: int, stored_ms: int) -> None:
        """A batch begins with the message `seq`, while the head is at `size`."""
        self._seq, self._stored_ms = seq, stored_ms
        if self.since_ms is None or seq == size + 1:
            self.since_ms = stored_ms

    def committed(self, size: int, stream_last: int) -> None:
        """The head has moved to `size`."""
        if size >= stream_last:
            self.since_ms = None
        elif self._seq <= size + 1:
            # Of what comes after a batch only its first message is known: an upper bound.
            self.since_ms = self._stored_ms

    def age_ms(self, now_ms: int) -> int:
        """Return how long the oldest message has waited; 0 where none does."""
        return 0 if self.since_ms is None else max(0, now_ms - self.since_ms)
