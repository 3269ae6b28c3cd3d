"""What is known of a file of evidence, apart from its bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple, Protocol


class File(NamedTuple):
    """A file of the store; its kind was judged by its content when it came."""

    sha256: str
    size: int
    media_type: str


class StoredFile(NamedTuple):
    """A file as the store lists it; `upload` names the parts that it consists of."""

    sha256: str
    size: int
    stored_at: datetime
    upload: str


class Evidence(Protocol):
    """The store of files, as reads need it."""

    async def find(self, scheme: str, file: str) -> File | None:
        """Return what is known of a file, None where it is not. Raises Unavailable."""

    def parts(self, scheme: str, file: str) -> AsyncIterator[bytes]:
        """Return the file's bytes in their order, none where it is not. Raises Unavailable."""
