"""The HTTP server: stops on a signal and then returns, so that the rest can stop in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

CONNECTIONS_MAX = 1_024
BACKLOG = 2_048
KEEP_ALIVE_S = 75
# Requests under way may take this long after a signal.
GRACE_S = 10


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on a signal; uvicorn's own way raises it again, before the batch is written."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def serve(
    application: Starlette,
    host: str,
    port: int,
    tls: tuple[Path | None, Path | None] = (None, None),
) -> None:
    """Serve until a signal."""
    certificate, key = tls
    await _Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=CONNECTIONS_MAX,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
    ).serve()
