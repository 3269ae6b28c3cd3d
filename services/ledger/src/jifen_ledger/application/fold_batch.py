"""Folds messages into records: loads what they touch, then folds them one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from jifen_contracts.events import UnknownType, Unreadable
from jifen_ledger.application.ports import Batch, Message
from jifen_ledger.application.stopped import Reason, Stopped
from jifen_ledger.application.taken import Said
from jifen_ledger.domain.fold import fold_event, fold_unreadable
from jifen_ledger.domain.needs import Asking
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import NotLoaded
from jifen_ledger.domain.wanted import Needs

# What one round loads can name more (a claim its holder); deeper chains the fold itself reports.
LOAD_ROUNDS_MAX = 4
# Reads share the event loop with the fold, so it steps aside this often.
FOLDED_AT_A_STRETCH = 10


class Loads(Protocol):
    """What loads rows of the state by key."""

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""


async def load_needs(journal: Loads, state: State, asking: Asking) -> None:
    """Load what the messages will want, in a few set-based rounds."""
    for _ in range(LOAD_ROUNDS_MAX):
        wanted = await wanted_by(asking, state)
        if not any(wanted.values()):
            return
        await journal.load(state, wanted)


async def wanted_by(asking: Asking, state: State) -> Needs:
    """Return the keys by table that the state does not know; step aside between stretches."""
    asked = asking.needs(state)
    while True:
        try:
            next(asked)
        except StopIteration as ended:
            wanted: Needs = ended.value
            return wanted
        await asyncio.sleep(0)


async def fold_batch(
    state: State, messages: Sequence[Message], said: Sequence[Said]
) -> tuple[Batch, NotLoaded | Stopped | None]:
    """Fold messages in their order; return the batch, and what kept the rest of them out.

    The messages must be contiguous from the state's size on; `said` is what each of them says.
    """
    from_size = state.size
    records = []
    halt: NotLoaded | Stopped | None = None
    for message, what in zip(messages, said, strict=True):
        try:
            records.append(_record_of(state, message, what))
        except NotLoaded as missing:
            halt = missing
            break
        except UnknownType as unknown:
            halt = Stopped(Reason.UNKNOWN_TYPE, f"seq {message.seq} is of type {unknown.type}")
            break
        if not len(records) % FOLDED_AT_A_STRETCH:
            await asyncio.sleep(0)
    subjects = [message.subject for message in messages[: len(records)]]
    changed = state.take_changes()
    return Batch(state.scheme, from_size, records, subjects, state.live_from, changed), halt


def _record_of(state: State, message: Message, said: Said) -> Record:
    if isinstance(said, Unreadable):
        return fold_unreadable(state, message.seq, message.payload, said.code)
    if isinstance(said, UnknownType):
        raise said
    return fold_event(state, message.seq, message.payload, said)
