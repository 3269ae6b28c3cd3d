"""Two ingests and two ledgers are restarted one after another under load; nobody notices."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import nats
import orjson
import psycopg
import pytest

from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of
from jifen_ingest.adapters.streams import create_streams
from jifen_local.children import Child, start_child, wait_until
from jifen_local.ports import HOST, free_port
from jifen_local.servers.nats import answers
from tests.ingest.sent import SOURCE, TOKEN
from tests.integration.ingest_service import STRUCTURED, write_sources
from tests.support.servers import libpq_url
from tests.support.wait import until

SENDERS = 12
ENDS_WITHIN_S = 30
SENT_BETWEEN = 100
HEADERS = {"Content-Type": STRUCTURED, "Authorization": f"Bearer {TOKEN}"}
OUTCOMES = """
SELECT status, count(*), count(DISTINCT event_id) FROM record WHERE scheme = %s GROUP BY status
"""


@dataclass
class Process:
    """A service on a port of its own, that can be stopped and started again."""

    name: str
    module: str
    environment: dict[str, str]
    directory: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        self.child: Child = start_child(
            self.name,
            [sys.executable, "-P", "-m", self.module, "serve"],
            log=self.directory / f"{self.name}.log",
            directory=self.directory,
            environment={**self.environment, "JIFEN_HTTP_PORT": str(self.port)},
        )

    def is_ready(self) -> bool:
        return answers(self.url, "/readyz")

    async def restarted(self) -> int:
        """Ask it to end, return its exit status, and wait until it is ready again."""
        self.child.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(self.child.process.wait, ENDS_WITHIN_S)
        self.start()
        await until(self.is_ready, 60)
        return status


@dataclass
class Load:
    """Senders that take the other ingest when theirs does not answer, with the same event."""

    urls: list[str]
    scheme: str
    accepted: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    moved: int = 0
    ending: bool = False
    _ids: Iterator[int] = field(default_factory=count)

    async def send(self, http: httpx.AsyncClient, sender: int) -> None:
        while not self.ending:
            event = _enrolled(f"m-{next(self._ids):06}")
            while event["id"] not in self.accepted:
                await self._offer(http, self.urls[sender % len(self.urls)], event)
                sender += event["id"] not in self.accepted

    async def _offer(self, http: httpx.AsyncClient, url: str, event: dict[str, Any]) -> None:
        try:
            answer = await http.post(
                f"{url}/v1/schemes/{self.scheme}/events",
                content=orjson.dumps(event),
                headers=HEADERS,
            )
        except httpx.TransportError:
            self.moved += 1
            return
        if answer.status_code == HTTPStatus.OK:
            self.accepted[event["id"]] = answer.json()["seq"]
        else:
            self.refused.append((answer.status_code, answer.text))

    async def more(self) -> None:
        """Wait until so many more are accepted."""
        enough = len(self.accepted) + SENT_BETWEEN
        await until(lambda: len(self.accepted) >= enough, 60)


def _enrolled(member: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": member,
        "source": SOURCE,
        "type": "jifen.member.enrolled.v1",
        "subject": member,
        "time": "2025-01-06T09:00:00+08:00",
        "data": {"standing": "full", "from": "2025-01-01"},
    }


@pytest.fixture
def services(
    nats_url: str, database_url: str, scheme: str, tmp_path: Path
) -> Iterator[dict[str, Process]]:
    sources, readers = tmp_path / "sources.toml", tmp_path / "readers.toml"
    write_sources(sources, scheme)
    sources.write_text(sources.read_text().partition('[[credential]]\nname = "elsewhere"')[0])
    readers.touch()
    ingest = {"JIFEN_NATS_URL": nats_url, "JIFEN_SOURCES_FILE": str(sources)}
    ledger = {
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_DATABASE_URL": database_url,
        "JIFEN_SCHEMES": scheme,
        "JIFEN_READERS_FILE": str(readers),
        "JIFEN_LOG_ORIGIN": "ledger.example/jifen",
        "JIFEN_LOG_KEY_DIR": str(tmp_path),
        "JIFEN_LOG_ANCHOR_DIR": str(tmp_path),
    }
    made = [
        *(Process(f"ingest-{n}", "jifen_ingest", ingest, tmp_path) for n in (1, 2)),
        *(
            Process(f"ledger-{n}", "jifen_ledger", {**ledger, "JIFEN_WORKER": f"w-{n}"}, tmp_path)
            for n in (1, 2)
        ),
    ]
    asyncio.run(_streams(nats_url, scheme, make=True))
    try:
        for process in made:
            process.start()
        for process in made:
            wait_until(process.is_ready, process.child)
        yield {process.name: process for process in made}
    finally:
        for process in made:
            if hasattr(process, "child"):
                process.child.stop()
        asyncio.run(_streams(nats_url, scheme, make=False))


@pytest.mark.timeout(240)
async def test_a_rolling_restart_loses_refuses_and_doubles_no_event(
    services: dict[str, Process], database_url: str, scheme: str
) -> None:
    load = Load([services["ingest-1"].url, services["ingest-2"].url], scheme)
    with psycopg.connect(libpq_url(database_url), autocommit=True) as connection:
        async with _sending(load):
            ended = []
            for process in services.values():
                await load.more()
                ended.append(await process.restarted())
            await load.more()
        last = max(load.accepted.values())
        await until(lambda: _size(connection, scheme) >= last, 60)
        outcomes = {
            status: (number, distinct)
            for status, number, distinct in connection.execute(OUTCOMES, [scheme]).fetchall()
        }

    accepted = len(load.accepted)
    assert ended == [0, 0, 0, 0]
    assert load.refused == []
    # Whoever was cut off in mid-request sent the same event again: recorded once, at most so
    # often a duplicate.
    assert outcomes["recorded"] == (accepted, accepted)
    assert outcomes.keys() <= {"recorded", "duplicate"}
    assert outcomes.get("duplicate", (0, 0))[0] <= load.moved


@asynccontextmanager
async def _sending(load: Load) -> AsyncIterator[None]:
    """Send for the length of the block, and then until every event under way has its answer."""
    async with httpx.AsyncClient(timeout=ENDS_WITHIN_S, trust_env=False) as http:
        senders = [asyncio.create_task(load.send(http, number)) for number in range(SENDERS)]
        try:
            yield
        finally:
            load.ending = True
            await asyncio.gather(*senders)


async def _streams(nats_url: str, scheme: str, *, make: bool) -> None:
    client = await nats.connect(nats_url)
    try:
        if make:
            await create_streams(client, scheme, replicas=1, erasable=True)
            return
        for stream in (stream_of(scheme), private_stream_of(scheme), evidence_stream_of(scheme)):
            await client.jetstream().delete_stream(stream)
    finally:
        await client.close()


def _size(connection: psycopg.Connection, scheme: str) -> int:
    row = connection.execute("SELECT size FROM log_head WHERE scheme = %s", [scheme]).fetchone()
    return 0 if row is None else int(row[0])
