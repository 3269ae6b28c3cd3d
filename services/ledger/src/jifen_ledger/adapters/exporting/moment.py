"""One moment of a scheme for an export: rows come in pages, so memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from jifen_ledger.adapters.claim_rows import claim_of
from jifen_ledger.adapters.directory_table import directory
from jifen_ledger.adapters.exporting.statements import (
    CLAIMS,
    PUT_ASIDE,
    RECORDS,
    SCHEME,
    STEPS,
    STEPS_OF,
    rows_of,
)
from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.past import PostgresPast, past_of
from jifen_ledger.adapters.reads.claims import step_of
from jifen_ledger.adapters.reads.held import added
from jifen_ledger.application.exporting.columns import Table
from jifen_ledger.application.exporting.tables.claims import ClaimLife
from jifen_ledger.application.exporting.tables.records import RecordBytes
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.claim import Step
from jifen_ledger.domain.claim_then import claim_then
from jifen_ledger.domain.registers import Version

PAGE_ROWS: Final = 2_000
# A bulletin has its sheets with it.
PAGE_BULLETINS: Final = 20
NAMES: Final = (
    sa.select(directory.c.id, directory.c.name_zh, directory.c.name_en, directory.c.phone)
    .where(directory.c.scheme == SCHEME)
    .order_by(directory.c.id.collate("C"))
)


class NoSuchMoment(Exception):  # noqa: N818 - it says which there are
    """The journal has no record of this number."""


class PostgresMoment:
    """One scheme as it was known after the record `at`."""

    def __init__(self, connection: sa.Connection, past: PostgresPast, at: int) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._past = past
        self.at = at

    @property
    def scheme(self) -> str:
        """Which scheme it is."""
        return self._past.scheme

    def versions(self) -> Sequence[Version]:
        """Return the versions published by then, by number."""
        return [one for one in self._past.versions() if one.seq <= self.at]

    def rows(self, table: Table) -> Iterator[Any]:
        """Yield what the ledger has of the table, always in the same order."""
        match table.name:
            case "records":
                for row in self._stream(RECORDS, at=self.at):
                    yield RecordBytes(row.seq, row.bytes)
            case "decisions":
                yield from (step_of(row) for row in self._stream(STEPS, at=self.at))
            case "claims":
                yield from self._claims()
            case _:
                yield from self._stream(rows_of(table, self.at))

    def bulletins(self) -> Iterator[Bulletin]:
        """Yield all revisions by quarter, branch and revision."""
        rows = KEPT_ROWS["bulletins"]
        table = rows.table
        ordered = (
            sa.select(table)
            .where(table.c.scheme == SCHEME, added(table, self.at))
            .order_by(table.c.quarter.collate("C"), table.c.branch.collate("C"), table.c.revision)
        )
        for row in self._stream(ordered, page=PAGE_BULLETINS):
            yield rows.object(row)

    def names(self) -> Iterator[Any]:
        """Yield the directory as it is now: it lies outside the stream and has no past."""
        yield from self._stream(NAMES)

    def _claims(self) -> Iterator[ClaimLife]:
        for page in self._stream(CLAIMS, at=self.at).partitions(PAGE_ROWS):
            key = {"scheme": self.scheme, "at": self.at, "claims": [row.claim for row in page]}
            aside = {row.claim: claim_of(row) for row in self._connection.execute(PUT_ASIDE, key)}
            steps: dict[str, list[Step]] = {}
            for row in self._connection.execute(STEPS_OF, key):
                steps.setdefault(row.claim, []).append(step_of(row))
            for row in page:
                later = aside.get(row.claim) or claim_of(row)
                own = steps[row.claim]
                yield ClaimLife(claim_then(later, own, self.at), own)

    def _stream(
        self, statement: sa.Select[Any], page: int = PAGE_ROWS, **values: int
    ) -> sa.CursorResult[Any]:
        """Run the query with a cursor in the server, which holds what was not yet asked for."""
        return self._connection.execute(
            statement, {"scheme": self.scheme, **values}, execution_options={"yield_per": page}
        )


@contextmanager
def moment_of(url: str, scheme: str | None, known_at: int | None) -> Iterator[PostgresMoment]:
    """Open a moment of the scheme, the present one unless a record is named.

    Raises SchemeUnclear, NoSuchMoment.
    """
    with past_of(url, scheme) as past:
        size = past.size()
        at = size if known_at is None else known_at
        if not 1 <= at <= size:
            there = f"the records 1 to {size:,}" if size else "no record yet"
            raise NoSuchMoment(f"{past.scheme} has {there}")
        yield PostgresMoment(past.connection, past, at)
