"""An audit bundle as one file: written so that the same log gives the same bytes, and unpacked."""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.application.audit.contents import FILE_BYTES_MAX, MANIFEST, is_known

ENDS: Final = ".tar.gz"
COMPRESSION: Final = 6
CHUNK_BYTES: Final = 1 << 20


def pack(directory: Path, file: IO[bytes]) -> None:
    """Write the files of a folder in path order, the manifest last."""
    paths = sorted(
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    )
    with (
        gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for path in sorted(paths, key=lambda path: (path == MANIFEST, path)):
            member = tarfile.TarInfo(path)
            member.size = (directory / path).stat().st_size
            member.mode = 0o644
            with (directory / path).open("rb") as content:
                tar.addfile(member, content)


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Yield a folder with the files of a bundle until the block ends. Raises AuditFailed."""
    with tempfile.TemporaryDirectory(prefix="jifen-audit-") as name:
        directory = Path(name)
        try:
            with archive.open("rb") as file, gzip.open(file) as packed:
                _unpack(packed, directory)
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise AuditFailed(f"{archive} is damaged: {error}") from None
        yield directory


def _unpack(packed: gzip.GzipFile, directory: Path) -> None:
    with tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in tar:
            _check_member(member, directory)
            content = tar.extractfile(member)
            assert content is not None
            path = directory / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                while chunk := content.read(CHUNK_BYTES):
                    file.write(chunk)
    # Only at its end the packed file tells whether all of it arrived as it was.
    while chunk := packed.read(CHUNK_BYTES):
        if chunk.strip(b"\0"):
            raise AuditFailed("there is something behind the end of the bundle")
    if not (directory / MANIFEST).exists():
        raise AuditFailed(f"{MANIFEST} is missing")


def _check_member(member: tarfile.TarInfo, directory: Path) -> None:
    if not member.isreg():
        raise AuditFailed(f"{member.name} is no plain file")
    if not is_known(member.name):
        raise AuditFailed(f"{member.name} is not a path of a bundle")
    if member.size > FILE_BYTES_MAX:
        raise AuditFailed(f"{member.name} is longer than 1 GiB")
    if (directory / member.name).exists():
        raise AuditFailed(f"{member.name} is there twice")
