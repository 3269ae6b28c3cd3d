"""What the ways of doing one thing took, run by run, and told while it is measured."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Run(NamedTuple):
    """One run: events in a second by the clock, and this process's CPU time for each event.

    The clock also shows who else works on the machine; the CPU time does so much less. It leaves
    out the servers, which are processes of their own.
    """

    rate: float
    cpu_us: float


class Runs:
    """The runs of each way, in the order of the rounds."""

    def __init__(self) -> None:
        self.by_way: dict[str, list[Run]] = defaultdict(list)

    @contextmanager
    def timed(self, way: str, events: int) -> Iterator[None]:
        """Take the block's time for so many events; a block that fails counts for nothing."""
        began, worked = time.perf_counter(), time.process_time()
        yield
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - worked
        run = Run(events / seconds, cpu_s * 1e6 / events)
        self.by_way[way].append(run)
        print(f"{way:>24}: {run.rate:9,.0f} events/s, {run.cpu_us:5.0f} us CPU", flush=True)

    def rate(self, way: str) -> float:
        return statistics.median(run.rate for run in self.by_way[way])

    def cpu_us(self, way: str) -> float:
        return statistics.median(run.cpu_us for run in self.by_way[way])

    def spread(self, way: str) -> str:
        rates = [run.rate for run in self.by_way[way]]
        return f"{min(rates):,.0f}-{max(rates):,.0f}"

    def ratio(self, way: str, other: str) -> float:
        """Return the median of the ratios of one round each, which share the machine's moods."""
        pairs = zip(self.by_way[way], self.by_way[other], strict=True)
        return statistics.median(own.rate / their.rate for own, their in pairs)
