"""The records that were refused, and everything that is kept of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from jifen_contracts.codes import MEANINGS, Code
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.past import WITH_RAW
from jifen_ledger.adapters.tables import log_head, record, record_raw

ONE_VIEW = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
SCHEMES = sa.select(log_head.c.scheme).order_by(log_head.c.scheme)
LISTED = (
    sa.select(
        record.c.scheme,
        record.c.seq,
        record.c.code,
        record.c.recorded_at,
        record.c.type,
        record.c.subject,
    )
    .where(record.c.status == "refused")
    .order_by(record.c.seq.desc(), record.c.scheme)
)
ONE = (
    sa.select(record.c.bytes, record.c.status, record_raw.c.subject, record_raw.c.payload)
    .select_from(WITH_RAW)
    .where(
        record.c.scheme == sa.bindparam("scheme", type_=sa.Text),
        record.c.seq == sa.bindparam("seq", type_=sa.BigInteger),
    )
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A record; of a message that was no event, its subject and its bytes besides."""

    record: dict[str, Any]
    subject: str | None
    payload: bytes | None

    @property
    def meaning(self) -> str | None:
        """Return what its code means; None if it was not refused."""
        code = self.record["outcome"].get("code")
        return None if code is None else MEANINGS[Code(code)]


def refused_records(
    url: str, scheme: str | None, codes: Sequence[str], before: int | None, most: int
) -> list[dict[str, Any]]:
    """Return the newest of them, or the newest before a number."""
    query = LISTED.limit(most)
    if scheme is not None:
        query = query.where(record.c.scheme == scheme)
    if codes:
        query = query.where(record.c.code.in_(codes))
    if before is not None:
        query = query.where(record.c.seq < before)
    with _view(url) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def schemes_in(url: str) -> list[str]:
    """Return the schemes of the database."""
    with _view(url) as connection:
        return list(connection.execute(SCHEMES).scalars())


def record_shown(url: str, scheme: str, seq: int) -> Shown | None:
    """Return the record, None if there is none."""
    with _view(url) as connection:
        row = connection.execute(ONE, {"scheme": scheme, "seq": seq}).one_or_none()
    if row is None:
        return None
    payload = None if row.payload is None else bytes(row.payload)
    return Shown(orjson.loads(row.bytes), row.subject, payload)


@contextmanager
def _view(url: str) -> Iterator[sa.Connection]:
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(ONE_VIEW)
            yield connection
    finally:
        engine.dispose()
