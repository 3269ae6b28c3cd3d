"""What a backup says of itself: every file with its hash, and what the files are."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jifen_contracts.ids import Id, Sha256Hex
from jifen_ledger.adapters.backing_up.failed import BackupUnsound

MANIFEST = "manifest.json"
BLOCK_BYTES = 1_048_576
# Private parts and names are in it.
OWNER_ONLY = 0o600

# A file name of ours below the backup, never a way out of it.
Below = Annotated[str, Field(pattern=r"^[a-z]+/[A-Za-z0-9_-]+(\.[a-z]+)*$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class File(_Frozen):
    """A file of the backup."""

    path: Below
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256Hex


class Table(_Frozen):
    """The rows of a table, as COPY writes them, compressed."""

    name: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    columns: tuple[Annotated[str, Field(pattern=r"^[a-z_0-9]+$")], ...]
    rows: int
    file: File


class Stream(_Frozen):
    """A stream as the broker writes it out: messages with their sequences, and settings."""

    name: str
    config: dict[str, Any]
    state: dict[str, Any]
    file: File

    @property
    def last_seq(self) -> int:
        """Return the sequence that the snapshot has at least."""
        return int(self.state["last_seq"])


class Scheme(_Frozen):
    """How far a scheme was when the database was read."""

    records: int
    root: str


class Manifest(_Frozen):
    """The whole backup. Tables stand in an order in which they can be filled."""

    type: Literal["jifen/backup/v1"] = "jifen/backup/v1"
    taken_at: str
    revision: str
    schemes: dict[Id, Scheme]
    anchors: dict[Id, File]
    tables: tuple[Table, ...]
    streams: tuple[Stream, ...]

    def files(self) -> Iterator[File]:
        """Yield every file."""
        yield from self.anchors.values()
        yield from (table.file for table in self.tables)
        yield from (stream.file for stream in self.streams)

    def write(self, directory: Path) -> None:
        """Write it; afterwards the backup is whole."""
        with written(directory, MANIFEST) as (write, _):
            write(self.model_dump_json(indent=1).encode() + b"\n")


def read_manifest(directory: Path) -> Manifest:
    """Return what the backup says of itself. Raises BackupUnsound."""
    try:
        return Manifest.model_validate_json((directory / MANIFEST).read_bytes())
    except OSError as error:
        raise BackupUnsound(f"{directory} is no backup: {error.strerror}: {MANIFEST}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BackupUnsound(f"{directory / MANIFEST}: {place}: {first['msg']}") from None


def check_files(directory: Path, manifest: Manifest, show: Callable[[int, int, str], None]) -> None:
    """Compare every file with its hash. Raises BackupUnsound."""
    files = list(manifest.files())
    total, done = sum(file.size for file in files), 0
    for file in files:
        found = hashlib.sha256()
        try:
            with (directory / file.path).open("rb") as opened:
                while block := opened.read(BLOCK_BYTES):
                    found.update(block)
                    done += len(block)
                    show(done, total, file.path)
        except OSError as error:
            raise BackupUnsound(f"{directory / file.path}: {error.strerror}") from None
        if found.hexdigest() != file.sha256:
            raise BackupUnsound(f"{directory / file.path} is not as it was written")


class Hashed:
    """Counts and hashes what is written."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._hash = hashlib.sha256()
        self._size = 0

    def add(self, block: bytes) -> None:
        """Take the next block."""
        self._hash.update(block)
        self._size += len(block)

    def file(self, path: str) -> File:
        """Return the entry of the file that has these bytes."""
        return File(path=path, size=self._size, sha256=self._hash.hexdigest())


@contextmanager
def written(directory: Path, path: str) -> Iterator[tuple[Callable[[bytes], None], Hashed]]:
    """Write a new file below the directory; at the end it is on the disk."""
    place = directory / path
    place.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    hashed = Hashed()
    with os.fdopen(descriptor, "wb") as file:

        def write(block: bytes) -> None:
            hashed.add(block)
            file.write(block)

        yield write, hashed
        file.flush()
        os.fsync(file.fileno())
