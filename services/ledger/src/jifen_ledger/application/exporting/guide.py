"""What an export says about itself: its README in Chinese and English, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from jifen_ledger.application.exporting.columns import Table, text

COLUMNS: Final = Table(
    "columns",
    "各表各列的含义",
    "what each column of each table means",
    (
        text("table", "表", "the table"),
        text("column", "列", "the column"),
        text("zh", "中文含义", "its meaning in Chinese"),
        text("en", "英文含义", "its meaning in English"),
    ),
)

_TEXT: Final = (files(__package__) / "guide.md").read_text(encoding="utf-8")


def guide(scheme: str, at: int, tables: Sequence[Table]) -> str:
    """Return the README of an export."""
    rows = "\n".join(f"| `{one.name}` | {one.zh} | {one.en} |" for one in (*tables, COLUMNS))
    return _TEXT.format(scheme=scheme, at=at, tables=rows)
