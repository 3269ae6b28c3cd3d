"""`audit recompute`: balances and boards from a bundle's records by DuckDB, without our rules."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import orjson

from jifen_ledger.adapters.audit import second_opinion
from jifen_ledger.application.audit.walk import Chunk

MEMORY_MAX: Final = "1GB"


class Recompute:
    """Takes the entries of a log, then recalculates what follows from them."""

    def __init__(self, directory: Path) -> None:
        """Work in a folder that is empty."""
        self._directory = directory
        self._file = directory / "records.ndjson"
        self._written = self._file.open("wb")
        self._database: duckdb.DuckDBPyConnection | None = None

    def take(self, chunk: Chunk) -> None:
        """Write further entries; canonical JSON has no line's end in it."""
        self._written.writelines(entry + b"\n" for entry in chunk.entries)

    def balances(self) -> Iterator[tuple[str, int]]:
        """Yield every account with its balance."""
        yield from self._opened().execute(second_opinion.BALANCES).fetchall()

    def rankings(self) -> bytes:
        """Return the lines of all boards."""
        database = self._opened()
        for statement in second_opinion.PREPARING:
            database.execute(statement)
        found = database.execute(second_opinion.BOARDS).fetchall()
        names = ("board", "rank", "score", "subject")
        return b"".join(orjson.dumps(dict(zip(names, row, strict=True))) + b"\n" for row in found)

    def close(self) -> None:
        """Release the files."""
        self._written.close()
        if self._database is not None:
            self._database.close()

    def _opened(self) -> duckdb.DuckDBPyConnection:
        if self._database is None:
            self._written.close()
            settings: dict[str, str | bool | int | float | list[str]] = {
                "memory_limit": MEMORY_MAX,
                "temp_directory": str(self._directory / "spilled"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
            self._database = duckdb.connect(str(self._directory / "duckdb"), config=settings)
            self._database.execute(second_opinion.RECORDS, [str(self._file)])
            self._database.execute(second_opinion.POSTINGS)
        return self._database


@contextmanager
def recomputing() -> Iterator[Recompute]:
    """Open a recomputation; its files are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="jifen-recompute-") as name:
        recompute = Recompute(Path(name))
        try:
            yield recompute
        finally:
            recompute.close()
