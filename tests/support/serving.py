"""An ASGI application on a port of this machine, in a thread with an event loop of its own."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager

import uvicorn
from starlette.types import ASGIApp

STARTS_S = 60
STOPS_S = 30


@contextmanager
def served(make: Callable[[], AbstractAsyncContextManager[ASGIApp]]) -> Iterator[str]:
    """The address of the application, for as long as the block runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        started: Future[uvicorn.Server] = Future()
        thread = threading.Thread(target=_serve, args=(make, listener, started), daemon=True)
        thread.start()
        server = started.result(STARTS_S)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOPS_S)
            assert not thread.is_alive(), "the server did not stop"


def _serve(
    make: Callable[[], AbstractAsyncContextManager[ASGIApp]],
    listener: socket.socket,
    started: "Future[uvicorn.Server]",
) -> None:
    async def run() -> None:
        async with make() as application:
            server = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_config=None))
            listener.listen()
            started.set_result(server)
            await server.serve(sockets=[listener])

    try:
        asyncio.run(run())
    except BaseException as failure:
        if not started.done():
            started.set_exception(failure)
            return
        raise
