"""HTTP connections that each send one prepared request after the other, and count the answers.

A load generator must cost little where it shares two cores with what it measures; a general
HTTP client costs more than the server.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast
from urllib.parse import urlsplit

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length: "
_GOOD = b"HTTP/1.1 200"


class Load(NamedTuple):
    """Requests answered with 200 in so many seconds, and the time of each."""

    seconds: float
    latencies_s: list[float]

    def quantile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], latencies_s: list[float]) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._latencies_s = latencies_s
        self._received = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        head = received.find(_HEAD_END)
        if head < 0 or len(received) < head + 4 + _length(received, head):
            self._received = received
            return
        self._received = b""
        self._latencies_s.append(time.perf_counter() - self._sent_at)
        if not received.startswith(_GOOD):
            self._end(AssertionError(received[:1000].decode("utf-8", "replace")))
            return
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._end(None)
            return
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def _end(self, error: Exception | None) -> None:
        assert self._transport is not None
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
        self._transport.close()


async def send(url: str, requests: Sequence[bytes], connections: int) -> Load:
    """Send all requests over so many connections; each has one under way. Raises on a non-200."""
    address = urlsplit(url)
    assert address.hostname is not None
    assert address.port is not None
    host, port = address.hostname, address.port
    loop = asyncio.get_running_loop()
    latencies_s: list[float] = []
    left = iter(requests)
    started = time.perf_counter()
    made = [
        await loop.create_connection(lambda: _Connection(left, latencies_s), host, port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    return Load(time.perf_counter() - started, latencies_s)


def post(url: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return the bytes of a POST request."""
    told = {"Host": urlsplit(url).netloc, "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _length(received: bytes, head: int) -> int:
    start = received.lower().index(_LENGTH, 0, head) + len(_LENGTH)
    end = received.find(b"\r\n", start, head + 2)
    return int(received[start:end])
