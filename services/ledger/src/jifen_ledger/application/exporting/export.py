"""Take a full export of a scheme: everything an organisation may take with it, at one moment.

The same moment gives the same bytes: nothing in it depends on when or where it was taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Protocol

from jifen_contracts.canonical import canonical
from jifen_contracts.points import format_points
from jifen_contracts.scheme.document import document_object
from jifen_contracts.scheme.draft import written
from jifen_ledger.application.exporting.columns import Table
from jifen_ledger.application.exporting.contents import STREAMED, TABLES
from jifen_ledger.application.exporting.guide import COLUMNS, guide
from jifen_ledger.application.exporting.published import (
    bulletin_row,
    ranking_rows,
    score_rows,
    sheet_names,
)
from jifen_ledger.application.exporting.tables.quarters import BULLETINS, RANKINGS, SCORES
from jifen_ledger.application.exporting.tables.records import BALANCES, RECORDS, RecordBytes
from jifen_ledger.application.exporting.tables.registers import VERSIONS
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.postings import unit_of_points
from jifen_ledger.domain.registers import Version

SCHEMA: Final = "jifen.export/1"
ROWS_BETWEEN_STEPS: Final = 1_000

# Takes what is being written, and how many of its rows are.
Progress = Callable[[str, int], None]
# Takes a row of the ledger; of a record also its own bytes, which are its line of NDJSON.
Add = Callable[..., None]


class Moment(Protocol):
    """One scheme as it was known after a record."""

    @property
    def scheme(self) -> str:
        """Which scheme it is."""

    @property
    def at(self) -> int:
        """The seq of the last record that is known."""

    def versions(self) -> Sequence[Version]:
        """Return the versions published by then, by number."""

    def rows(self, table: Table) -> Iterator[Any]:
        """Yield what the ledger has of the table, always in the same order, in flat memory."""

    def bulletins(self) -> Iterator[Bulletin]:
        """Yield all revisions by quarter, branch and revision."""


class Place(Protocol):
    """Where an export is written to."""

    def table(self, table: Table) -> AbstractContextManager[Add]:
        """Open the files of a table for its rows."""

    def file(self, name: str, content: bytes) -> None:
        """Write a whole file."""

    def listed(self) -> Sequence[dict[str, Any]]:
        """Return name, hash, length and rows of each file so far."""


def export(moment: Moment, place: Place, progress: Progress) -> dict[str, Any]:
    """Write everything, and at last the manifest, which is returned."""
    versions = moment.versions()
    place.file("README.md", guide(moment.scheme, moment.at, TABLES).encode())
    last: RecordBytes | None = None
    balances: Counter[str] = Counter()
    for table in STREAMED:
        with place.table(table) as add:
            for row in _shown(moment, table, progress):
                if table is RECORDS:
                    last = row
                    add(row, row.bytes)
                    continue
                if table is BALANCES:
                    balances[unit_of_points(row[0])] += row[1]
                add(row)
        if table is RECORDS:
            _write_versions(place, versions)
    _write_bulletins(moment, place, versions, progress)
    with place.table(COLUMNS) as add:
        for described in TABLES:
            for column in described.columns:
                add((described.name, column.name, column.zh, column.en))
    manifest = _manifest(moment, last, balances, place.listed())
    place.file("manifest.json", canonical(manifest) + b"\n")
    return manifest


def _shown(moment: Moment, table: Table, progress: Progress) -> Iterator[Any]:
    number = 0
    for number, row in enumerate(moment.rows(table), start=1):
        if number % ROWS_BETWEEN_STEPS == 0:
            progress(table.name, number)
        yield row
    progress(table.name, number)


def _write_versions(place: Place, versions: Sequence[Version]) -> None:
    with place.table(VERSIONS) as add:
        for one in versions:
            names = [f"scheme/version-{one.version}.{kind}" for kind in ("yaml", "json")]
            place.file(names[0], written(one.document).encode())
            place.file(names[1], canonical(document_object(one.document)))
            add((one.version, one.seq, one.effective_from, *names))


def _write_bulletins(
    moment: Moment, place: Place, versions: Sequence[Version], progress: Progress
) -> None:
    fewest = {one.version: one.document.ranking.min_n for one in versions}
    with (
        place.table(BULLETINS) as add,
        place.table(SCORES) as add_score,
        place.table(RANKINGS) as add_rank,
    ):
        for quarter, found in groupby(moment.bulletins(), attrgetter("quarter")):
            revisions = list(found)
            for bulletin in revisions:
                full, branch = sheet_names(bulletin)
                place.file(full, bulletin.full_sheet)
                place.file(branch, bulletin.branch_sheet)
                add(bulletin_row(bulletin))
                for row in score_rows(bulletin):
                    add_score(row)
            for row in ranking_rows(quarter, revisions, moment.scheme, fewest):
                add_rank(row)
            progress(BULLETINS.name, len(revisions))


def _manifest(
    moment: Moment,
    last: RecordBytes | None,
    balances: Counter[str],
    files: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """Return what says of every file its hash, its length and its number of rows."""
    assert last is not None, "a moment has at least one record"
    assert last.seq == moment.at, "the journal has no gap"
    summary = RECORDS.cells(last)
    return {
        "schema": SCHEMA,
        "scheme": moment.scheme,
        "known_at": moment.at,
        "recorded_at": summary[1],
        "last_record_sha256": summary[-1],
        "trial_balance": {unit: format_points(balances[unit]) for unit in ("inc", "pt")},
        "files": list(files),
    }
