"""Files of evidence in NATS' object store, as ingest keeps them: read part by part, and removed."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

import nats.errors
import nats.js.errors
import orjson
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ObjectInfo, RawStreamMsg
from nats.js.object_store import ObjectStore

from jifen_contracts.subjects import evidence_bucket_of, evidence_stream_of
from jifen_ledger.adapters.overwriting import overwrite
from jifen_ledger.application.evidence import File, StoredFile
from jifen_ledger.application.stopped import Unavailable

REQUEST_TIMEOUT_S = 5
OCTETS = "application/octet-stream"
MEDIA_TYPE = "Content-Type"

_log = structlog.get_logger()


class FileDamaged(Exception):  # noqa: N818 - it says what the file is
    """The stored bytes are not those that the hash names."""


class NatsEvidence:
    """The files of every scheme. Before there is a connection, nothing is available."""

    def __init__(self, client: Client | None = None) -> None:
        """Take a connected client, or be given one later."""
        self._jetstream: JetStreamContext | None = None
        if client is not None:
            self.use(client)

    def use(self, client: Client) -> None:
        """Work on this connection from now on."""
        self._jetstream = client.jetstream(timeout=REQUEST_TIMEOUT_S)

    async def find(self, scheme: str, file: str) -> File | None:
        """Return what is known of a file, None where it is not. Raises Unavailable."""
        info = await self._info(scheme, file)
        if info is None:
            return None
        return File(file, info.size or 0, _media_type(info))

    async def parts(self, scheme: str, file: str) -> AsyncIterator[bytes]:
        """Return the file's bytes in their order, each part read when it is asked for.

        There is none where the file was removed. Raises Unavailable, and FileDamaged at the end
        where the bytes are not those of the hash.
        """
        info = await self._info(scheme, file)
        if info is None:
            return
        subject, seq, digest = _chunks_of(scheme, info), 0, sha256()
        for _ in range(info.chunks or 0):
            message = await self._next(evidence_stream_of(scheme), subject, seq)
            if message is None:
                break
            assert message.seq is not None
            seq, part = message.seq, message.data or b""
            digest.update(part)
            yield part
        if seq and digest.hexdigest() != file:
            _log.error("evidence_damaged", scheme=scheme, sha256=file)
            raise FileDamaged(file)

    async def remove(self, scheme: str, file: str) -> bool:
        """Remove a file; tell whether it was there. Raises Unavailable."""
        info = await self._info(scheme, file)
        if info is None:
            return False
        # The entry first: cut off in between, the parts are left, which belong to no file.
        await self._purge(scheme, _entry_of(scheme, file))
        await self._purge(scheme, _chunks_of(scheme, info))
        return True

    async def stored(self, scheme: str) -> AsyncIterator[StoredFile]:
        """Return every file with the time of its upload. Raises Unavailable."""
        entries, seq = f"$O.{evidence_bucket_of(scheme)}.M.*", 0
        while (entry := await self._next(evidence_stream_of(scheme), entries, seq)) is not None:
            assert entry.seq is not None
            seq = entry.seq
            info = ObjectInfo.from_response(_loaded(entry))
            if info.name is not None and not info.deleted:
                yield StoredFile(info.name, info.size or 0, _time_of(entry), info.nuid or "")

    async def loose(self, scheme: str) -> AsyncIterator[StoredFile]:
        """Return the first part of each upload, whether it became a file or not.

        Raises Unavailable.
        """
        stream = evidence_stream_of(scheme)
        prefix = f"$O.{evidence_bucket_of(scheme)}.C."
        with _answers():
            info = await self._context().stream_info(stream, subjects_filter=f"{prefix}>")
        for subject in sorted(info.state.subjects or {}):
            first = await self._next(stream, subject, 0)
            if first is not None:
                upload = subject.removeprefix(prefix)
                yield StoredFile(upload, 0, _time_of(first), upload)

    async def remove_upload(self, scheme: str, upload: str) -> None:
        """Remove the parts of an upload that became no file. Raises Unavailable."""
        await self._purge(scheme, f"$O.{evidence_bucket_of(scheme)}.C.{upload}")

    async def _info(self, scheme: str, file: str) -> ObjectInfo | None:
        bucket = ObjectStore(
            evidence_bucket_of(scheme), evidence_stream_of(scheme), self._context()
        )
        with _answers():
            try:
                return await bucket.get_info(file)
            except nats.js.errors.NotFoundError:
                # A scheme without a bucket has no files either.
                return None

    async def _next(self, stream: str, subject: str, after_seq: int) -> RawStreamMsg | None:
        with _answers():
            try:
                # By way of the stream's leader: a replica may not have it yet.
                return await self._context().get_msg(
                    stream, seq=after_seq + 1, subject=subject, next=True
                )
            except nats.js.errors.NotFoundError:
                return None

    async def _purge(self, scheme: str, subject: str) -> None:
        with _answers():
            await overwrite(self._context(), evidence_stream_of(scheme), subject)

    def _context(self) -> JetStreamContext:
        if self._jetstream is None:
            raise Unavailable("NATS: not connected yet")
        return self._jetstream


def _entry_of(scheme: str, file: str) -> str:
    name = base64.urlsafe_b64encode(file.encode()).decode()
    return f"$O.{evidence_bucket_of(scheme)}.M.{name}"


def _chunks_of(scheme: str, info: ObjectInfo) -> str:
    return f"$O.{evidence_bucket_of(scheme)}.C.{info.nuid}"


def _media_type(info: ObjectInfo) -> str:
    named = (info.headers or {}).get(MEDIA_TYPE)
    return named[0] if isinstance(named, list) and named else OCTETS


def _loaded(message: RawStreamMsg) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(message.data or b"{}")
    return found


def _time_of(message: RawStreamMsg) -> datetime:
    assert message.time is not None
    return message.time


@contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    except nats.js.errors.NotFoundError:
        raise
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise Unavailable(f"NATS: {error!r}") from error
