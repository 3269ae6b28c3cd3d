"""Files of evidence in NATS' object store, one bucket per scheme; ingest can add, never remove."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast
from weakref import WeakValueDictionary

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ObjectMeta, ObjectMetaOptions
from nats.js.object_store import ObjectStore

from jifen_contracts.subjects import evidence_bucket_of, evidence_stream_of
from jifen_ingest.application.keep_evidence import ReceivedFile
from jifen_ingest.domain.refusals import Busy, UnknownScheme

# A message of the stream; each is on disk before the next one is sent.
CHUNK_BYTES: Final = 131_072
MEDIA_TYPE: Final = "Content-Type"
_STREAM_NOT_FOUND: Final = 10_059


class _AddingOnly(JetStreamContext):
    """What an upload leaves behind when it fails goes with `jifen-ledger evidence expire`."""

    async def purge_stream(
        self,
        name: str,
        seq: int | None = None,
        subject: str | None = None,
        keep: int | None = None,
    ) -> bool:
        # The broker would not let ingest, and nats-py waits for it in vain.
        del name, seq, subject, keep
        return False


class NatsEvidenceStore:
    def __init__(self, client: Client, timeout_s: float) -> None:
        self._jetstream = _AddingOnly(client, timeout=timeout_s)
        # Two uploads of one file at once would store its bytes twice.
        self._under_way = WeakValueDictionary[tuple[str, str], asyncio.Lock]()

    async def has(self, scheme: str, sha256: str) -> bool:
        """Tell whether the file is there. Raises Busy, UnknownScheme."""
        async with _answers():
            return await self._known(_bucket(self._jetstream, scheme), sha256)

    async def keep(self, scheme: str, file: ReceivedFile) -> None:
        """Store the file: its parts first, then the entry that makes it one.

        Raises Busy, UnknownScheme.
        """
        bucket = _bucket(self._jetstream, scheme)
        lock = self._under_way.setdefault((scheme, file.sha256), asyncio.Lock())
        async with lock, _answers():
            if await self._known(bucket, file.sha256):
                return
            meta = ObjectMeta(
                name=file.sha256,
                headers={MEDIA_TYPE: [file.media_type]},
                options=ObjectMetaOptions(max_chunk_size=CHUNK_BYTES),
            )
            # Any binary file will do; nats-py names one class of them.
            await bucket.put(file.sha256, cast("bytes", file.content), meta=meta)

    async def _known(self, bucket: ObjectStore, sha256: str) -> bool:
        try:
            await bucket.get_info(sha256)
        except nats.js.errors.ObjectNotFoundError:
            # nats-py says the same of a file and of a bucket that is not there.
            await _exists(bucket)
            return False
        return True


async def _exists(bucket: ObjectStore) -> None:
    try:
        await bucket.status()
    except nats.js.errors.NotFoundError as error:
        if error.err_code == _STREAM_NOT_FOUND:
            raise UnknownScheme("the scheme has no bucket for files") from error
        raise


def _bucket(jetstream: JetStreamContext, scheme: str) -> ObjectStore:
    return ObjectStore(evidence_bucket_of(scheme), evidence_stream_of(scheme), jetstream)


@asynccontextmanager
async def _answers() -> AsyncIterator[None]:
    try:
        yield
    except (nats.errors.Error, TimeoutError, OSError) as error:
        raise Busy("The store of files did not confirm; send the file again.") from error
