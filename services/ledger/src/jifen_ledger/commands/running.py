"""How a command runs, and says that it could not."""

from __future__ import annotations

import sys
from collections.abc import Coroutine, Iterable
from typing import TypeVar

T = TypeVar("T")


def run(command: Coroutine[None, None, T]) -> T:
    """Run it in an event loop as the service has one."""
    import asyncio

    import uvicorn

    from jifen_ledger.composition.process import spare_collector

    spare_collector()
    # The log is configured already; uvicorn would do it over.
    loop_factory = uvicorn.Config("", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(command)


def failed(message: str) -> int:
    """Say it in one line; return the exit status."""
    sys.stderr.write(f"jifen-ledger: {' '.join(message.split())}\n")
    return 1


def tell(lines: Iterable[str]) -> None:
    """Print the lines."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
