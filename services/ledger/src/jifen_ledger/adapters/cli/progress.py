"""A bar of how far a projection has come, on the terminal's side of the output."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from jifen_ledger.application.status import SchemeStatus

T = TypeVar("T")

LOOK_EVERY_S = 0.2


async def shown(work: Coroutine[Any, Any, T], status: SchemeStatus) -> T:
    """Await the work and show the status as it moves; return or raise what the work does."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    # Whoever reads the errors of a script wants its one line alone.
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(status.scheme, total=None, rate="")
        task = asyncio.create_task(work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK_EVERY_S)
                speed = progress.tasks[bar].speed
                rate = "" if speed is None else f"{speed:,.0f}/s"
                total = status.stream_last or None
                progress.update(bar, completed=status.size, total=total, rate=rate)
        finally:
            task.cancel()
            await asyncio.wait({task})
        return await task
