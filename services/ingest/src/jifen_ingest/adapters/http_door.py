"""The HTTP door: a plain route with raw bytes, because typed bodies cost three times as much."""

import asyncio
from typing import Final
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from jifen_ingest.adapters.http_exchange import (
    ClientLeft,
    announces_more_than,
    answer,
    headers_of,
)
from jifen_ingest.adapters.reception import Reception, Reply
from jifen_ingest.domain.refusals import Busy, Malformed

PARAMETERS: Final = frozenset({"atomic"})
BODY_TIMEOUT_S: Final = 30.0


class BodyBudget:
    """The bytes of all bodies being received together; memory stays bounded."""

    def __init__(self, bytes_max: int) -> None:
        self._free = bytes_max

    def take(self, size: int) -> None:
        if size > self._free:
            raise Busy("Too many bodies are being received; nothing was stored.")
        self._free -= size

    def give_back(self, size: int) -> None:
        self._free += size


class EventsRoute:
    """ASGI application of `POST /v1/schemes/{scheme}/events`."""

    def __init__(self, reception: Reception, budget: BodyBudget) -> None:
        self._reception = reception
        self._budget = budget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(self._reply(scope, receive), self._reception, scope, send)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        headers = headers_of(scope)
        admitted = await self._reception.admit(
            scope["path_params"]["scheme"], headers, _atomic(scope["query_string"]), "http"
        )
        if announces_more_than(headers, admitted.bytes_max):
            raise admitted.too_large()
        body = _Body(admitted.bytes_max, self._budget)
        try:
            if await body.take(receive):
                async with asyncio.timeout(BODY_TIMEOUT_S):
                    while await body.take(receive):
                        pass
            if body.too_long:
                raise admitted.too_large()
            return await self._reception.receive(admitted, headers, b"".join(body.parts))
        except TimeoutError:
            raise Malformed("the body did not arrive in time") from None
        finally:
            self._budget.give_back(body.size)


class _Body:
    def __init__(self, bytes_max: int, budget: BodyBudget) -> None:
        self._bytes_max = bytes_max
        self._budget = budget
        self.parts: list[bytes] = []
        self.size = 0

    @property
    def too_long(self) -> bool:
        return self.size > self._bytes_max

    async def take(self, receive: Receive) -> bool:
        """Take the next part; return whether to go on reading."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        part = message.get("body", b"")
        self._budget.take(len(part))
        self.size += len(part)
        self.parts.append(part)
        return bool(message.get("more_body")) and not self.too_long


def _atomic(query: bytes) -> str | None:
    if not query:
        return None
    try:
        found = parse_qs(
            query.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=4
        )
    except ValueError:
        raise Malformed("the query is not of the form name=value") from None
    if unknown := set(found) - PARAMETERS:
        raise Malformed(f"{len(unknown)} unknown parameters in the query; there is only atomic")
    (value, *others) = found["atomic"]
    if others:
        raise Malformed("atomic occurs twice in the query")
    return value
