"""How a full export is taken, and what is in it: the file's own explanation, before one has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jifen_ledger.application.exporting.contents import TABLES
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Column, require

# An export has what these may see, and no names. It is taken on the database, by operations.
TELLS: frozenset[Column] = frozenset({Column.UPPER, Column.AUDITOR})


@dataclass(frozen=True, slots=True)
class ColumnTold:
    """A column, and what it means."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class TableTold:
    """A table of the export, which comes as NDJSON and as CSV."""

    name: str
    zh: str
    en: str
    columns: Sequence[ColumnTold]


@dataclass(frozen=True, slots=True)
class ExportAnswer:
    """The commands that take and check an export of this moment, and its tables."""

    scheme: str
    known_at: int
    take: str
    check: str
    tables: Sequence[TableTold]


def export_told(asked: Asked) -> ExportAnswer:
    """Return how the export of the moment is taken. Raises Forbidden, NotFound."""
    require(allowed=asked.reader.column in TELLS)
    if asked.size == 0:
        raise NotFound("Nothing was recorded by that day.")
    scheme, file = asked.reader.scheme, f"{asked.reader.scheme}-{asked.size}.tar.gz"
    return ExportAnswer(
        scheme=scheme,
        known_at=asked.size,
        take=f"jifen-ledger export --scheme {scheme} --known-at {asked.size} --output {file}",
        check=f"jifen-ledger check-export {file}",
        tables=[
            TableTold(
                table.name,
                table.zh,
                table.en,
                [ColumnTold(one.name, one.zh, one.en) for one in table.columns],
            )
            for table in TABLES
        ],
    )
