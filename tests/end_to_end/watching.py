"""Both services as processes, traced and checked often, with what watches over them."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import orjson

from jifen_local.stack import LocalStack
from tests.end_to_end.plant import Plant, connected
from tests.end_to_end.tokens import draw_tokens, write_readers, write_sources
from tests.support.collector import Collector, collecting
from tests.support.scraping import Scrape

SCHEME = "works-watched"
SEEN_S = 30.0
LOOK_AGAIN_S = 0.05
ENVIRONMENT = {
    "JIFEN_TRACING_RATIO": "0",
    "JIFEN_INVARIANTS_INTERVAL_S": "0.1",
    # OpenTelemetry's own: spans are sent this often, in milliseconds.
    "OTEL_BSP_SCHEDULE_DELAY": "100",
}


@dataclass(frozen=True, slots=True)
class Watched:
    stack: LocalStack
    plant: Plant
    collector: Collector
    http: httpx.AsyncClient
    logs: Path

    async def scrapes(self) -> tuple[Scrape, Scrape]:
        """The metrics of ingest and of the ledger."""
        ingest, ledger = [
            Scrape((await self.http.get(f"{url}/metrics")).text)
            for url in (self.stack.ingest_url, self.stack.ledger_url)
        ]
        return ingest, ledger

    async def send(self, body: bytes, media_type: str, traceparent: str) -> Any:
        """Send events in a trace; return what ingest answers."""
        answer = await self.http.post(
            f"{self.stack.ingest_url}/v1/schemes/{SCHEME}/events",
            content=body,
            headers={
                "Authorization": f"Bearer {self.plant.tokens.send['past']}",
                "Content-Type": media_type,
                "traceparent": traceparent,
            },
        )
        return answer.json()

    def lines(self, service: str, event: str) -> list[dict[str, Any]]:
        """What a service has logged under this word."""
        written = (self.logs / f"{service}.log").read_bytes().splitlines()
        return [line for line in map(orjson.loads, written) if line["event"] == event]

    async def seen(self, look: Callable[[], Awaitable[Any]], wanted: Any) -> Any:
        """What is seen once it is what is wanted, or at the deadline."""
        end = time.monotonic() + SEEN_S
        while True:
            found = await look()
            if found == wanted or time.monotonic() > end:
                return found
            await asyncio.sleep(LOOK_AGAIN_S)


@asynccontextmanager
async def watched(directory: Path) -> AsyncIterator[Watched]:
    tokens = {SCHEME: draw_tokens()}
    with collecting() as collector:
        told = {**ENVIRONMENT, "JIFEN_TRACING_ENDPOINT": collector.endpoint}
        with (
            patch.dict(os.environ, told),
            LocalStack(
                directory / "data",
                schemes=[SCHEME],
                sources_file=write_sources(directory / "sources.toml", tokens),
                readers_file=write_readers(directory / "readers.toml", tokens),
                fast=True,
            ) as stack,
        ):
            async with (
                connected(stack, SCHEME, tokens[SCHEME]) as plant,
                httpx.AsyncClient() as http,
            ):
                yield Watched(stack, plant, collector, http, directory / "data" / "log")
