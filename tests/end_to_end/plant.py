"""One scheme of the running services, told and asked as the world outside does: HTTP and NATS."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

import httpx
import nats
import orjson
from nats.aio.client import Client
from nats.js.api import RawStreamMsg

from jifen_contracts.canonical import decode
from jifen_contracts.subjects import (
    ingest_subject_of,
    private_stream_of,
    private_subject_of,
    stream_of,
)
from jifen_local.nats_users import inbox_prefix_of
from jifen_local.stack import LocalStack
from tests.end_to_end.tokens import SENDERS, Tokens
from tests.support import builders as build
from tests.support.people import BRANCH_X, BRANCH_Y, PANEL_X, PANEL_Y, SCHEME
from tests.support.wait import LOOK_AGAIN_S

STRUCTURED = "application/cloudevents+json"
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"
ANSWERS_S = 30.0
RECORDED_S = 60.0
TOGETHER_MAX = 500

Door = Literal["http", "nats"]
DOORS: tuple[Door, ...] = ("http", "nats")

# What ingest writes itself; `recordedtime` too, unless it is an import.
_STAMPS = frozenset(
    {"authid", "nonce", "schemeid", "importedtime", "datacontenttype", "dataschema"}
)


@dataclass(frozen=True, slots=True)
class Told:
    """The answer of either door."""

    status: int
    media_type: str
    body: Any


class Plant:
    """Says what it wants of the services and waits, with a deadline, for what must follow."""

    def __init__(
        self,
        scheme: str,
        tokens: Tokens,
        ingest: httpx.AsyncClient,
        ledger: httpx.AsyncClient,
        upstream: Client,
        operator: Client,
    ) -> None:
        self.scheme = scheme
        self.tokens = tokens
        self._ingest = ingest
        self._ledger = ledger
        self._upstream = upstream
        self._operator = operator

    def with_tokens(self, tokens: Tokens) -> "Plant":
        """The same scheme, as somebody who has these tokens."""
        return Plant(
            self.scheme, tokens, self._ingest, self._ledger, self._upstream, self._operator
        )

    def sent(self, payload: bytes, sender: str = "past") -> dict[str, Any]:
        """A stored event as its producer sends it, about this scheme."""
        imports = "history" in SENDERS[sender][1]
        stamps = _STAMPS if imports else _STAMPS | {"recordedtime"}
        event = {key: value for key, value in decode(payload).items() if key not in stamps}
        renamed: dict[str, Any] = _renamed(event, self.scheme)
        return renamed

    async def send(
        self,
        body: bytes,
        door: Door = "http",
        *,
        media_type: str = STRUCTURED,
        token: str | None = None,
        atomic: bool = False,
    ) -> Told:
        """Put the body through one door; without a token, without a credential."""
        headers = {"Content-Type": media_type}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if door == "http":
            query = {"atomic": "true"} if atomic else None
            answer = await self._ingest.post(
                f"/v1/schemes/{self.scheme}/events", content=body, headers=headers, params=query
            )
            kind = answer.headers["Content-Type"]
            return Told(answer.status_code, kind, orjson.loads(answer.content))
        if atomic:
            headers["Jifen-Atomic"] = "true"
        reply = await self._upstream.request(
            ingest_subject_of(self.scheme), body, timeout=ANSWERS_S, headers=headers
        )
        told = reply.headers or {}
        return Told(int(told["Status"]), told["Content-Type"], orjson.loads(reply.data))

    async def send_one(self, payload: bytes, door: Door = "http", sender: str = "past") -> Told:
        body = orjson.dumps(self.sent(payload, sender))
        return await self.send(body, door, token=self.tokens.send[sender])

    async def accepted(self, payloads: Sequence[bytes], sender: str = "past") -> list[int]:
        """The sequences of the events, all of which ingest took."""
        seqs: list[int] = []
        for start in range(0, len(payloads), TOGETHER_MAX):
            some = payloads[start : start + TOGETHER_MAX]
            body = b"\n".join(orjson.dumps(self.sent(one, sender)) for one in some)
            token = self.tokens.send[sender]
            told = await self.send(body, media_type=NDJSON, token=token)
            assert (told.status, told.body.get("refused")) == (HTTPStatus.OK, 0), told.body
            seqs += [result["seq"] for result in told.body["results"]]
        return seqs

    async def recorded(self, payloads: Sequence[bytes], sender: str = "past") -> list[Any]:
        """What the ledger decided about each event."""
        seqs = await self.accepted(payloads, sender)
        await self.has_records(max(seqs))
        return [await self.outcome(payload) for payload in payloads]

    async def has_records(self, seq: int, deadline_s: float = RECORDED_S) -> Any:
        """The ledger's status once it has the record `seq`."""
        async with asyncio.timeout(deadline_s):
            while True:
                answer = await self.ask("/status")
                if answer.status_code == HTTPStatus.OK and answer.json()["checkpoint"] >= seq:
                    return answer.json()
                await asyncio.sleep(LOOK_AGAIN_S)

    async def caught_up(self, deadline_s: float = RECORDED_S) -> Any:
        """The ledger's status once it has a record of every message of the stream."""
        return await self.has_records(await self.head(), deadline_s)

    async def ask(self, path: str, who: str = "upper", **query: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens.read[who]}"}
        url = f"/v1/schemes/{self.scheme}{path}"
        return await self._ledger.get(url, headers=headers, params=query)

    async def get(self, path: str, who: str = "upper", **query: Any) -> Any:
        answer = await self.ask(path, who, **query)
        assert answer.status_code == HTTPStatus.OK, answer.text
        return answer.json()

    async def refused(self, path: str, who: str, **query: Any) -> tuple[int, str, str]:
        """Status, media type and code of a read that is refused."""
        answer = await self.ask(path, who, **query)
        return answer.status_code, answer.headers["Content-Type"], answer.json()["code"]

    async def name(
        self, person: str, name_zh: str, name_en: str, phone: str = "+86 10 5555 0100"
    ) -> None:
        answer = await self._ledger.put(
            f"/v1/schemes/{self.scheme}/directory/{person}",
            headers={"Authorization": f"Bearer {self.tokens.read['upper']}"},
            json={"name_zh": name_zh, "name_en": name_en, "phone": phone},
        )
        assert answer.status_code == HTTPStatus.NO_CONTENT, answer.text

    async def outcome(self, payload: bytes) -> Any:
        event = decode(payload)
        return await self.get("/outcomes", "auditor", source=event["source"], id=event["id"])

    async def balances(self, holder: str) -> dict[str, str]:
        found = await self.get(f"/members/{holder}/balance", "auditor")
        return {one["capacity"]: one["balance"] for one in found["accounts"]}

    async def sums(self) -> Any:
        """The trial balance without the size of the log."""
        found = await self.get("/trial-balance")
        return {key: value for key, value in found.items() if key != "size"}

    async def head(self) -> int:
        """The last sequence of the scheme's stream."""
        info = await self._operator.jetstream().stream_info(stream_of(self.scheme))
        return info.state.last_seq

    async def message(self, seq: int) -> RawStreamMsg:
        return await self._operator.jetstream().get_msg(stream_of(self.scheme), seq=seq)

    async def last_private(self, person: str) -> Any:
        """What was last kept about a person, apart from all events."""
        found = await self._operator.jetstream().get_last_msg(
            private_stream_of(self.scheme), private_subject_of(self.scheme, person)
        )
        return orjson.loads(found.data or b"")


