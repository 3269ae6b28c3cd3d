"""Writes private parts again that their stream has lost, from the ledger's erasable table."""

from __future__ import annotations

from collections.abc import Sequence

from jifen_contracts.subjects import private_subject_of
from jifen_ledger.application.refilling.ports import (
    PrivateMessages,
    PrivateRow,
    PrivateRows,
    RefilledStream,
    Written,
)

# Parts may have 64 KiB each; together they stay within one message batch's megabyte.
BATCH_BYTES = 1_000_000


class RefillPrivate:
    """The refill of a private stream. Who was erased has no row, so nobody comes back."""

    def __init__(
        self,
        written: RefilledStream,
        messages: PrivateMessages,
        rows: PrivateRows,
        scheme: str,
    ) -> None:
        """`written` and `messages` are the same stream."""
        self._written = written
        self._messages = messages
        self._rows = rows
        self._scheme = scheme

    async def fill(self) -> int:
        """Write every part that the stream lacks; return how many those were.

        The stream stays closed if it was or had to be; where it lacks nothing it is left as it is.
        """
        found = await self._written.find()
        if found is None:
            # Above all that was read, so that a copy that goes on from there misses nothing.
            await self._written.make(await self._rows.highest_seq(self._scheme) + 1)
        lacking = await self._lacking()
        if not lacking:
            return 0
        if found is not None and not found.closed:
            await self._written.close()
        async for rows in self._rows.all_of(self._scheme):
            await self._write([row for row in rows if bytes.fromhex(row.privatehash) in lacking])
        await self._rows.begin_anew(self._scheme)
        return len(lacking)

    async def _lacking(self) -> set[bytes]:
        """Return the hashes of the parts that the table has and the stream has not."""
        # A hash takes a hundred bytes here; there are far fewer parts than events.
        there = {bytes.fromhex(one) async for one in self._messages.hashes(self._scheme)}
        lacking: set[bytes] = set()
        async for rows in self._rows.all_of(self._scheme):
            lacking |= {bytes.fromhex(row.privatehash) for row in rows} - there
        return lacking

    async def _write(self, rows: Sequence[PrivateRow]) -> None:
        batch: list[Written] = []
        size = 0
        for row in rows:
            if size + len(row.payload) > BATCH_BYTES:
                await self._append(batch)
                batch, size = [], 0
            subject = private_subject_of(self._scheme, row.person)
            batch.append(Written(subject, row.payload))
            size += len(row.payload)
        await self._append(batch)

    async def _append(self, batch: Sequence[Written]) -> None:
        if batch:
            found = await self._written.find()
            assert found is not None
            await self._written.append(found.last_seq, batch)
