"""Turns the signals that end a program into an exception, so that `with` blocks unwind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(KeyboardInterrupt):
    """Someone asked the program to end; event loops let this kind through, wherever it strikes."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, the first signal raises Interrupted and all later ones are ignored.

    A second Ctrl-C would otherwise cut the stopping of the children short.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise Interrupted

    # What was ignored from the start, as under nohup, stays ignored.
    heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
