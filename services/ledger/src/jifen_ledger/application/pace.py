"""How many messages a batch takes: few near the stream's end, as many as may be behind it."""

from __future__ import annotations

from typing import Final

# Near the end a batch should be visible after about this long; what came meanwhile is the next.
BATCH_S: Final = 0.05
# What takes longer than this to work off is a backlog: nobody waits for the first of it, and
# batches may take up to a second, because large ones cost less.
BACKLOG_S: Final = 0.25
BACKLOG_BATCH_S: Final = 1.0
# Each batch costs something by itself: below this number it is not worth it.
BATCH_MIN: Final = 50
# How much the last batch counts against those before it.
WEIGHT: Final = 0.3


class Pace:
    """Learns what a message costs from how long batches took."""

    def __init__(self, batch_max: int) -> None:
        """Never take more than `batch_max`."""
        self._batch_max = batch_max
        self._message_s = BATCH_S / batch_max

    def most(self, behind: int) -> int:
        """Return how many messages to take, so many being there."""
        if behind > self._batch_max:
            return self._batch_max
        batch_s = BACKLOG_BATCH_S if self.is_backlog(behind) else BATCH_S
        return min(self._batch_max, max(BATCH_MIN, int(batch_s / self._message_s)))

    def is_backlog(self, behind: int) -> bool:
        """Tell whether so many messages are more than anybody waits for."""
        return behind > self._batch_max or behind * self._message_s > BACKLOG_S

    def took(self, messages: int, seconds: float) -> None:
        """Note how long a batch took."""
        if messages >= BATCH_MIN:
            self._message_s += WEIGHT * (seconds / messages - self._message_s)
