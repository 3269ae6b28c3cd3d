"""The door for files: `PUT` of a file by its hash, received on disk so that memory stays small."""

import asyncio
import hashlib
import re
import tempfile
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, Final

import filetype  # type: ignore[import-untyped]
import orjson
from starlette.types import Receive, Scope, Send

from jifen_ingest.adapters.http_exchange import (
    ClientLeft,
    announces_more_than,
    answer,
    headers_of,
)
from jifen_ingest.adapters.reception import JSON, Reception, Reply
from jifen_ingest.adapters.sources import Sources
from jifen_ingest.adapters.telemetry import Telemetry
from jifen_ingest.application.keep_evidence import KeepEvidence, Kept, ReceivedFile
from jifen_ingest.domain.refusals import (
    Busy,
    Malformed,
    Refusal,
    SchemeNotAllowed,
    TooLarge,
)

# As much as the library looks at.
HEAD_BYTES: Final = 8_192
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class EvidenceLimits:
    bytes_max: int
    uploads_max: int
    timeout_s: float


class EvidenceRoute:
    """ASGI application of `PUT /v1/schemes/{scheme}/evidence/{sha256}`."""

    def __init__(
        self,
        sources: Sources,
        keep: KeepEvidence,
        limits: EvidenceLimits,
        reception: Reception,
        telemetry: Telemetry,
    ) -> None:
        self._sources = sources
        self._keep = keep
        self._limits = limits
        self._reception = reception
        self._telemetry = telemetry
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(self._reply(scope, receive), self._reception, scope, send)

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        scheme, named = scope["path_params"]["scheme"], scope["path_params"]["sha256"]
        headers = headers_of(scope)
        credential = self._sources.credential_of(headers.get("authorization"))
        if credential.scheme != scheme:
            raise SchemeNotAllowed("the credential is not one of this scheme")
        self._keep.admit(credential)
        if _SHA256.fullmatch(named) is None:
            raise Malformed("the address does not end in a SHA-256: 64 of 0-9 and a-f")
        if announces_more_than(headers, self._limits.bytes_max):
            raise self._too_large()
        if self._under_way >= self._limits.uploads_max:
            raise Busy("Too many files are being received; nothing was stored.")
        self._under_way += 1
        try:
            async with asyncio.timeout(self._limits.timeout_s):
                with tempfile.TemporaryFile() as content:
                    file = await self._received(receive, content)
                    kept = await self._keep(scheme, named, file)
        except TimeoutError:
            raise Busy("The file was not received and stored in time.") from None
        finally:
            self._under_way -= 1
        self._telemetry.kept(kept.size, duplicate=kept.duplicate)
        return _reply(kept)

    async def _received(self, receive: Receive, content: BinaryIO) -> ReceivedFile:
        """Write the body to the file, part by part. Raises TooLarge."""
        digest, head, size, more = hashlib.sha256(), b"", 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            part = message.get("body", b"")
            size += len(part)
            if size > self._limits.bytes_max:
                raise self._too_large()
            digest.update(part)
            head += part[: HEAD_BYTES - len(head)]
            # A disk may keep one waiting.
            await asyncio.to_thread(content.write, part)
            more = bool(message.get("more_body"))
        content.seek(0)
        # The first bytes, whatever the header claims: what is shown as a photo must be one.
        return ReceivedFile(digest.hexdigest(), size, filetype.guess_mime(head), content)

    def _too_large(self) -> Refusal:
        return TooLarge(f"the file is longer than {self._limits.bytes_max} bytes")


def _reply(kept: Kept) -> Reply:
    body = {
        "sha256": kept.sha256,
        "size": kept.size,
        "media_type": kept.media_type,
        "duplicate": kept.duplicate,
    }
    status = HTTPStatus.OK if kept.duplicate else HTTPStatus.CREATED
    return Reply(status, JSON, orjson.dumps(body))
