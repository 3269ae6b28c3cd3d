"""Rows of a replay's state in a file of its own, so that memory stays flat at any size."""

from __future__ import annotations

import copyreg
import pickle
import sqlite3
import tempfile
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

TABLE: Final = """
CREATE TABLE aside (
  state_table TEXT, key TEXT, row BLOB NOT NULL, PRIMARY KEY (state_table, key)
) WITHOUT ROWID
"""
FIND: Final = "SELECT row FROM aside WHERE state_table = ? AND key = ?"
PUT: Final = "INSERT OR REPLACE INTO aside VALUES (?, ?, ?)"
ROWS: Final = "SELECT row FROM aside WHERE state_table = ? ORDER BY key"


def _proxy_of(rows: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(rows)


# Values of the state that never change are views on dictionaries, which pickle does not know.
copyreg.pickle(MappingProxyType, lambda proxy: (_proxy_of, (dict(proxy),)))


class RowsAside:
    """A table of rows by the state's table and key."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start empty, on a database that is empty."""
        self._connection = connection
        connection.execute(TABLE)
        self._empty = True

    def find(self, table: str, key: Hashable, absent: Any) -> Any:  # noqa: ANN401 - any table's
        """Return the row that was put aside last, `absent` where there is none."""
        if self._empty:
            return absent
        found = self._connection.execute(FIND, (table, _text(key))).fetchone()
        return absent if found is None else _read(found[0])[1]

    def put(self, table: str, rows: Mapping[Any, Any]) -> None:
        """Put rows aside, in the place of those that have lain there."""
        self._empty = False
        packed = ((table, _text(key), pickle.dumps((key, row))) for key, row in rows.items())
        self._connection.execute("BEGIN")
        self._connection.executemany(PUT, packed)
        self._connection.execute("COMMIT")

    def rows(self, table: str) -> Iterator[tuple[Any, Any]]:
        """Yield the keys and rows of a table."""
        for (packed,) in self._connection.execute(ROWS, (table,)):
            yield _read(packed)


def _text(key: Hashable) -> str:
    # Equal keys are not always pickled alike; they are written alike.
    return repr(key)


def _read(packed: bytes) -> Any:  # noqa: ANN401 - any table's
    return pickle.loads(packed)  # noqa: S301 - written by this process into a file of its own


@contextmanager
def rows_aside() -> Iterator[RowsAside]:
    """Open an empty place for rows; it is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="jifen-replay-") as name:
        connection = sqlite3.connect(Path(name) / "rows", isolation_level=None)
        try:
            # Nobody reads the file after this process.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            yield RowsAside(connection)
        finally:
            connection.close()
