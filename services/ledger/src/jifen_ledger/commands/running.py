"""How a command runs what the service is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

import uvicorn

from jifen_ledger.composition.process import spare_collector

T = TypeVar("T")


def run(command: Coroutine[None, None, T]) -> T:
    """Run it in an event loop as the service has one."""
    spare_collector()
    # The log is configured already; uvicorn would do it over.
    loop_factory = uvicorn.Config("", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(command)
