"""Copies a scheme's private parts beside the projection, and carries out erasures."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

import structlog

from jifen_ledger.application.ports import Message, Reading
from jifen_ledger.application.private_part import Mismatch, PrivatePart, private_part_of
from jifen_ledger.application.status import PrivateStatus, SchemeStatus
from jifen_ledger.application.stopped import Halted
from jifen_ledger.application.stopping import pause, unless_stopped

BACKOFF_FIRST_S = 0.05
BACKOFF_MAX_S = 30.0
BATCH_MAX = 500
SWEEP_EVERY_S = 3_600.0

_log = structlog.get_logger()


class Position(NamedTuple):
    """The last message copied, and the last record whose erasures were carried out."""

    seq: int
    erased_seq: int


class Erasures(NamedTuple):
    """Erasures ordered up to a record: all ids of these persons, and files of nobody else.

    `left` are files whose use has gone already, whether they stay or not.
    """

    upto_seq: int
    ids: Sequence[str]
    files: Sequence[str]
    left: Sequence[str]


class Unused(NamedTuple):
    """A part that no event has, and its message in the private stream."""

    privatehash: str
    stream_seq: int


class PrivateStream(Protocol):
    """The stream of a scheme's private parts: messages may be missing anywhere."""

    async def last_seq(self, scheme: str) -> int:
        """Return the last sequence of the stream. Raises Unavailable, Stopped."""

    def reading(self, scheme: str, from_seq: int) -> AbstractAsyncContextManager[Reading]:
        """Read from the sequence on. Raises Unavailable, Stopped."""

    async def purge(self, scheme: str, person: str) -> None:
        """Remove every message of the person. Raises Unavailable, Stopped."""

    async def delete(self, scheme: str, seq: int) -> None:
        """Remove one message, if it is there. Raises Unavailable, Stopped."""


class PrivateParts(Protocol):
    """The erasable table; everything may raise Unavailable, and Overtaken what moves the head."""

    async def position(self, scheme: str) -> Position:
        """Return how far the copy has come."""

    async def erased(self, scheme: str, persons: Collection[str]) -> Collection[str]:
        """Return those who were erased, under this id or one they were joined into."""

    async def copy(
        self, scheme: str, position: Position, upto_seq: int, parts: Sequence[PrivatePart]
    ) -> None:
        """Store the parts and move the head."""

    async def ordered(self, scheme: str, position: Position) -> Erasures | None:
        """Return the erasures ordered since the position, None where there are none.

        Raises Overtaken where the copy is not at the position any more.
        """

    async def erase(self, scheme: str, position: Position, erasures: Erasures) -> None:
        """Delete the rows of these ids, and move the position behind the order."""

    async def unused(self, scheme: str) -> Sequence[Unused]:
        """Return the parts that were stored more than a day ago and that no event has."""

    async def forget(self, scheme: str, parts: Sequence[Unused]) -> None:
        """Delete these parts."""


class EvidenceFiles(Protocol):
    """The store of evidence files, as erasing needs it."""

    async def remove(self, scheme: str, sha256: str) -> bool:
        """Remove a file; tell whether it was there. Raises Unavailable."""


