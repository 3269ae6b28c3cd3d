"""A scheme in the broker, projected and signed in a database, of which a test loses one half."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import nats
import nats.js.errors
from nats.aio.client import Client

from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of
from jifen_ingest.adapters.streams import create_streams
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.private_store import PostgresPrivateParts
from jifen_ledger.adapters.stream import NatsPrivateStream
from jifen_ledger.application.copy_private import CopyPrivateParts
from jifen_ledger.application.reconciling.once import Report
from jifen_ledger.application.refilling.ledger import LedgerRefilled
from jifen_ledger.application.refilling.refill import Refilled
from jifen_ledger.application.status import PrivateStatus, SchemeStatus
from jifen_ledger.composition.reconciling import reconcile
from jifen_ledger.composition.refilling import Made, refill_ledger, refill_stream
from jifen_ledger.log.tree import Tree
from jifen_ledger.settings import ReconcileSettings, RefillLedgerSettings
from tests.support.people import SCHEME
from tests.support.private_parts import Part
from tests.support.projecting import project_all, publish, subject_for
from tests.support.signing import LOG_ORIGIN, signing_log, tree_of

STREAMS = (stream_of(SCHEME), private_stream_of(SCHEME), evidence_stream_of(SCHEME))
ERASABLE = Made(replicas=1, erasable=True)


class Stored(NamedTuple):
    """A message of a stream as it lies there."""

    subject: str
    payload: bytes
    message_id: str | None


class LostWorld:
    """Both halves of a scheme."""

    def __init__(self, client: Client, nats_url: str, database_url: str, directory: Path) -> None:
        self.client = client
        self.nats_url = nats_url
        self.database_url = database_url
        self.directory = directory
        for name in ("anchors", "keys"):
            (directory / name).mkdir(mode=0o700, exist_ok=True)

    @property
    def settings(self) -> ReconcileSettings:
        return ReconcileSettings(
            nats_url=self.nats_url,
            database_url=self.database_url,
            log_anchor_dir=self.directory / "anchors",
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a command or service of this world is told."""
        return {
            "JIFEN_NATS_URL": self.nats_url,
            "JIFEN_DATABASE_URL": self.database_url,
            "JIFEN_LOG_ORIGIN": LOG_ORIGIN,
            "JIFEN_LOG_KEY_DIR": str(self.directory / "keys"),
            "JIFEN_LOG_ANCHOR_DIR": str(self.directory / "anchors"),
        }

    async def record(self, payloads: Sequence[bytes]) -> Tree:
        """Publish, project and sign; return the tree."""
        await publish(self.client, payloads)
        status = await project_all(self.nats_url, self.database_url)
        assert status.stopped is None, status.detail
        async with signing_log(self.database_url, self.directory) as log:
            await log.sign()
        return tree_of(self.database_url)

    async def record_beside(self, payloads: Sequence[bytes]) -> None:
        """Publish to a ledger that runs."""
        await publish(self.client, payloads)

    async def lose_streams(self, *names: str) -> None:
        for name in names or STREAMS:
            await self.client.jetstream().delete_stream(name)

    async def restore_stream(self, payloads: Sequence[bytes]) -> None:
        """Put an older copy, or another stream, in the place of the stream."""
        await self.lose_streams(stream_of(SCHEME))
        await create_streams(self.client, SCHEME, replicas=1, erasable=True)
        await publish(self.client, payloads)

    async def reconcile(self) -> Report:
        return await reconcile(self.settings, SchemeStatus(SCHEME))

    async def keep(self, parts: Sequence[Part]) -> None:
        """Put private parts into their stream."""
        for part in parts:
            await self.client.jetstream().publish(part.subject, part.payload)

    async def copy(self, database_url: str | None = None) -> int:
        """Copy the private parts that are new; return up to where."""
        engine = async_engine(
            database_url or self.database_url, connections_max=2, prepare_after=None
        )
        status = PrivateStatus(SCHEME)
        copying = CopyPrivateParts(
            NatsPrivateStream(self.client),
            PostgresPrivateParts(engine),
            NatsEvidence(self.client),
            SchemeStatus(SCHEME),
            status,
            asyncio.Event(),
        )
        try:
            await copying.catch_up()
        finally:
            await engine.dispose()
        return status.seq

    async def refill(self, aside: Path | None = None) -> Refilled:
        return await refill_stream(self.settings, SchemeStatus(SCHEME), ERASABLE, aside)

    async def refill_ledger(self, database_url: str) -> LedgerRefilled:
        settings = RefillLedgerSettings(
            nats_url=self.nats_url,
            database_url=database_url,
            log_anchor_dir=self.directory / "anchors",
            log_key_dir=self.directory / "keys",
            log_origin=LOG_ORIGIN,
        )
        return await refill_ledger(settings, SchemeStatus(SCHEME))

    async def settings_of(self, name: str) -> dict[str, Any]:
        """The settings of a stream, without what the server or a refill notes there."""
        reply = await self.client.jetstream()._api_request(f"$JS.API.STREAM.INFO.{name}")
        config: dict[str, Any] = reply["config"]
        return {key: value for key, value in config.items() if key != "metadata"}

    async def stored(self, name: str = stream_of(SCHEME)) -> list[Stored]:
        """Every message of a stream, in order."""
        jetstream = self.client.jetstream()
        state = (await jetstream.stream_info(name)).state
        numbers = range(state.first_seq, state.last_seq + 1)
        found = await asyncio.gather(*(jetstream.get_msg(name, number) for number in numbers))
        return [
            Stored(one.subject or "", one.data or b"", (one.headers or {}).get("Nats-Msg-Id"))
            for one in found
        ]


@asynccontextmanager
async def lost_world(nats_url: str, database_url: str, directory: Path) -> AsyncIterator[LostWorld]:
    """The scheme's streams, made for the block and removed after it."""
    client = await nats.connect(nats_url)
    try:
        await _remove(client)
        await create_streams(client, SCHEME, replicas=1, erasable=True)
        yield LostWorld(client, nats_url, database_url, directory)
        await _remove(client)
    finally:
        await client.close()


async def _remove(client: Client) -> None:
    for name in STREAMS:
        try:
            await client.jetstream().delete_stream(name)
        except nats.js.errors.NotFoundError:
            continue


def as_sent(payloads: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """The messages as they were published: subject and payload."""
    return [(subject_for(one), one) for one in payloads]
