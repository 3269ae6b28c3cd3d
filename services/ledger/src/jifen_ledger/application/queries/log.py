"""What is answered about the log: what the newest published checkpoint covers, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.queries.refusals import NotFound, NotPublished, ProofInvalid
from jifen_ledger.log.encodings import decimal
from jifen_ledger.log.proof_files import ConsistencyFile, InclusionFile
from jifen_ledger.log.ranges import (
    Range,
    Span,
    consistency_ranges,
    inclusion_ranges,
    range_hashes,
    spans_of,
)
from jifen_ledger.log.tiles import Place, bundle_of, level_of, place_of
from jifen_ledger.log.verdicts import Malformed

PAGE_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint with the lines of its witnesses."""

    size: int
    note: str


class LogReads(Protocol):
    """What is asked of a stored log."""

    async def newest_checkpoint(self) -> Published | None:
        """Return the largest checkpoint that is published."""

    async def checkpoint(self, size: int) -> Published | None:
        """Return the checkpoint of the size."""

    async def checkpoints(self, from_size: int, to_size: int, most: int) -> Sequence[Published]:
        """Return checkpoints of these sizes, the smallest first."""

    async def stored_hashes(self, spans: Sequence[Span]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored hashes of the spans."""

    async def entries(self, first: int, width: int) -> Sequence[bytes]:
        """Return the entries from an index on."""


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one scheme at one moment, as far as it is published."""

    reads: LogReads
    newest: Published

    async def tile(self, level: str, path: str) -> bytes:
        """Return a tile. Raises NotFound."""
        place, at = place_of(path), level_of(level)
        if place is None or at is None or not place.covered(self.newest.size, at):
            raise NotFound("There is no such tile.")
        stored = await self.reads.stored_hashes([Span(at, place.first, place.width)])
        return b"".join(stored[at, place.first + one] for one in range(place.width))

    async def bundle(self, path: str) -> bytes:
        """Return an entry bundle. Raises NotFound."""
        place = place_of(path)
        if place is None or not place.covered(self.newest.size):
            raise NotFound("There is no such bundle.")
        return await self._bundle(place)

    async def _bundle(self, place: Place) -> bytes:
        return bundle_of(await self.reads.entries(place.first, place.width))

    def covered_size(self, path: str) -> int:
        """Return the size of a path, if the newest checkpoint covers it. Raises NotFound."""
        try:
            size = decimal(path)
        except Malformed:
            raise NotFound("There is no such size.") from None
        if size > self.newest.size:
            raise NotFound("No checkpoint of this size is published.")
        return size

    async def inclusion(self, index: int, size: int | None = None) -> InclusionFile:
        """Return the proof of an entry. Raises NotFound, ProofInvalid."""
        checkpoint = await self.published(size)
        if index >= checkpoint.size:
            raise ProofInvalid(f"index: the tree has {checkpoint.size} entries.")
        hashes = await self._hashes(inclusion_ranges(index, checkpoint.size))
        return InclusionFile(index, hashes, checkpoint.note.encode())

    async def consistency(self, old: int, size: int | None = None) -> ConsistencyFile:
        """Return the proof that the tree begins with an older one. Raises as `inclusion`."""
        checkpoint = await self.published(size)
        if old > checkpoint.size:
            raise ProofInvalid(f"old: the tree has {checkpoint.size} entries.")
        hashes = await self._hashes(consistency_ranges(old, checkpoint.size))
        return ConsistencyFile(old, hashes, checkpoint.note.encode())

    async def checkpoints(self, from_size: int, most: int) -> Sequence[Published]:
        """Return published checkpoints from a size on, the smallest first."""
        return await self.reads.checkpoints(from_size, self.newest.size, most)

    async def published(self, size: int | None) -> Published:
        """Return the checkpoint of a size, the newest by default. Raises NotFound."""
        if size is None or size == self.newest.size:
            return self.newest
        found = await self.reads.checkpoint(size) if size < self.newest.size else None
        if found is None:
            raise NotFound("No checkpoint of this size is published.")
        return found

    async def _hashes(self, ranges: Sequence[Range]) -> tuple[bytes, ...]:
        stored = await self.reads.stored_hashes(spans_of(ranges))
        return tuple(range_hashes(ranges, stored))


async def published_log(reads: LogReads, status: SchemeLog, served: int) -> Log:
    """Return the log as it is published. Raises NotPublished.

    `served` is what had been served before the reads' moment: what others are served since then
    is no reason to refuse this one.
    """
    newest = await reads.newest_checkpoint()
    if newest is None:
        raise NotPublished("No checkpoint is published yet.")
    if not status.has_all_signed or newest.size < served:
        raise NotPublished("The database has come less far than what was published.")
    status.served_size = max(status.served_size, newest.size)
    return Log(reads, newest)


def parameter(name: str, text: str) -> int:
    """Return the number of a parameter. Raises ProofInvalid."""
    try:
        return decimal(text)
    except Malformed as error:
        raise ProofInvalid(f"{name}: {error}.") from None


def seq_of(path: str) -> int:
    """Return the seq that a path names. Raises NotFound."""
    try:
        seq = decimal(path)
    except Malformed:
        seq = 0
    if seq < 1:
        raise NotFound("There is no record with this seq.")
    return seq
