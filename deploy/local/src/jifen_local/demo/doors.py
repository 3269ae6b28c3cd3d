"""The two doors of ingest as an upstream system sees them: HTTP, and request/reply over NATS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import httpx
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from jifen_contracts.subjects import ingest_subject_of
from jifen_local.demo.messages import SCHEME

NDJSON: Final = "application/x-ndjson"
TIMEOUT_S: Final = 30.0
_RETRY_AFTER_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of either door."""

    status: int
    body: bytes
    retry_after_s: float


class Door(Protocol):
    """Takes one request of many events, a line each."""

    async def send(self, token: str, body: bytes) -> Reply:
        """Return the answer. Raises TimeoutError or a connection error when there is none."""


class HttpDoor:
    """`POST /v1/schemes/plant/events`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Send through a client whose base is ingest's address."""
        self._client = client

    async def send(self, token: str, body: bytes) -> Reply:
        """Return the answer; httpx has its own timeout."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": NDJSON}
        try:
            answer = await self._client.post(
                f"/v1/schemes/{SCHEME}/events", content=body, headers=headers
            )
        except httpx.TransportError as error:
            raise ConnectionError(str(error)) from error
        return Reply(
            answer.status_code, answer.content, _seconds(answer.headers.get("Retry-After"))
        )


class NatsDoor:
    """`jifen.ingest.v1.plant`."""

    def __init__(self, client: Client, timeout_s: float = TIMEOUT_S) -> None:
        """Send through a connected client that may publish to ingest."""
        self._client = client
        self._timeout_s = timeout_s

    async def send(self, token: str, body: bytes) -> Reply:
        """Return the answer."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": NDJSON}
        try:
            answer: Msg = await self._client.request(
                ingest_subject_of(SCHEME), body, timeout=self._timeout_s, headers=headers
            )
        except nats.errors.TimeoutError:
            raise
        except nats.errors.Error as error:
            raise ConnectionError(str(error)) from error
        told = answer.headers or {}
        return Reply(int(told.get("Status", "0")), answer.data, _seconds(told.get("Retry-After")))


def _seconds(text: str | None) -> float:
    return float(text) if text is not None and text.isdecimal() else _RETRY_AFTER_S
