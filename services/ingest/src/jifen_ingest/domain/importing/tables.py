"""Imported tables: headings in either language become columns, rows become values or problems."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jifen_ingest.domain.importing.cells import CellWrong, Read

# Blanks, brackets with remarks and marks of required columns say nothing about which one it is.
_REMARKS: Final = re.compile(r"[((（\[【].*?[))）\]】]|[\s_*:：\-]+")
HEADING_ROW: Final = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its English and Chinese heading, how a cell is read, whether it may be empty."""

    name: str
    zh: str
    read: Read
    required: bool = False
    also: tuple[str, ...] = ()

    @property
    def headings(self) -> frozenset[str]:
        """Everything that it may be called."""
        return frozenset(_plain(one) for one in (self.name, self.zh, *self.also))


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which row of the file (0: in the whole of it) and under which heading."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """The values of a row by the columns' names; empty cells are left out."""

    number: int
    values: Mapping[str, Any]

    def get(self, name: str) -> Any:  # noqa: ANN401 - as the column reads it
        """Return the value, None where the cell is empty."""
        return self.values.get(name)


@dataclass(frozen=True, slots=True)
class Headed:
    """The columns of a file by their places; None where a place is not read."""

    columns: tuple[Column | None, ...]
    headings: tuple[str, ...]

    def heading(self, name: str) -> str:
        """Return what the file calls a column."""
        for column, heading in zip(self.columns, self.headings, strict=True):
            if column is not None and column.name == name:
                return heading
        return name


def read_headings(
    columns: Sequence[Column], headings: Sequence[str]
) -> tuple[Headed, list[Problem]]:
    """Return which column stands where, and what is missing, unknown or there twice."""
    known = {heading: column for column in columns for heading in column.headings}
    found: list[Column | None] = []
    problems: list[Problem] = []
    for heading in headings:
        column = known.get(_plain(heading))
        if heading and column is None:
            problems.append(Problem(HEADING_ROW, heading, "no such column"))
        elif column is not None and column in found:
            problems.append(Problem(HEADING_ROW, heading, "this column is there twice"))
        found.append(column)
    problems.extend(
        Problem(HEADING_ROW, f"{column.name} {column.zh}", "this column is missing")
        for column in columns
        if column.required and column not in found
    )
    return Headed(tuple(found), tuple(headings)), problems


def read_row(headed: Headed, number: int, cells: Sequence[str]) -> tuple[Row, list[Problem]]:
    """Return what of the row can be read, and everything that cannot."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, heading, cell in zip(headed.columns, headed.headings, cells, strict=False):
        text = cell.strip()
        if column is None or not text:
            continue
        try:
            values[column.name] = column.read(text)
        except CellWrong as wrong:
            problems.append(Problem(number, heading, str(wrong)))
    known = {problem.column for problem in problems}
    problems.extend(
        Problem(number, heading, "must not be empty")
        for column, heading in zip(headed.columns, headed.headings, strict=True)
        if column is not None
        and column.required
        and column.name not in values
        and heading not in known
    )
    return Row(number, values), problems


def twice(rows: Iterable[Row], names: Sequence[str], headed: Headed) -> list[Problem]:
    """Return a problem for each row that says again what an earlier one has said."""
    firsts: dict[tuple[Any, ...], int] = {}
    problems = []
    for row in rows:
        key = tuple(str(row.get(name)) for name in names)
        first = firsts.setdefault(key, row.number)
        if first != row.number:
            said = f"row {first} is about the same {', '.join(names)}"
            problems.append(Problem(row.number, headed.heading(names[0]), said))
    return problems


def _plain(heading: str) -> str:
    return _REMARKS.sub("", unicodedata.normalize("NFKC", heading)).lower()
