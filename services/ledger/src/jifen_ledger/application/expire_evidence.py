"""Finds, and removes, the files of evidence whose time has passed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from jifen_ledger.application.evidence import StoredFile
from jifen_ledger.domain.retention import Retention, Why, reason_to_go

TOGETHER_MAX = 500
# Longer than any upload takes.
UNFINISHED_AFTER = timedelta(days=1)


class FileStore(Protocol):
    """The store of files; everything may raise Unavailable."""

    def stored(self, scheme: str) -> AsyncIterator[StoredFile]:
        """Return every file with the time of its upload."""

    def loose(self, scheme: str) -> AsyncIterator[StoredFile]:
        """Return the first part of each upload, whether it became a file or not."""

    async def remove(self, scheme: str, sha256: str) -> bool:
        """Remove a file; tell whether it was there."""

    async def remove_upload(self, scheme: str, upload: str) -> None:
        """Remove the parts of an upload that became no file."""


class FileUses(Protocol):
    """What the ledger knows of files; everything may raise Unavailable."""

    async def last_uses(self, scheme: str, files: Collection[str]) -> Mapping[str, datetime]:
        """Return when the last event that names each file was recorded."""

    async def of_erased_alone(self, scheme: str) -> Collection[str]:
        """Return the files that only persons use who were erased."""


class Going(NamedTuple):
    """A file that goes, and why; of an unfinished upload, its name."""

    name: str
    size: int
    why: Why


async def expire(
    store: FileStore,
    uses: FileUses,
    scheme: str,
    retention: Retention,
    now: datetime,
    *,
    remove: bool,
) -> Sequence[Going]:
    """Return what goes, removed already if that was asked. Raises Unavailable."""
    files = [one async for one in store.stored(scheme)]
    erased = await uses.of_erased_alone(scheme)
    going: list[Going] = []
    for start in range(0, len(files), TOGETHER_MAX):
        some = files[start : start + TOGETHER_MAX]
        used = await uses.last_uses(scheme, [one.sha256 for one in some])
        for one in some:
            why = reason_to_go(retention, now, one.stored_at, used.get(one.sha256))
            if one.sha256 in erased:
                why = Why.ERASED
            if why is not None:
                going.append(Going(one.sha256, one.size, why))
    whole = {one.upload for one in files}
    unfinished = [
        Going(one.upload, 0, Why.UNFINISHED)
        async for one in store.loose(scheme)
        if one.upload not in whole and now > one.stored_at + UNFINISHED_AFTER
    ]
    if remove:
        for gone in going:
            await store.remove(scheme, gone.name)
        for gone in unfinished:
            await store.remove_upload(scheme, gone.name)
    return [*going, *unfinished]
