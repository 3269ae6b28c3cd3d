"""How far a projection has come, on the terminal's side: a bar, or a line at times."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jifen_ledger.application.status import SchemeStatus

T = TypeVar("T")

LOOK_EVERY_S = 0.2
# Where nobody watches a line is kept: by then what fails at once has failed, with one line alone.
TELL_EVERY_S = 15.0


async def shown(
    work: Coroutine[Any, Any, T], status: SchemeStatus, tell_every_s: float = TELL_EVERY_S
) -> T:
    """Await the work and show the status as it moves; return or raise what the work does."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return await _watched(work, tell_every_s, lambda: _tell(status))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(status.scheme, total=None, rate="")

        def move() -> None:
            speed = progress.tasks[bar].speed
            rate = "" if speed is None else f"{speed:,.0f}/s"
            total = status.stream_last or None
            progress.update(bar, completed=status.size, total=total, rate=rate)

        try:
            return await _watched(work, LOOK_EVERY_S, move)
        finally:
            move()


def _tell(status: SchemeStatus) -> None:
    sys.stderr.write(f"{status.scheme}: {status.size:,} of {status.stream_last:,} records\n")
    sys.stderr.flush()


async def _watched(work: Coroutine[Any, Any, T], every_s: float, look: Callable[[], None]) -> T:
    task = asyncio.create_task(work)
    try:
        while not (await asyncio.wait({task}, timeout=every_s))[0]:
            look()
    finally:
        task.cancel()
        await asyncio.wait({task})
    return await task
