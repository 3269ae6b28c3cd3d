"""A histogram: how many values lay at or below each bound, and their sum."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


class Buckets:
    """Values counted by size; adding one costs as little as a comparison."""

    def __init__(self, bounds: Sequence[float]) -> None:
        """The bounds are in ascending order; what exceeds them all is counted as well."""
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def upto(self) -> list[tuple[str, float]]:
        """Return each bound with the number of values at or below it; the last is infinite."""
        found: list[tuple[str, float]] = []
        count = 0
        for bound, here in zip((*map(str, self.bounds), "+Inf"), self.counts, strict=True):
            count += here
            found.append((bound, float(count)))
        return found
