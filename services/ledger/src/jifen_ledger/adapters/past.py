"""The past of a scheme for a command: one moment of the journal, read page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.register_rows import version_of
from jifen_ledger.adapters.register_tables import scheme_version
from jifen_ledger.adapters.tables import log_head, record, record_raw
from jifen_ledger.application.simulate import PastRecord
from jifen_ledger.domain.registers import Version

PAGE_RECORDS: Final = 2_000
# The record's own keys close it, so the last of these marks ends the event whatever is in it.
EVENT_BEGINS: Final = b'{"event":'
EVENT_ENDS: Final = b',"outcome":{'

# One view for the whole replay, and no right to write, whatever else the role may do.
ONE_VIEW: Final = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
SCHEME: Final = sa.bindparam("scheme", type_=sa.Text)
SCHEMES: Final = sa.select(log_head.c.scheme).order_by(log_head.c.scheme)
SIZE: Final = sa.select(log_head.c.size).where(log_head.c.scheme == SCHEME)
VERSIONS: Final = (
    sa.select(scheme_version)
    .where(scheme_version.c.scheme == SCHEME)
    .order_by(scheme_version.c.version)
)
# A message that is no event lies beside its record.
WITH_RAW: Final = record.outerjoin(
    record_raw, sa.and_(record_raw.c.scheme == record.c.scheme, record_raw.c.seq == record.c.seq)
)
PAGE: Final = (
    sa.select(record.c.seq, record.c.bytes, record_raw.c.payload)
    .select_from(WITH_RAW)
    .where(record.c.scheme == SCHEME, record.c.seq > sa.bindparam("after", type_=sa.BigInteger))
    .order_by(record.c.seq)
    .limit(PAGE_RECORDS)
)


class SchemeUnclear(Exception):  # noqa: N818 - it says what to add
    """Which scheme is meant cannot be known."""


class PostgresPast:
    """One moment of one scheme's journal."""

    def __init__(self, connection: sa.Connection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self.connection = connection
        self.scheme = scheme

    def size(self) -> int:
        """Return how many records there are."""
        return int(self._all(SIZE)[0].size)

    def versions(self) -> Sequence[Version]:
        """Return all published versions, by number."""
        return [version_of(row) for row in self._all(VERSIONS)]

    def pages(self) -> Iterator[Sequence[PastRecord]]:
        """Yield every record in the order of the stream, a page at a time."""
        after = 0
        while rows := self._all(PAGE, after=after):
            yield [
                PastRecord(row.seq, row.bytes, payload_of(row.bytes, row.payload)) for row in rows
            ]
            after = rows[-1].seq

    def _all(self, statement: sa.Select[Any], **values: int) -> Sequence[sa.Row[Any]]:
        return self.connection.execute(statement, {"scheme": self.scheme, **values}).all()


@contextmanager
def past_of(url: str, scheme: str | None) -> Iterator[PostgresPast]:
    """Open the scheme's past, of the only scheme where none is named. Raises SchemeUnclear."""
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(ONE_VIEW)
            known = [row.scheme for row in connection.execute(SCHEMES)]
            yield PostgresPast(connection, _chosen(known, scheme))
    finally:
        engine.dispose()


def _chosen(known: Sequence[str], scheme: str | None) -> str:
    if scheme is None and len(known) == 1:
        return known[0]
    if scheme in known:
        return str(scheme)
    names = ", ".join(known) or "none"
    if scheme is None:
        raise SchemeUnclear(f"name the scheme with --scheme; the database has: {names}")
    raise SchemeUnclear(f"the database has no scheme {scheme}, but: {names}")


def payload_of(recorded: bytes, beside: bytes | None) -> bytes:
    """Return the message that a record was made of; `beside` where it does not hold it."""
    return (
        beside if beside is not None else recorded[len(EVENT_BEGINS) : recorded.rindex(EVENT_ENDS)]
    )
