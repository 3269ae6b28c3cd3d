"""Keep a file of evidence under its hash: refused with a reason, or durable when this returns."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.refusals import HashMismatch, MediaNotAllowed, TypeNotAllowed
from jifen_ingest.domain.scopes import EVIDENCE_SCOPES


class EvidenceStore(Protocol):
    """Files of a scheme by their SHA-256. Everything may raise Busy and UnknownScheme."""

    async def has(self, scheme: str, sha256: str) -> bool:
        """Tell whether the file is there."""
        ...

    async def keep(self, scheme: str, file: "ReceivedFile") -> None:
        """Store the file; afterwards it is durable."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file as it came in, to be read from its beginning; `media_type` is that of its content."""

    sha256: str
    size: int
    media_type: str | None
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is durable; `duplicate` tells whether it was so before."""

    sha256: str
    size: int
    media_type: str
    duplicate: bool


class KeepEvidence:
    def __init__(self, store: EvidenceStore, media_types: frozenset[str]) -> None:
        self._store = store
        self._media_types = media_types

    def admit(self, credential: Credential) -> None:
        """Raise TypeNotAllowed unless the credential may send something that names files."""
        if not credential.scopes & EVIDENCE_SCOPES:
            raise TypeNotAllowed(
                f"files need one of the scopes {', '.join(sorted(EVIDENCE_SCOPES))}"
            )

    async def __call__(self, scheme: str, named: str, file: ReceivedFile) -> Kept:
        """Keep the file under the hash it was named by.

        Raises HashMismatch, MediaNotAllowed, UnknownScheme, Busy.
        """
        if file.sha256 != named:
            raise HashMismatch(f"the file has the SHA-256 {file.sha256}")
        if file.media_type is None or file.media_type not in self._media_types:
            found = file.media_type or "of an unknown kind"
            raise MediaNotAllowed(
                f"the content is {found}; taken are {', '.join(sorted(self._media_types))}"
            )
        there = await self._store.has(scheme, file.sha256)
        if not there:
            await self._store.keep(scheme, file)
        return Kept(file.sha256, file.size, file.media_type, duplicate=there)
