"""Reads the messages that come next and loads their rows, while those before them are folded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Self

from jifen_ledger.application.fold_batch import Loads, wanted_by
from jifen_ledger.application.taken import Taken
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import Table


class LoadingAhead:
    """What the next messages ask for first, loaded into a state of its own; a context.

    The rows may be read before the batches under way are written. So they are taken over only
    where the state has not come to know the row meanwhile, and no batch has changed it unseen;
    what is left out is loaded in its time, as if nobody had looked ahead.
    """

    def __init__(self, journal: Loads, scheme: str, coming: Taken) -> None:
        """Take the messages after those in hand; there may be none yet."""
        self._journal = journal
        self._coming = coming
        self._rows = State(scheme, complete=False)
        self._unseen: dict[str, set[Any]] = {}
        self._loading: asyncio.Task[None] | None = None

    def begin(self, state: State, unseen: Mapping[str, set[Any]]) -> None:
        """Begin to load; `unseen` are the rows that the batch under way changes unseen."""
        if self._coming.messages and self._loading is None:
            self.changed(unseen)
            self._loading = asyncio.create_task(self._load(state))

    async def _load(self, state: State) -> None:
        await self._reading
        wanted = await wanted_by(self._coming.asking(), state)
        await self._journal.load(self._rows, wanted)

    def changed(self, unseen: Mapping[str, set[Any]]) -> None:
        """Note the rows that a batch has changed without knowing them, by table and key."""
        for name, keys in unseen.items():
            self._unseen.setdefault(name, set()).update(keys)

    async def take_over(self, state: State) -> None:
        """Give the state what it lacks. Raises what the loading raised."""
        if self._loading is None:
            return
        await asyncio.shield(self._loading)
        for loaded in self._rows.loaded_tables():
            if len(loaded):
                table: Table[Any, Any] = getattr(state, loaded.name)
                unchanged = table.unknown(loaded.rows()) - self._unseen.get(loaded.name, set())
                table.load(loaded.rows(), unchanged)

    async def __aenter__(self) -> Self:
        """Begin to read: there is time while rows are loaded for the messages in hand."""
        self._reading = asyncio.create_task(self._coming.read())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Wait for what is being loaded: a transaction is never cut off."""
        under_way = {self._reading} if self._loading is None else {self._reading, self._loading}
        await asyncio.wait(under_way)
        for one in under_way:
            one.exception()
        self._rows.forget()
