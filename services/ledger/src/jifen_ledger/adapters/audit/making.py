"""Makes an audit bundle from the ledger's database, as a folder (tlog.md §10.5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from jifen_contracts.canonical import canonical
from jifen_contracts.export_schemas import ENVELOPE_FILE, exported_schemas, file_of
from jifen_ledger.adapters.audit.boards import rankings_of
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.log_export import ONE_VIEW, export_log
from jifen_ledger.adapters.reads.log import BALANCES_AT, CHECKPOINTS
from jifen_ledger.adapters.register_tables import scheme_version
from jifen_ledger.adapters.tables import record, record_raw
from jifen_ledger.application.audit.balances import balances_text
from jifen_ledger.application.audit.contents import (
    BALANCES,
    LOG,
    MANIFEST,
    RANKINGS,
    README,
    VKEYS,
    Listed,
    Manifest,
)
from jifen_ledger.application.audit.guide import GUIDE
from jifen_ledger.log.checkpoint import Checkpoint, parse_checkpoint
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.keys import VerifierKey
from jifen_ledger.log.note import parse_note

PAGE: Final = 1_000
SCHEME: Final = sa.bindparam("scheme", type_=sa.Text)
SIZE: Final = sa.bindparam("size", type_=sa.BigInteger)

TYPES: Final = (
    sa.select(record.c.type)
    .where(record.c.scheme == SCHEME, record.c.seq <= SIZE, record.c.type.is_not(None))
    .distinct()
)
RAW: Final = (
    sa.select(record_raw.c.seq, record_raw.c.payload)
    .where(record_raw.c.scheme == SCHEME, record_raw.c.seq <= SIZE)
    .order_by(record_raw.c.seq)
)
DOCUMENTS: Final = (
    sa.select(scheme_version.c.version, record.c.bytes)
    .join_from(
        scheme_version,
        record,
        sa.and_(record.c.scheme == scheme_version.c.scheme, record.c.seq == scheme_version.c.seq),
    )
    .where(scheme_version.c.scheme == SCHEME, scheme_version.c.seq <= SIZE)
    .order_by(scheme_version.c.version)
)


def make_bundle(
    url: str, scheme: str, size: int | None, keys: Sequence[VerifierKey], directory: Path
) -> Checkpoint:
    """Write the bundle of a published size, the newest by default; return its checkpoint.

    The folder must not be there, or empty; the manifest is written last. Raises ExportFailed.
    """
    log = directory / LOG
    export_log(url, scheme, log, size)
    checkpoint = parse_checkpoint(parse_note((log / "checkpoint").read_bytes()).text)
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(ONE_VIEW)
            _Making(connection, scheme, checkpoint, directory).write(keys)
    finally:
        engine.dispose()
    (directory / RANKINGS).write_bytes(rankings_of(url, scheme, checkpoint.size))
    (directory / MANIFEST).write_bytes(_manifest(scheme, checkpoint, directory).text)
    return checkpoint


class _Making:
    """Writes what one moment of the database has for a checkpoint."""

    def __init__(
        self, connection: sa.Connection, scheme: str, checkpoint: Checkpoint, directory: Path
    ) -> None:
        self._connection = connection
        self._scheme = scheme
        self._size = checkpoint.size
        self._directory = directory

    def write(self, keys: Sequence[VerifierKey]) -> None:
        guide = GUIDE.format(scheme=self._scheme, size=self._size)
        self._file(README, guide.encode())
        self._file(VKEYS, "".join(f"{key.text}\n" for key in keys).encode())
        for size, note in self._earlier():
            self._file(f"{LOG}/checkpoints/{size}", note.encode())
        self._file(BALANCES, balances_text(tuple(row) for row in self._rows(BALANCES_AT)))
        for seq, payload in self._rows(RAW):
            self._file(f"raw/{seq}", payload)
        for version, entry in self._rows(DOCUMENTS):
            document = json.loads(entry)["event"]["data"]["document"]
            self._file(f"schemes/{version}.json", canonical(document))
        schemas = exported_schemas()
        occurring = {file_of(type_) for (type_,) in self._rows(TYPES)}
        for name in (occurring & schemas.keys()) | {ENVELOPE_FILE}:
            self._file(f"schemas/{name}", _pretty(schemas[name]))

    def _earlier(self) -> Iterator[tuple[int, str]]:
        """Yield the published checkpoints before this one."""
        following = 0
        while True:
            key = {"from_size": following, "to_size": self._size - 1, "most": PAGE}
            rows = list(self._rows(CHECKPOINTS, **key))
            yield from rows
            if len(rows) < PAGE:
                return
            following = rows[-1][0] + 1

    def _rows(self, statement: sa.Select[Any], **values: int) -> Iterator[Any]:
        key = {"scheme": self._scheme, **(values or {"size": self._size})}
        yield from self._connection.execute(statement, key, execution_options={"yield_per": PAGE})

    def _file(self, name: str, content: bytes) -> None:
        path = self._directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _pretty(schema: dict[str, Any]) -> bytes:
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def _manifest(scheme: str, checkpoint: Checkpoint, directory: Path) -> Manifest:
    files = [_listed(directory, path) for path in directory.rglob("*") if path.is_file()]
    root = encoded(checkpoint.root)
    return Manifest(sorted(files), checkpoint.origin, root, scheme, checkpoint.size)


def _listed(directory: Path, path: Path) -> Listed:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Listed(path.relative_to(directory).as_posix(), digest, path.stat().st_size)
