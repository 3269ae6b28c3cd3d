"""A ledger's HTTP application over a real database that holds a projected history."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from jifen_contracts.times import instant_ms
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.readers import Readers, make_reader_token
from jifen_ledger.application.evidence import Evidence
from jifen_ledger.application.project import ProjectScheme
from jifen_ledger.application.status import ProjectionStatus
from tests.support.lent_application import lent_application, own_application
from tests.support.people import ANNA, BO, RECORDER, SCHEME
from tests.support.projecting import StoredStream, now_ms

TODAY = "2023-09-20T10:00:00.000+08:00"
MEMBERS: Mapping[str, str | None] = {
    "self": ANNA,
    "branch": BO,
    "staff": None,
    "reviewer": RECORDER,
    "upper": None,
    "auditor": None,
    "public": None,
    "shop": None,
}


@dataclass
class Asking:
    """Asks as any column; `tokens` are by name."""

    application: FastAPI
    client: httpx.AsyncClient
    readers_file: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def add_reader(
        self, name: str, column: str, member: str | None = None, scheme: str = SCHEME
    ) -> None:
        self.tokens[name], lines = make_reader_token(name, scheme, column, member)
        with self.readers_file.open("a", encoding="utf-8") as file:
            file.write(lines)

    async def answer(
        self, path: str, who: str = "upper", method: str = "GET", **more: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} | more.pop("headers", {})
        url = f"/v1/schemes/{SCHEME}{path}"
        return await self.client.request(method, url, headers=headers, **more)

    async def get(self, path: str, who: str = "upper", **query: Any) -> Any:
        response = await self.answer(path, who, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    async def code(self, path: str, who: str = "upper", **query: Any) -> tuple[int, str]:
        response = await self.answer(path, who, params=query)
        return response.status_code, response.json()["code"]

    async def name(self, person: str, name_zh: str, name_en: str) -> None:
        body = {"name_zh": name_zh, "name_en": name_en, "phone": "+86 10 5555 0100"}
        response = await self.answer(f"/directory/{person}", method="PUT", json=body)
        assert response.status_code == 204, response.text


async def project(database_url: str, payloads: Sequence[bytes]) -> None:
    """Project what follows on the history that the database holds."""
    engine = async_engine(database_url, connections_max=1)
    status = ProjectionStatus()
    try:
        await ProjectScheme(
            StoredStream(payloads),
            PostgresJournal(engine),
            now_ms,
            status.of(SCHEME),
            asyncio.Event(),
        ).catch_up()
    finally:
        await engine.dispose()
    assert status.of(SCHEME).size == len(payloads), status.of(SCHEME).detail


@asynccontextmanager
async def reading(
    database_url: str,
    directory: Path,
    payloads: Sequence[bytes],
    today: str = TODAY,
    *,
    evidence: Evidence | None = None,
    alone: bool = False,
) -> AsyncIterator[Asking]:
    """Project the history and answer reads about it, on the day given.

    With an application of its own where a test adds to it or counts its answers.
    """
    engine = async_engine(database_url, connections_max=4)
    answering = own_application if alone else lent_application
    try:
        status = ProjectionStatus()
        projection = ProjectScheme(
            StoredStream(payloads),
            PostgresJournal(engine),
            now_ms,
            status.of(SCHEME),
            asyncio.Event(),
        )
        await projection.catch_up()
        assert status.of(SCHEME).size == len(payloads), status.of(SCHEME).detail
        readers_file = directory / "readers.toml"
        readers_file.touch()
        with answering(
            engine,
            Readers(readers_file),
            status,
            evidence=evidence,
            clock_ms=lambda: instant_ms(today),
        ) as application:
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as client:
                asking = Asking(application, client, readers_file)
                for column, member in MEMBERS.items():
                    asking.add_reader(column, column, member)
                yield asking
    finally:
        await engine.dispose()
