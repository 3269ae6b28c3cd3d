"""A log that is signed in this process, and the tasks that ask real witnesses about it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.cosigned_log import PostgresCosignedLog
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.signed_log import PostgresSignedLog
from jifen_ledger.adapters.witness_client import HttpWitnesses, http_witnesses
from jifen_ledger.application.ask_witness import AskWitness, Ways
from jifen_ledger.application.sign import Stored
from jifen_ledger.application.witness import Quorum, Witness
from jifen_ledger.log.keys import VerifierKey
from tests.support.people import SCHEME
from tests.support.signing import SigningLog, refused


class Addressed(Protocol):
    """A witness: as it is configured, or as it runs."""

    @property
    def key(self) -> VerifierKey: ...

    @property
    def url(self) -> str: ...


class WitnessedLog(SigningLog):
    """`cosign` is one turn of the task of every witness."""

    quorum = Quorum()
    witnesses: tuple[Witness, ...] = ()

    def __init__(
        self,
        url: str,
        engine: AsyncEngine,
        directory: Path,
        asked: HttpWitnesses,
        scheme: str = SCHEME,
    ) -> None:
        self.asked = asked
        super().__init__(url, engine, directory, scheme)

    def watched_by(self, *witnesses: Addressed, quorum: int = 0) -> None:
        """Restart with these witnesses; a checkpoint is published when so many have cosigned."""
        self.witnesses = tuple(Witness(one.key, one.url) for one in witnesses)
        self.quorum = Quorum(quorum, [one.key for one in witnesses])
        self.stored = Stored(PostgresSignedLog(self.engine, self.quorum), self.anchors, self.keys)
        self.restart()

    def restart(self) -> None:
        super().restart()
        ways = Ways(
            PostgresCosignedLog(self.engine, self.quorum, self.anchors),
            self.asked,
            lambda: self.clock_ms(),  # noqa: PLW0108 - a test may set another clock
        )
        self.asking = [
            AskWitness(ways, one, self.status, self.projection, asyncio.Event())
            for one in self.witnesses
        ]

    async def grow(self, size: int) -> None:
        """Bring the log to the size, and sign it."""
        await self.project(refused(size))
        await self.sign()

    async def cosign(self) -> None:
        """Let every witness be asked, all at once."""
        await asyncio.gather(*(one.turn() for one in self.asking))


@asynccontextmanager
async def witnessed_log(url: str, directory: Path) -> AsyncIterator[WitnessedLog]:
    engine = async_engine(url, connections_max=8)
    try:
        async with http_witnesses() as asked:
            yield WitnessedLog(url, engine, directory, asked)
    finally:
        await engine.dispose()
