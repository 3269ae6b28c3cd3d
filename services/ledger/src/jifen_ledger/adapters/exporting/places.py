"""Where an export is written to: a new directory, or one compressed archive."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from jifen_ledger.adapters.exporting.formats import CsvFile, ndjson_line
from jifen_ledger.application.exporting.columns import Table
from jifen_ledger.application.exporting.export import Add, Place

ARCHIVE_ENDS: Final = (".tar.gz", ".tgz")
SUMS: Final = "SHA256SUMS"
# Of the records, one line of NDJSON is the record itself.
RECORDS_FILE: Final = "records.ndjson"
COMPRESSION: Final = 6
SPOOLED_BYTES_MAX: Final = 1_000_000

# Opens a file of the export for writing; it is there when the block ends.
Store = Callable[[str], AbstractContextManager[IO[bytes]]]


class _Hashed:
    """A file that hashes and counts what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = sha256()
        self.length = 0

    def write(self, content: bytes) -> None:
        self._file.write(content)
        self.sha256.update(content)
        self.length += len(content)


class Files:
    """The files of an export, with the hash of each."""

    def __init__(self, store: Store) -> None:
        """Write through `store`."""
        self._store = store
        self._listed: list[dict[str, Any]] = []

    @contextmanager
    def table(self, table: Table) -> Iterator[Add]:
        """Open the two files of a table for its rows."""
        names = [f"tables/{table.name}.{kind}" for kind in ("ndjson", "csv")]
        if table.name == "records":
            names[0] = RECORDS_FILE
        rows = 0
        with self._hashed(names[0]) as lines, self._hashed(names[1]) as sheet:
            csv_file = CsvFile(sheet, table)

            def add(row: Any, line: bytes | None = None) -> None:  # noqa: ANN401 - as the ledger's
                nonlocal rows
                rows += 1
                cells = table.cells(row)
                csv_file.add(cells)
                lines.write(ndjson_line(table.columns, cells) if line is None else line + b"\n")

            yield add
        for name, file in zip(names, (lines, sheet), strict=True):
            self._list(name, file, rows=rows)

    def file(self, name: str, content: bytes) -> None:
        """Write a whole file."""
        with self._hashed(name) as file:
            file.write(content)
        self._list(name, file)

    def listed(self) -> Sequence[dict[str, Any]]:
        """Return name, hash, length and rows of each file so far, by name."""
        return sorted(self._listed, key=lambda one: str(one["name"]))

    def finish(self) -> None:
        """Write the sums of all files, for `sha256sum -c`."""
        sums = "".join(f"{one['sha256']}  {one['name']}\n" for one in self.listed())
        with self._store(SUMS) as file:
            file.write(sums.encode())

    @contextmanager
    def _hashed(self, name: str) -> Iterator[_Hashed]:
        with self._store(name) as file:
            yield _Hashed(file)

    def _list(self, name: str, file: _Hashed, **more: int) -> None:
        said = {"name": name, "sha256": file.sha256.hexdigest(), "bytes": file.length}
        self._listed.append(said | more)


@contextmanager
def place_at(output: Path, root: str) -> Iterator[Place]:
    """Open a new directory, or an archive whose files lie under `root`, by the output's name.

    It is there, whole, when the block ends without an error; otherwise nothing is.
    """
    part = output.with_name(f".{output.name}.part")
    archive = output.name.endswith(ARCHIVE_ENDS)
    try:
        with _archive(part, root) if archive else _directory(part) as store:
            files = Files(store)
            yield files
            files.finish()
        part.rename(output)
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        else:
            part.unlink(missing_ok=True)


@contextmanager
def _directory(part: Path) -> Iterator[Store]:
    part.mkdir(mode=0o700)

    @contextmanager
    def store(name: str) -> Iterator[IO[bytes]]:
        path = part / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            yield file

    yield store


@contextmanager
def _archive(part: Path, root: str) -> Iterator[Store]:
    """Write a tar whose bytes tell nothing of when and by whom it was made."""
    with (
        part.open("xb") as file,
        gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):

        @contextmanager
        def store(name: str) -> Iterator[IO[bytes]]:
            # A tar has a file's length before the file.
            with tempfile.SpooledTemporaryFile(SPOOLED_BYTES_MAX) as spooled:
                yield spooled
                member = tarfile.TarInfo(f"{root}/{name}")
                member.size = spooled.tell()
                member.mode = 0o644
                spooled.seek(0)
                tar.addfile(member, spooled)

        yield store
