"""The HTTP server: stops on a signal and then returns, so that the rest can stop in order."""

import asyncio
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

KEEP_ALIVE_S: Final = 75
BACKLOG: Final = 2_048


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on a signal; uvicorn's own way raises it again, before the queue is committed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def config_of(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    connections_max: int,
    drain_timeout_s: float,
    tls: tuple[Path | None, Path | None] = (None, None),
) -> uvicorn.Config:
    certificate, key = tls
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # Nothing here asks for the caller's address.
        proxy_headers=False,
        limit_concurrency=connections_max,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(drain_timeout_s),
    )


async def serve(config: uvicorn.Config) -> None:
    await _Server(config).serve()
