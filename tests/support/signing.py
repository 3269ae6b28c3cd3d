"""A log that is signed in this process: records without a broker, anchors and keys in files."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.adapters.signed_log import PostgresSignedLog
from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.sign import SignScheme, Stored
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.tree import EMPTY_TREE, Tree, grown
from tests.support.organisation import left
from tests.support.people import SCHEME
from tests.support.projecting import StoredStream, now_ms
from tests.support.servers import libpq_url

LOG_ORIGIN = "ledger.example/jifen"
ORIGIN = f"{LOG_ORIGIN}/{SCHEME}"
NOTES = "SELECT size, note FROM log_checkpoint WHERE scheme = %s"
FAR_AHEAD_MS = 2**41


def refused(number: int, word: str = "m") -> list[bytes]:
    """Events whose records are made quickly, and move nothing."""
    return [left(f"{word}-{one}", "2023-07-01") for one in range(number)]


def query(url: str, statement: str, *values: Any) -> list[Any]:
    with psycopg.connect(libpq_url(url)) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def tamper(url: str, *statements: str) -> None:
    """As a superuser, past the triggers."""
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def tree_of(url: str, scheme: str = SCHEME) -> Tree:
    """The tree of the records' bytes, made anew."""
    rows = query(url, "SELECT bytes FROM record WHERE scheme = %s ORDER BY seq", scheme)
    return grown(EMPTY_TREE, leaf_hashes(entry for (entry,) in rows))[0]


class SigningLog:
    """The signing of one scheme's log; `restart` forgets all but the database and the files."""

    def __init__(
        self, url: str, engine: AsyncEngine, directory: Path, scheme: str = SCHEME
    ) -> None:
        self.url = url
        self.scheme = scheme
        self.engine = engine
        self.anchors = AnchorFiles(directory / "anchors")
        self.keys = KeyFiles(directory / "keys", LOG_ORIGIN)
        for name in ("anchors", "keys"):
            (directory / name).mkdir(mode=0o700, exist_ok=True)
        self.stored = Stored(PostgresSignedLog(engine), self.anchors, self.keys)
        self.projection = SchemeStatus(scheme)
        self.clock_ms = now_ms
        self.restart()

    def restart(self) -> None:
        self.status = SchemeLog(self.scheme)
        self.use_case = self.of(self.stored, self.status)

    def of(self, stored: Stored, status: SchemeLog) -> SignScheme:
        origin = f"{LOG_ORIGIN}/{self.scheme}"
        return SignScheme(
            stored,
            origin,
            lambda: self.clock_ms(),  # noqa: PLW0108 - a test may set another clock
            status,
            self.projection,
            asyncio.Event(),
        )

    async def begin(self) -> None:
        """Make the head of a log that has none yet."""
        await PostgresJournal(self.engine).open(self.scheme)

    async def project(self, payloads: Sequence[bytes], batch_max: int = 1_000) -> None:
        """Record what the stream has beyond the head."""
        size = await self.project_from(StoredStream(payloads), batch_max)
        assert size >= len(payloads), size

    async def project_from(self, stream: StoredStream, batch_max: int = 1_000) -> int:
        """Record what this stream has; return how many records there are then."""
        status = SchemeStatus(self.scheme)
        await ProjectScheme(
            stream,
            PostgresJournal(self.engine),
            lambda: FAR_AHEAD_MS,
            status,
            asyncio.Event(),
            Limits(batch_max=batch_max),
        ).catch_up()
        assert status.stopped is None, status.detail
        return status.size

    async def sign(self) -> SchemeLog:
        """Sign until nothing is left to sign."""
        while not await self.use_case.sign():
            pass
        return self.status

    def notes(self) -> dict[int, str]:
        return dict(query(self.url, NOTES, self.scheme))


@asynccontextmanager
async def signing_log(url: str, directory: Path) -> AsyncIterator[SigningLog]:
    engine = async_engine(url, connections_max=4)
    try:
        yield SigningLog(url, engine, directory)
    finally:
        await engine.dispose()


def opened(log: SigningLog, size: int) -> Checkpoint:
    """The checkpoint of the size, whose note all keys of the log have signed."""
    keys = [key.verifier for key in log.keys.read(log.scheme).signing]
    found = open_checkpoint(log.notes()[size].encode(), keys)
    assert list(found.keys) == keys
    return found.checkpoint
