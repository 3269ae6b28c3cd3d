"""Witnesses over HTTP: one short request, and an answer that is short as well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from http import HTTPStatus
from typing import Final

import httpx

from jifen_ledger.application.witness import Answer, NoAnswer

# tlog.md §9.1: from the first byte sent to the last one received.
ANSWERS_WITHIN_S: Final = 5.0
ANSWER_BYTES_MAX: Final = 65_536
CONNECTIONS_MAX: Final = 32


class HttpWitnesses:
    """Asks through one client."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Take a client that follows nobody elsewhere."""
        self._client = client

    async def add_checkpoint(self, url: str, body: bytes) -> Answer:
        """Send a checkpoint with its proof. Raises NoAnswer."""
        return await self._asked("POST", f"{url}/add-checkpoint", body)

    async def checkpoint(self, url: str, origin: str) -> bytes | None:
        """Return the note that it cosigned last, None where it has none. Raises NoAnswer."""
        named = sha256(origin.encode()).hexdigest()
        answer = await self._asked("GET", f"{url}/{named}/checkpoint")
        return answer.body if answer.status == HTTPStatus.OK else None

    async def _asked(self, method: str, url: str, body: bytes | None = None) -> Answer:
        try:
            # The client's own limits are for each read: a slow trickle would pass them for ever.
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                return await self._answer(method, url, body)
        except TimeoutError:
            raise NoAnswer(f"no answer within {ANSWERS_WITHIN_S:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from None

    async def _answer(self, method: str, url: str, body: bytes | None) -> Answer:
        async with self._client.stream(method, url, content=body) as answer:
            received = bytearray()
            async for piece in answer.aiter_raw():
                received += piece
                if len(received) > ANSWER_BYTES_MAX:
                    raise NoAnswer(f"an answer of more than {ANSWER_BYTES_MAX} bytes")
        return Answer(answer.status_code, answer.headers.get("content-type", ""), bytes(received))


@asynccontextmanager
async def http_witnesses() -> AsyncIterator[HttpWitnesses]:
    """Open the way to all witnesses."""
    limits = httpx.Limits(max_connections=CONNECTIONS_MAX)
    headers = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(
        timeout=ANSWERS_WITHIN_S,
        limits=limits,
        headers=headers,
        follow_redirects=False,
        trust_env=False,
    ) as client:
        yield HttpWitnesses(client)
