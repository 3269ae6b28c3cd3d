"""Reads private parts, what events tell of them, and which events name a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.erasing import ERASED_OF
from jifen_ledger.adapters.private_tables import NAMES_FILES, private_part
from jifen_ledger.adapters.reads.held import upto
from jifen_ledger.adapters.tables import record
from jifen_ledger.adapters.use_tables import evidence_use, file_use, private_use
from jifen_ledger.application.queries.cursors import INTEGER_MAX
from jifen_ledger.application.queries.files import USES_MAX
from jifen_ledger.application.queries.private_text import NamedFile, Opening, Told

BASIS = "basis"
ACCEPTED = ("posted", "recorded")

SCHEME = sa.bindparam("scheme", type_=sa.Text)
FILE = sa.bindparam("file", type_=sa.Text)
UPTO = sa.bindparam("upto", type_=sa.BigInteger)
_RECORDS = sa.select(record.c.seq, record.c.recorded_at, record.c.status, record.c.bytes).where(
    record.c.scheme == SCHEME, record.c.type.is_not(None), record.c.seq <= UPTO
)
TOLD = _RECORDS.where(
    record.c.seq == sa.any_(sa.bindparam("seqs", type_=ARRAY(sa.BigInteger)))
).order_by(record.c.seq)
_NAMED = sa.union(
    sa.select(evidence_use.c.seq).where(
        evidence_use.c.scheme == SCHEME, evidence_use.c.sha256 == FILE
    ),
    sa.select(file_use.c.seq).where(file_use.c.scheme == SCHEME, file_use.c.sha256 == FILE),
    sa.select(private_use.c.seq)
    .join(
        private_part,
        sa.and_(
            private_part.c.scheme == private_use.c.scheme,
            private_part.c.privatehash == private_use.c.privatehash,
        ),
    )
    .where(
        private_part.c.scheme == SCHEME,
        private_part.c.files.contains(array([sa.cast(FILE, sa.Text)])),
        NAMES_FILES,
    ),
).subquery("named")
NAMING = (
    _RECORDS.where(record.c.seq.in_(sa.select(_NAMED.c.seq)))
    .order_by(record.c.seq.desc())
    .limit(USES_MAX)
)
OPENINGS = sa.select(private_part).where(
    private_part.c.scheme == SCHEME,
    private_part.c.privatehash == sa.any_(sa.bindparam("hashes", type_=ARRAY(sa.Text))),
)


class PrivatePartReads:
    """The private parts of one scheme as they are now: what was erased is erased at any moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def told(self, seqs: Collection[int]) -> Sequence[Told]:
        """Return what the records of these seqs tell, by seq; those without an event are left out.

        What was recorded after the moment is left out, too.
        """
        key = {"scheme": self._scheme, "seqs": list(seqs), "upto": upto(self.at)}
        return [_told(row) for row in await self._connection.execute(TOLD, key)]

    async def openings(self, hashes: Collection[str]) -> Mapping[str, Opening]:
        """Return the private parts that are there, by hash."""
        key = {"scheme": self._scheme, "hashes": list(hashes)}
        return {
            row.privatehash: Opening(orjson.loads(row.private), row.salt.hex())
            for row in await self._connection.execute(OPENINGS, key)
        }

    async def erased(self, persons: Collection[str]) -> Collection[str]:
        """Return those of whom everything that can be erased was erased."""
        key = {"scheme": self._scheme, "persons": sorted(persons)}
        return {row.person for row in await self._connection.execute(ERASED_OF, key)}

    async def naming(self, file: str) -> Sequence[Told]:
        """Return what names a file, the latest first, at most USES_MAX."""
        return await self._naming(file, upto(self.at))

    async def naming_now(self, file: str) -> Sequence[Told]:
        """Return the same as it is by now, whatever the moment."""
        return await self._naming(file, INTEGER_MAX)

    async def _naming(self, file: str, upto_seq: int) -> Sequence[Told]:
        key = {"scheme": self._scheme, "file": file, "upto": upto_seq}
        return [_told(row) for row in await self._connection.execute(NAMING, key)]


def _told(row: Any) -> Told:  # noqa: ANN401 - rows of one shape under two types
    event = orjson.loads(row.bytes)["event"]
    return Told(
        seq=row.seq,
        recorded_at=row.recorded_at,
        accepted=row.status in ACCEPTED,
        type=event["type"],
        subject=event["subject"],
        data=event["data"],
        privatehash=event.get("privatehash"),
        files=list(dict.fromkeys(_files(event["data"]))),
    )


def _files(data: Mapping[str, Any]) -> Iterable[NamedFile]:
    for one in data.get("evidence", ()):
        yield NamedFile(one["sha256"], one["kind"])
    if "basis" in data:
        yield NamedFile(data["basis"]["sha256"], BASIS)
