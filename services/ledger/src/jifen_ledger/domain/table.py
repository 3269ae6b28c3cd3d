"""Tables of the fold's state: rows by key that are loaded before use, and undone on demand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# Finds the row of a table's key where it lies; the last argument is for a key without one.
Find = Callable[[str, Any, Any], Any]

_MISSING = object()


class NotLoaded(Exception):  # noqa: N818 - a request for more, not an error
    """The fold met a key that was not loaded; nothing of the event has been applied."""

    def __init__(self, table: str, key: Hashable) -> None:
        """Name the table and the key that are wanted."""
        super().__init__(f"{table}[{key!r}] is not loaded")
        self.table = table
        self.key = key


class Undo:
    """Remembers what the rows were, so that an event applies whole or not at all."""

    __slots__ = ("_steps", "note")

    note: Callable[[tuple[dict[Any, Any], object, object]], None]

    def __init__(self) -> None:
        """Start with nothing to undo. `note` takes a row that is about to change: rows, key, row.

        It is called for every change: the list's own method costs least.
        """
        self._steps: list[tuple[dict[Any, Any], object, object]] = []
        self.note = self._steps.append

    def begin(self) -> None:
        """Forget the steps before: from here on they can be undone."""
        self._steps.clear()

    def rollback(self) -> None:
        """Put everything back as it was at `begin`."""
        for rows, key, row in self._steps[::-1]:
            if row is _MISSING:
                rows.pop(key, None)
            else:
                rows[key] = row
        self._steps.clear()


class _Rows(dict[K, V]):
    """The rows of a table: a key that is not there is absent, or not loaded."""

    __slots__ = ("_table",)

    def __init__(self, table: Table[K, V]) -> None:
        self._table = table

    def __missing__(self, key: K) -> V:
        if self._table.complete:
            return self._table.absent
        raise NotLoaded(self._table.name, key)


class _RowsElsewhere(_Rows[K, V]):
    """Rows of which most lie elsewhere: what is not here is looked up there."""

    __slots__ = ("_find",)

    def __init__(self, table: Table[K, V], find: Find) -> None:
        super().__init__(table)
        self._find = find

    def __missing__(self, key: K) -> V:
        row: V = self._find(self._table.name, key, self._table.absent)
        self[key] = row
        return row

    def __delitem__(self, key: K) -> None:
        # Merely forgotten, the row would be found again where it lies.
        self[key] = self._table.absent


def _always(_: object) -> bool:
    return True


class Table(Generic[K, V]):
    """Rows by key. A key is known (with a row, or known to be absent) or must be loaded first.

    A `complete` table knows every key: what is not in it does not exist. `get` returns the row,
    or `absent` for a key that is known not to exist; it raises NotLoaded.
    """

    __slots__ = ("_note", "_rows", "absent", "changed_unseen", "complete", "get", "knows", "name")

    get: Callable[[K], V]
    # Tells whether `get` would answer.
    knows: Callable[[K], bool]

    def __init__(self, name: str, absent: V, undo: Undo, *, complete: bool) -> None:
        """Start empty."""
        self.name = name
        self.complete = complete
        self.absent = absent
        self._note = undo.note
        self._rows: dict[K, V] = _Rows(self)
        # Every event looks up a dozen rows: the dictionary's own methods cost least.
        self.get = self._rows.__getitem__
        self.knows = _always if complete else self._rows.__contains__
        # Unknown keys whose row an event changed: it can be read only after that is written.
        self.changed_unseen: set[K] = set()

    def unknown(self, keys: Iterable[K]) -> set[K]:
        """Return the keys for which `get` would not answer."""
        rows = self._rows
        return set() if self.complete else {key for key in keys if key not in rows}

    def put(self, key: K, row: V) -> None:
        """Set the row; undone by a rollback."""
        rows = self._rows
        self._note((rows, key, rows.get(key, _MISSING)))
        rows[key] = row

    def take_out(self, key: K) -> V:
        """Forget a row that is known and return it; undone by a rollback."""
        row = self.get(key)
        self._note((self._rows, key, row))
        del self._rows[key]
        return row

    def load(self, rows: Mapping[K, V], asked: Iterable[K]) -> None:
        """Take rows that were read; what was asked and not found is known to be absent."""
        for key in asked:
            self._rows[key] = rows.get(key, self.absent)

    def keep_elsewhere(self, find: Find) -> None:
        """Look rows up where the caller keeps those that it clears; every key stays known."""
        assert self.complete
        self._rows = _RowsElsewhere(self, find)
        self.get = self._rows.__getitem__

    def clear(self) -> None:
        """Forget every row."""
        self._rows.clear()

    def __len__(self) -> int:
        """Return how many keys are known."""
        return len(self._rows)

    def rows(self) -> Mapping[K, V]:
        """Return the known rows by key."""
        return self._rows


def append(table: Table[K, tuple[V, ...]], key: K, value: V, most: int | None = None) -> None:
    """Append to an index row, if the row is known; an unknown one is read when it is asked for."""
    if table.knows(key):
        row = table.get(key)
        if value not in row and (most is None or len(row) < most):
            table.put(key, (*row, value))
    else:
        table.changed_unseen.add(key)


def append_new(table: Table[K, tuple[V, ...]], key: K, value: V) -> None:
    """Append a value that the row cannot hold yet: long rows are not looked through for it."""
    if table.knows(key):
        table.put(key, (*table.get(key), value))
    else:
        table.changed_unseen.add(key)


def remove(table: Table[K, tuple[V, ...]], key: K, value: V) -> None:
    """Take a value out of an index row, if the row is known."""
    if not table.knows(key):
        table.changed_unseen.add(key)
    else:
        table.put(key, tuple(one for one in table.get(key) if one != value))
