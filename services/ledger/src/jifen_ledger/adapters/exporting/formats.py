"""How a row of an export is written: a line of NDJSON, and a line of CSV that no sheet executes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any, Final, Protocol

import orjson

from jifen_ledger.application.exporting.columns import Column, Plain, Table

BOM: Final = b"\xef\xbb\xbf"
# Spreadsheets take a cell that begins so for a formula; the wide forms too, once typed over.
FORMULA_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER | orjson.OPT_APPEND_NEWLINE


class Bytes(Protocol):
    """A file that takes bytes."""

    def write(self, content: bytes, /) -> object:
        """Append."""


def ndjson_line(columns: Sequence[Column], cells: Sequence[Plain]) -> bytes:
    """Return the row as canonical JSON with a line's end; an absent cell is left out."""
    named = {
        column.name: cell for column, cell in zip(columns, cells, strict=True) if cell is not None
    }
    return orjson.dumps(named, option=_OPTIONS)


class CsvFile:
    """A CSV file for spreadsheets: UTF-8 with BOM, lines as RFC 4180 ends them."""

    def __init__(self, file: Bytes, table: Table) -> None:
        """Write the head."""
        self._file = file
        self._numbers = [column.number for column in table.columns]
        self._writer = csv.writer(self, lineterminator="\r\n")
        file.write(BOM)
        self._writer.writerow([column.name for column in table.columns])

    def add(self, cells: Sequence[Plain]) -> None:
        """Write a row."""
        # The library writes None as nothing, and numbers as they are.
        self._writer.writerow(
            [
                cell if number and type(cell) is not bool else _text(cell)
                for cell, number in zip(cells, self._numbers, strict=True)
            ]
        )

    def write(self, text: str) -> None:
        """Take what the library made of a row."""
        self._file.write(text.encode())


def _text(cell: Plain) -> object:
    match cell:
        case str():
            return f"'{cell}" if cell.startswith(FORMULA_BEGINS) else cell
        case None:
            return None
        case bool():
            return "true" if cell else "false"
        case list() if all(isinstance(one, str) for one in cell):
            return " ".join(cell)
        case _:
            return _json(cell)


def _json(value: Any) -> str:  # noqa: ANN401 - JSON of any depth
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
