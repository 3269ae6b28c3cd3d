"""Servers that ingest is compared with: the same HTTP server answering at once, and the same
ingest without group commit, which publishes once for each event.
"""

import argparse
import asyncio
import secrets
import sys
import time
from collections.abc import Sequence
from typing import Final

import nats
import uvicorn
from nats.aio.client import Client
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from jifen_ingest.adapters.http_app import EVENTS_PATH
from jifen_ingest.adapters.http_door import BodyBudget, EventsRoute
from jifen_ingest.adapters.reception import Reception, ReceptionLimits
from jifen_ingest.adapters.server import config_of, serve
from jifen_ingest.adapters.sources import Sources
from jifen_ingest.adapters.telemetry import Telemetry
from jifen_ingest.application.accept_events import AcceptEvents
from jifen_ingest.application.event_log import Entry, Outcome, Stored
from jifen_ingest.application.gate import Gate
from jifen_ingest.settings import Settings

ANSWER: Final = (
    b'{"id":"e-000000","source":"urn","seq":1234567,"payload_sha256":"' + b"0" * 64 + b'"}'
)
EVENTS_AT_ONCE_MAX: Final = 10_000


class NoOp:
    """ASGI application that reads the body and answers as long an answer as ingest's."""

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(ANSWER)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": ANSWER})


class OnePublishEach:
    """An event log as tutorials write it: every event is a publish of its own, awaited."""

    def __init__(self, client: Client) -> None:
        self._jetstream = client.jetstream()

    async def has(self, scheme: str) -> bool:
        return bool(scheme)

    def known(self, scheme: str, content: bytes) -> Stored | None:  # noqa: ARG002 - no memory
        return None

    async def keep_private(self, scheme: str, parts: Sequence[Entry]) -> list[Outcome]:
        return await self.append(scheme, parts, atomic=False)

    async def append(
        self,
        scheme: str,  # noqa: ARG002 - the subject names it
        entries: Sequence[Entry],
        *,
        atomic: bool,
    ) -> list[Outcome]:
        assert not atomic
        return [await self._stored(entry) for entry in entries]

    async def _stored(self, entry: Entry) -> Outcome:
        headers = {"Nats-Msg-Id": entry.content.hex()}
        ack = await self._jetstream.publish(entry.subject, entry.payload, headers=headers)
        return Stored(ack.seq, entry.payload_sha256)


async def _serve(way: str, settings: Settings) -> None:
    if way == "no_op":
        await _listen(NoOp(), settings)
        return
    client = await nats.connect(settings.nats_url)
    log = OnePublishEach(client)
    accept = AcceptEvents(
        log, Gate(EVENTS_AT_ONCE_MAX), lambda: time.time_ns() // 1_000_000, secrets.token_bytes
    )
    limits = ReceptionLimits(
        settings.ingest_single_bytes_max,
        settings.ingest_body_bytes_max,
        settings.ingest_batch_events_max,
        settings.ingest_retry_after_s,
    )
    reception = Reception(Sources(settings.sources_file), log, accept, limits, Telemetry())
    await _listen(EventsRoute(reception, BodyBudget(settings.ingest_bodies_bytes_max)), settings)


async def _listen(route: ASGIApp, settings: Settings) -> None:
    await serve(
        config_of(
            Router([Route(EVENTS_PATH, route, methods=["POST"])]),
            settings.http_host,
            settings.http_port,
            connections_max=settings.ingest_connections_max,
            drain_timeout_s=1,
        )
    )


def main() -> int:
    """Serve one of the ways until a signal comes; settings are those of ingest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=("no_op", "one_publish"))
    options = parser.parse_args()
    factory = uvicorn.Config("", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_serve(options.way, Settings()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
