"""Tables to open in a spreadsheet: UTF-8 with a mark, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from typing import Final

from fastapi import Response

from jifen_ledger.board.visits import Visit

# What spreadsheet programs take for the beginning of a formula.
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def csv_file(visit: Visit, rows: Iterable[Sequence[str]], name: str) -> Response:
    """Return the rows as a file; without the mark, Excel shows Chinese as noise."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([cell(one) for one in row] for row in rows)
    return visit.file(BOM_UTF8 + text.getvalue().encode(), "text/csv; charset=utf-8", name)


def cell(text: str) -> str:
    """Return a text that no spreadsheet program runs; numbers stay numbers."""
    if text.startswith(_RUNS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
