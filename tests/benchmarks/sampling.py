"""Samples of where this process is while it works, by the CPU time that passes.

The interval timer counts user and system time; a profiler that is called for every function would
make small functions look dear.
"""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# Asked for; a kernel gives no more than one for each of its ticks.
EVERY_S: Final = 0.001


@contextmanager
def sampled(part_of: Callable[[Iterator[str]], str]) -> Iterator[Counter[str]]:
    """Count samples by part; it is told the modules of the stack, the innermost first."""
    found: Counter[str] = Counter()

    def note(_: int, frame: FrameType | None) -> None:
        found[part_of(_modules(frame))] += 1

    before = signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _modules(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_globals.get("__name__", "")
        frame = frame.f_back
