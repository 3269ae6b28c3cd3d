"""Waiting that ends at once when one is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until told to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return


async def unless_stopped(stopping: asyncio.Event, waited_for: Awaitable[T]) -> T | None:
    """Return what is waited for; None, and it is cancelled, when told to stop before."""
    waiting = asyncio.ensure_future(waited_for)
    told = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({waiting, told}, return_when=asyncio.FIRST_COMPLETED)
        return waiting.result() if waiting.done() else None
    finally:
        waiting.cancel()
        told.cancel()
