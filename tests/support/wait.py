"""Waiting for a condition, with a deadline."""

import asyncio
import time
from collections.abc import Callable

LOOK_AGAIN_S = 0.01


async def until(holds: Callable[[], bool], deadline_s: float = 30) -> None:
    """Return as soon as the condition holds; fail at the deadline."""
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, "the condition did not hold in time"
        await asyncio.sleep(LOOK_AGAIN_S)
