"""Writes a batch while the next one is loaded and folded; one batch is under way at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from jifen_ledger.application.ports import Batch, Journal
from jifen_ledger.domain.state import State


class Committing:
    """The batch that is being written, as a context: left only when that has ended.

    A batch begins to be written when the one before it has been, so the head moves in order.
    What goes wrong is raised by the next call; the state that was folded on is lost with it.
    """

    def __init__(self, journal: Journal, committed: Callable[[Batch], None]) -> None:
        """`committed` is told of every batch that has been written."""
        self._journal = journal
        self._committed = committed
        self._writing: asyncio.Task[None] | None = None
        self._unseen: Mapping[str, set[Any]] = {}

    @property
    def unseen(self) -> Mapping[str, set[Any]]:
        """The rows that the batch under way changes without knowing them, by table and key."""
        return self._unseen

    async def commit(self, batch: Batch) -> None:
        """Begin to write the batch, once the one before it has been written."""
        await self.settled()
        self._unseen = batch.changed.unseen
        self._writing = asyncio.create_task(self._write(batch))

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load rows as `Journal.load`; the batch under way is waited for if it changes them."""
        if any(not self._unseen.get(name, set()).isdisjoint(wanted[name]) for name in wanted):
            await self.settled()
        await self._journal.load(state, wanted)

    async def settled(self) -> None:
        """Return when nothing is under way. Raises what the writing raised."""
        writing, self._writing = self._writing, None
        if writing is not None:
            # A transaction is never cut off: whoever waits may be cancelled, the writing ends.
            await asyncio.shield(writing)
        self._unseen = {}

    async def _write(self, batch: Batch) -> None:
        await self._journal.commit(batch)
        self._committed(batch)

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the batch under way; its failure does not hide the one that led out."""
        if error is None:
            await self.settled()
        elif self._writing is not None:
            await asyncio.wait({self._writing})
            self._writing.exception()