def founding() -> list[bytes]:
    """The small world, with panels that are still there today."""
    panels = [
        build.panel(BRANCH_X, PANEL_X, to="2099-01-01"),
        build.panel(BRANCH_Y, PANEL_Y, to="2099-01-01", name="pl-2"),
    ]
    return [*build.world()[: -len(panels)], *panels]


@asynccontextmanager
async def connected(stack: LocalStack, scheme: str, tokens: Tokens) -> AsyncIterator[Plant]:
    upstream, operator = [
        await nats.connect(stack.nats_url(user), inbox_prefix=inbox_prefix_of(user).encode())
        for user in ("upstream", "operator")
    ]
    try:
        async with (
            httpx.AsyncClient(base_url=stack.ingest_url, timeout=ANSWERS_S) as ingest,
            httpx.AsyncClient(base_url=stack.ledger_url, timeout=ANSWERS_S) as ledger,
        ):
            yield Plant(scheme, tokens, ingest, ledger, upstream, operator)
    finally:
        await upstream.close()
        await operator.close()


def _renamed(value: Any, scheme: str) -> Any:
    """The same, about another scheme: its id is also the id of its root unit."""
    match value:
        case dict():
            return {key: _renamed(one, scheme) for key, one in value.items()}
        case list():
            return [_renamed(one, scheme) for one in value]
        case _:
            return scheme if value == SCHEME else value
