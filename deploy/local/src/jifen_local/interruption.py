"""Turns the signals that end a program into an exception, so that `with` blocks unwind."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_T = TypeVar("_T")


class Interrupted(KeyboardInterrupt):
    """Someone asked the program to end."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, the first signal raises Interrupted and all later ones are ignored.

    A second Ctrl-C would otherwise cut the stopping of the children short.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        _ignore_further()
        raise Interrupted

    before = _hear(interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_interruptible(main: Coroutine[Any, Any, _T]) -> _T:
    """Run the coroutine; the first signal cancels it, raises Interrupted, and later ones pass by.

    An exception out of a signal handler would stay behind, unread, in the task it strikes.
    """
    interrupted = False
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        task = loop.create_task(main)

        def cancel(_number: int, _frame: FrameType | None) -> None:
            nonlocal interrupted
            interrupted = True
            _ignore_further()
            loop.call_soon_threadsafe(task.cancel)

        before = _hear(cancel)
        try:
            result = loop.run_until_complete(task)
        except asyncio.CancelledError:
            if not interrupted:
                raise
        finally:
            if not interrupted:
                for number, handler in before.items():
                    signal.signal(number, handler)
    if interrupted:
        raise Interrupted
    return result


def _hear(handler: Callable[[int, FrameType | None], None]) -> dict[signal.Signals, Any]:
    # What was ignored from the start, as under nohup, stays ignored.
    heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}


def _ignore_further() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
