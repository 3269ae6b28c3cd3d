"""Folds messages into records: loads what they touch, then folds them one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from jifen_contracts.events import UnknownType, Unreadable
from jifen_ledger.application.ports import Batch, Message
from jifen_ledger.application.reading_ahead import Said
from jifen_ledger.application.stopped import Reason, Stopped
from jifen_ledger.domain.fold import fold_event, fold_unreadable
from jifen_ledger.domain.needs import needs
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import NotLoaded

# What one round loads can name more (a claim its holder); deeper chains the fold itself reports.
LOAD_ROUNDS_MAX = 4
# The tables whose rows name further keys that a batch will want.
NAMING_OTHERS = (
    "members",
    "people_of",
    "claims",
    "stacks",
    "holdings",
    "objections",
    "objections_of",
    "redemptions",
    "concerns",
    "concern_parts",
    "concerns_merged",
    "resting_on",
)
# Reads share the event loop with the fold, so it steps aside this often.
FOLDED_AT_A_STRETCH = 50


class Loads(Protocol):
    """What loads rows of the state by key."""

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""


async def load_needs(journal: Loads, state: State, messages: Sequence[Message]) -> None:
    """Load what the messages will want, in a few set-based rounds."""
    payloads = [message.payload for message in messages]
    for _ in range(LOAD_ROUNDS_MAX):
        wanted = {
            table: {key for key in keys if _may_exist(key)}
            for table, keys in needs(state, payloads).items()
        }
        if not any(wanted.values()):
            return
        await journal.load(state, wanted)
        if not _found_any(state, wanted):
            return


def _found_any(state: State, wanted: Mapping[str, set[Any]]) -> bool:
    """Tell whether a row was found that can name others; absent ones name none."""
    tables = {table.name: table for table in state.loaded_tables()}
    return any(tables[name].get(key) for name in NAMING_OTHERS for key in wanted.get(name, ()))


def _may_exist(key: object) -> bool:
    """Tell whether rows can have the key: a message that is no event may name anything."""
    for part in key if isinstance(key, tuple) else (key,):
        if isinstance(part, str):
            if "\0" in part:
                return False
        elif not isinstance(part, (date, bool)):
            return False
    return True


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