class CopyPrivateParts:
    """The copy of one scheme. Nothing waits for it; what it cannot do it tries again."""

    def __init__(
        self,
        stream: PrivateStream,
        parts: PrivateParts,
        files: EvidenceFiles,
        projection: SchemeStatus,
        status: PrivateStatus,
        stopping: asyncio.Event,
    ) -> None:
        """Take the ports; `stopping` ends the work after the batch in hand.

        What no event has is known only while the projection is at its stream's end.
        """
        self._stream = stream
        self._parts = parts
        self._files = files
        self._projection = projection
        self._status = status
        self._next_sweep_s = 0.0
        self._scheme = status.scheme
        self._stopping = stopping

    async def follow(self) -> None:
        """Follow the private stream until told to stop; nothing is raised."""
        backoff_s = BACKOFF_FIRST_S
        while not self._stopping.is_set():
            copied = self._status.seq
            try:
                await self._copy_on(to_end=False)
            except Halted as halted:
                self._status.waiting = str(halted)
                _log.warning("private_copy_waits", scheme=self._scheme, why=str(halted))
            except Exception as error:  # noqa: BLE001 - stored in the status
                # Without the cause: its words might quote a private part.
                self._status.waiting = type(error).__name__
                _log.error("private_copy_defect", scheme=self._scheme, error=type(error).__name__)
            moved = self._status.seq > copied
            backoff_s = BACKOFF_FIRST_S if moved else min(2 * backoff_s, BACKOFF_MAX_S)
            await pause(self._stopping, backoff_s)

    async def catch_up(self) -> None:
        """Copy up to the stream's present end and carry out what is ordered. Raises Halted."""
        await self._copy_on(to_end=True)
        await self._sweep()

    async def _copy_on(self, *, to_end: bool) -> None:
        last_seq = await self._stream.last_seq(self._scheme)
        position = await self._parts.position(self._scheme)
        if position.seq > last_seq:
            # A stream that was made again or restored counts anew; what is there stays.
            _log.warning("private_stream_shorter", scheme=self._scheme, last_seq=last_seq)
            await self._parts.copy(self._scheme, position, 0, ())
            position = position._replace(seq=0)
        position = await self._erase(position)
        if to_end and position.seq >= last_seq:
            return
        async with self._stream.reading(self._scheme, position.seq + 1) as reading:
            while not self._stopping.is_set():
                # A pause in the stream says nothing for some seconds, and then gives nothing.
                messages = await self._next(reading)
                position = await self._copy(position, messages)
                position = await self._erase(position)
                if not messages:
                    await self._sweep()
                self._status.waiting = ""
                if to_end and (position.seq >= last_seq or not messages):
                    return

    async def _next(self, reading: Reading) -> Sequence[Message]:
        """Return the next messages; none when told to stop."""
        return await unless_stopped(self._stopping, reading.take(BATCH_MAX)) or ()

    async def _copy(self, position: Position, messages: Sequence[Message]) -> Position:
        if not messages:
            return position
        parts = [part for one in messages if (part := self._part(one)) is not None]
        upto_seq = messages[-1].seq
        erased = await self._parts.erased(self._scheme, {one.person for one in parts})
        # Whoever was erased stays so: what comes later is not kept anywhere.
        for person in sorted(erased):
            await self._stream.purge(self._scheme, person)
        parts = [one for one in parts if one.person not in erased]
        await self._parts.copy(self._scheme, position, upto_seq, parts)
        self._status.seq = upto_seq
        self._status.copied += len(parts)
        return position._replace(seq=upto_seq)

    def _part(self, message: Message) -> PrivatePart | None:
        try:
            return private_part_of(message.seq, message.subject, message.payload)
        except Mismatch as mismatch:
            self._status.mismatches += 1
            _log.error(
                "private_part_alarm", scheme=self._scheme, seq=message.seq, why=str(mismatch)
            )
            return None

    async def _erase(self, position: Position) -> Position:
        erasures = await self._parts.ordered(self._scheme, position)
        if erasures is None:
            return position
        # The stream and the files first: if this is cut off, the order is carried out again.
        for person in erasures.ids:
            await self._stream.purge(self._scheme, person)
        for file in erasures.files:
            await self._files.remove(self._scheme, file)
        await self._parts.erase(self._scheme, position, erasures)
        self._status.erased += len(erasures.ids)
        _log.info("private_parts_erased", scheme=self._scheme, upto_seq=erasures.upto_seq)
        return position._replace(erased_seq=erasures.upto_seq)

    async def _sweep(self) -> None:
        """Remove what no event has, now and then."""
        now_s, projection = asyncio.get_running_loop().time(), self._projection
        behind = projection.lag > 0 or projection.last_commit_ms is None
        if now_s < self._next_sweep_s or behind or projection.stopped or projection.waiting:
            return
        self._next_sweep_s = now_s + SWEEP_EVERY_S
        unused = await self._parts.unused(self._scheme)
        for one in unused:
            await self._stream.delete(self._scheme, one.stream_seq)
        if unused:
            await self._parts.forget(self._scheme, unused)
            _log.info("private_parts_unused", scheme=self._scheme, removed=len(unused))
