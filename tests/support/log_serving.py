"""The ledger's HTTP application over a log that is signed in this process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from jifen_ledger.adapters.audit.making import make_bundle
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.http.application import make_application
from jifen_ledger.adapters.http.log_asking import LogDesk
from jifen_ledger.adapters.readers import Readers, make_reader_token
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.queries.rights_of_log import EntriesAccess
from jifen_ledger.application.status import ProjectionStatus
from tests.support.people import ANNA, BO, SCHEME
from tests.support.projecting import now_ms
from tests.support.signing import SigningLog, signing_log

COLUMNS = {"auditor": None, "upper": None, "self": ANNA, "branch": BO, "public": None}
OTHER_SCHEME = "other"


class ServedLog:
    """A log and a client that asks for it."""

    def __init__(self, log: SigningLog, application: FastAPI, client: httpx.AsyncClient) -> None:
        self.log = log
        self.application = application
        self.client = client
        self.tokens: dict[str, str] = {}

    async def get(
        self, path: str, who: str | None = None, method: str = "GET", **query: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        address = f"/v1/schemes/{SCHEME}/log/{path}"
        return await self.client.request(method, address, params=query or None, headers=headers)

    async def files(self, paths: list[str], who: str = "auditor") -> dict[str, bytes | None]:
        """What the paths answer; None where there is nothing."""
        found = {path: await self.get(path, who) for path in paths}
        assert {one.status_code for one in found.values()} <= {200, 404}
        return {path: one.content if one.is_success else None for path, one in found.items()}

    async def record(self, payloads: list[bytes]) -> None:
        """Project what the stream has beyond the head, and sign it."""
        await self.log.project(payloads)
        await self.log.sign()


@asynccontextmanager
async def served_log(
    url: str, directory: Path, access: Mapping[str, EntriesAccess] | None = None
) -> AsyncIterator[ServedLog]:
    """Serve the log of a database; sign what is there first."""
    reads = async_engine(url, connections_max=4)
    readers_file, tokens, lines = directory / "readers.toml", dict[str, str](), list[str]()
    for column, member in COLUMNS.items():
        tokens[column], line = make_reader_token(column, SCHEME, column, member)
        lines.append(line)
    tokens[OTHER_SCHEME], line = make_reader_token("stranger", "elsewhere", "auditor")
    readers_file.write_text("\n".join([*lines, line]))
    try:
        async with signing_log(url, directory) as log:
            await log.begin()
            await log.sign()
            application = make_application(
                reads,
                Readers(readers_file),
                ProjectionStatus(),
                log=LogDesk(
                    LogStatus({SCHEME: log.status}),
                    {} if access is None else access,
                    writes_bundle=partial(make_bundle, url),
                ),
                clock_ms=now_ms,
            )
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as client:
                served = ServedLog(log, application, client)
                served.tokens = tokens
                yield served
    finally:
        await reads.dispose()
