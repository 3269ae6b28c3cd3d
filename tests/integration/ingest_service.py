"""A whole ingest in the test's own process, on a real broker, with one scheme of its own."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import nats
import orjson
from nats.aio.client import Client
from nats.js.api import RawStreamMsg

from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of
from jifen_ingest.adapters.streams import create_streams
from jifen_ingest.app import Ingest, running
from jifen_ingest.settings import Settings
from tests.ingest.sent import SOURCE, TOKEN

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
NDJSON = "application/x-ndjson"
HISTORY_TOKEN = "the-token-that-may-import-a-past"
OTHER_TOKEN = "the-token-of-quite-another-scheme"
SCOPES = ("admin", "org", "facts", "acts")


@dataclass(frozen=True, slots=True)
class Service:
    scheme: str
    http: httpx.AsyncClient
    nats: Client
    ingest: Ingest
    sources_file: Path

    @property
    def path(self) -> str:
        return f"/v1/schemes/{self.scheme}/events"

    async def post(
        self,
        body: object,
        content_type: str = STRUCTURED,
        *,
        token: str | None = TOKEN,
        atomic: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a body, or JSON made of it, to the scheme's events."""
        sent = {"Content-Type": content_type, **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        return await self.http.post(
            self.path,
            content=body if isinstance(body, bytes) else orjson.dumps(body),
            headers=sent,
            params={"atomic": "true"} if atomic else None,
        )

    async def stored(self) -> list[RawStreamMsg]:
        """Return every message of the scheme's stream, in order."""
        return await messages_of(self.nats, stream_of(self.scheme))

    async def stored_private(self) -> list[RawStreamMsg]:
        return await messages_of(self.nats, private_stream_of(self.scheme))


async def messages_of(client: Client, stream: str) -> list[RawStreamMsg]:
    jetstream = client.jetstream()
    last_seq = (await jetstream.stream_info(stream)).state.last_seq
    return [await jetstream.get_msg(stream, seq=seq) for seq in range(1, last_seq + 1)]


def lines(events: Sequence[Any]) -> bytes:
    return b"\n".join(map(orjson.dumps, events))


def payload_sha256(message: RawStreamMsg) -> str:
    return hashlib.sha256(message.data or b"").hexdigest()


def write_sources(path: Path, scheme: str) -> None:
    credentials = (
        ("attendance", scheme, TOKEN, SCOPES),
        ("history", scheme, HISTORY_TOKEN, (*SCOPES, "history")),
        ("elsewhere", "elsewhere", OTHER_TOKEN, SCOPES),
    )
    path.write_text(
        "".join(
            "[[credential]]\n"
            f'name = "{name}"\n'
            f'scheme = "{of}"\n'
            f'token_sha256 = "{hashlib.sha256(token.encode()).hexdigest()}"\n'
            f'sources = ["{SOURCE}"]\n'
            f"scopes = {orjson.dumps(scopes).decode()}\n"
            for name, of, token, scopes in credentials
        )
    )


async def _heard(_: Exception) -> None:
    """A test that kills the broker knows that its connection breaks."""


@asynccontextmanager
async def ingesting(
    nats_url: str, scheme: str, directory: Path, **settings: Any
) -> AsyncIterator[Service]:
    """Make the scheme's streams and run ingest on them."""
    path = directory / "sources.toml"
    write_sources(path, scheme)
    client = await nats.connect(
        nats_url, max_reconnect_attempts=-1, reconnect_time_wait=1, error_cb=_heard
    )
    try:
        await create_streams(client, scheme, replicas=1, erasable=True)
        told = Settings(nats_url=nats_url, sources_file=path, **settings)
        async with (
            running(told) as ingest,
            httpx.AsyncClient(
                transport=httpx.ASGITransport(ingest.http), base_url="http://ingest", timeout=60
            ) as http,
        ):
            yield Service(scheme, http, client, ingest, path)
        for stream in (stream_of(scheme), private_stream_of(scheme), evidence_stream_of(scheme)):
            await client.jetstream().delete_stream(stream)
    finally:
        await client.close()
