"""`audit replay`: folds the log's events again and compares every record byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, Protocol

import orjson

from jifen_contracts.canonical import decode
from jifen_contracts.events import UnknownType
from jifen_ledger.application.audit.audited import Audited, AuditFailed
from jifen_ledger.application.audit.rankings import compare_rankings, rankings_text
from jifen_ledger.application.audit.walk import Chunk
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import State

# The record's own keys close it, so the last of these marks ends the event whatever is in it.
EVENT_BEGINS: Final = b'{"event":'
EVENT_ENDS: Final = b',"outcome":{'
# More rows than this are put aside, so that memory does not grow with the log.
ROWS_MAX: Final = 300_000
SHOWN_CHARS: Final = 400


class Aside(Protocol):
    """Where rows of the state lie that are not in memory."""

    def find(self, table: str, key: Hashable, absent: Any) -> Any:  # noqa: ANN401 - any table's
        """Return the row that was put aside last, `absent` where there is none."""

    def put(self, table: str, rows: Mapping[Any, Any]) -> None:
        """Put rows aside, in the place of those that have lain there."""

    def rows(self, table: str) -> Iterator[tuple[Any, Any]]:
        """Yield the keys and rows of a table."""


class Replay:
    """The fold of a log's events, from the first on."""

    def __init__(
        self,
        audited: Audited,
        scheme: str,
        aside: Aside,
        rows_max: int = ROWS_MAX,
        *,
        upto: int | None = None,
        each: Callable[[Record], None] | None = None,
    ) -> None:
        """Start with the empty state; after `upto` nothing is folded any more."""
        self._audited = audited
        self._aside = aside
        self._rows_max = rows_max
        self._upto = upto
        self._each = each
        self.state = State.empty(scheme)
        for table in self.state.loaded_tables():
            table.keep_elsewhere(aside.find)
        # Records of messages that were not kept: they have no effect on the state.
        self.not_replayed = 0

    def take(self, chunk: Chunk) -> None:
        """Fold the events of further entries. Raises AuditFailed."""
        for seq, entry in enumerate(chunk.entries, start=chunk.first + 1):
            if self._upto is None or seq <= self._upto:
                self._replay(seq, entry)
        self.state.take_changes()
        if sum(map(len, self.state.loaded_tables())) > self._rows_max:
            self._put_aside()

    def compare_rankings(self, size: int) -> bool:
        """Compare the boards with the ledger's; tell whether it has any. Raises AuditFailed."""
        said = self._audited.rankings(size)
        if said is None:
            return False
        self._put_aside()
        counted = rankings_text(self._aside.rows("figures"), self.state.versions)
        compare_rankings(said, counted, "the replay")
        return True

    def _replay(self, seq: int, entry: bytes) -> None:
        payload = self._payload(seq, entry)
        if payload is None:
            self.not_replayed += 1
            self.state.size = seq
            return
        try:
            record = fold(self.state, seq, payload)
        except UnknownType as unknown:
            raise AuditFailed(f"seq {seq}: this software has no rules for {unknown.type}") from None
        if record.bytes != entry:
            raise AuditFailed(f"seq {seq}: {difference(entry, record.bytes)}")
        if self._each is not None:
            self._each(record)

    def _payload(self, seq: int, entry: bytes) -> bytes | None:
        if entry.startswith(EVENT_BEGINS):
            return entry[len(EVENT_BEGINS) : entry.rindex(EVENT_ENDS)]
        payload = self._audited.raw(seq)
        if payload is not None and sha256(payload).hexdigest().encode() not in entry:
            raise AuditFailed(f"seq {seq}: raw/{seq} is not the message of the record")
        return payload

    def _put_aside(self) -> None:
        for table in self.state.loaded_tables():
            self._aside.put(table.name, table.rows())
            table.clear()


def difference(entry: bytes, again: bytes) -> str:
    """Say in which member the log's record and that of the replay differ first."""
    own, given = decode(entry), decode(again)
    for key in sorted(own.keys() | given.keys()):
        one, other = own.get(key), given.get(key)
        if one != other:
            return f"{key}: the log has {_shown(one)}, the rules give {_shown(other)}"
    return "the log has other bytes than the rules give"


def _shown(value: object) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
