"""Ingest's own HTTP door, and the ledger's, as an import knocks on them."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from jifen_contracts.codes import Code
from jifen_ingest.application.import_events import Answer, Event, NotNow, Stopped

TIMEOUT_S: Final = 60.0
WAIT_S: Final = 1.0
_NOT_NOW: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_AGAIN: Final = frozenset({Code.BUSY, Code.RATE_LIMITED, Code.STREAM_LOST})
_NDJSON: Final = "application/x-ndjson"


class HttpDoor:
    """`POST /v1/schemes/{scheme}/events` of ingest."""

    def __init__(self, client: httpx.Client, url: str, scheme: str, token: str) -> None:
        self._client = client
        self._url = f"{url.rstrip('/')}/v1/schemes/{scheme}/events"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": _NDJSON}

    def send(self, events: Sequence[Event]) -> Sequence[Answer]:
        body = b"\n".join(orjson.dumps(event) for event in events)
        try:
            reply = self._client.post(self._url, content=body, headers=self._headers)
        except httpx.TransportError as error:
            raise NotNow(f"{self._url} does not answer: {error}", WAIT_S) from None
        if reply.status_code in _NOT_NOW:
            raise NotNow(_detail(reply), float(reply.headers.get("Retry-After", WAIT_S)))
        if reply.status_code != HTTPStatus.OK:
            raise Stopped(f"{reply.status_code} {_detail(reply)}")
        results = reply.json()["results"]
        if any(one.get("code") in _AGAIN for one in results):
            raise NotNow("the event log did not confirm", WAIT_S)
        return [_answer(one) for one in results]


class LedgerDoor:
    """The ledger's directory and its answers about events."""

    def __init__(self, client: httpx.Client, url: str, scheme: str, token: str) -> None:
        self._client = client
        self._url = f"{url.rstrip('/')}/v1/schemes/{scheme}"
        self._headers = {"Authorization": f"Bearer {token}"}

    def name(self, person: str, entry: dict[str, str]) -> str:
        """Put a person into the directory; return why not, or nothing. Raises Stopped."""
        reply = self._asked("PUT", f"/directory/{person}", json=entry)
        return "" if reply.status_code == HTTPStatus.NO_CONTENT else _detail(reply)

    def size(self) -> int:
        """Return how many records there are. Raises Stopped."""
        reply = self._asked("GET", "/status")
        return int(reply.json()["checkpoint"]) if reply.status_code == HTTPStatus.OK else 0

    def outcome(self, source: str, id_: str) -> tuple[str, str]:
        """Return code and meaning of a refused event, two empty texts otherwise."""
        reply = self._asked("GET", "/outcomes", params={"source": source, "id": id_})
        if reply.status_code != HTTPStatus.OK:
            return "", ""
        said = reply.json()
        return said.get("code") or "", said.get("meaning") or ""

    def _asked(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's
        try:
            reply = self._client.request(method, self._url + path, headers=self._headers, **more)
        except httpx.TransportError as error:
            raise Stopped(f"{self._url} does not answer: {error}") from None
        if reply.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise Stopped(f"the ledger: {_detail(reply)}")
        return reply


def _answer(one: dict[str, Any]) -> Answer:
    if one["status"] == "accepted":
        return Answer(one["seq"], one["duplicate"])
    return Answer(code=one["code"], detail=one["detail"])


def _detail(reply: httpx.Response) -> str:
    try:
        problem = reply.json()
        return f"{problem['code']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return reply.reason_phrase
