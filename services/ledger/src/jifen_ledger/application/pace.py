"""How many messages a batch takes: few near the stream's end, as many as may be behind it."""

from __future__ import annotations

from typing import Final

# Near the end a batch should be visible after about this long; what came meanwhile is the next.
BATCH_S: Final = 0.05
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
        """Return how many messages to take, so many being there.

        More than the largest batch are a backlog: then only the rate counts, and nobody waits for
        the first of them.
        """
        if behind > self._batch_max:
            return self._batch_max
        return min(self._batch_max, max(BATCH_MIN, int(BATCH_S / self._message_s)))

    def took(self, messages: int, seconds: float) -> None:
        """Note how long a batch took."""
        if messages >= BATCH_MIN:
            self._message_s += WEIGHT * (seconds / messages - self._message_s)
