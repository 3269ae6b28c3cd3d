"""A log in a folder: a static export, or an audit bundle that is or was unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from jifen_ledger.application.audit.audited import Audited, AuditFailed, Kept
from jifen_ledger.application.audit.contents import (
    BALANCES,
    FILE_BYTES_MAX,
    LOG,
    MANIFEST,
    RANKINGS,
    Listed,
    Manifest,
    parse_manifest,
)


def folder(directory: Path) -> Audited:
    """Return what lies in the folder. Raises AuditFailed, OSError."""
    if (directory / MANIFEST).exists():
        return BundleFolder(directory)
    if not (directory / "checkpoint").exists():
        raise NotADirectoryError(f"{directory} is neither an export of a log nor a bundle")
    return ExportFolder(directory)


class ExportFolder:
    """Checkpoint, tiles and entries, and nothing besides."""

    def __init__(self, directory: Path) -> None:
        """Read the folder."""
        self._directory = directory

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._directory)

    def log(self, path: str) -> bytes | None:
        """Return a file of the log."""
        return _read(self._directory / path)

    def earlier(self) -> Iterator[Kept]:
        """Yield what lies beside the checkpoint."""
        yield from kept_in(self._directory)

    def balances(self, size: int) -> bytes | None:  # noqa: ARG002 - an export has none
        """Return None."""
        return None

    def rankings(self, size: int) -> bytes | None:  # noqa: ARG002 - an export has none
        """Return None."""
        return None

    def raw(self, seq: int) -> bytes | None:  # noqa: ARG002 - an export has none
        """Return None."""
        return None

    def check(self, size: int, root: bytes, origin: str) -> None:
        """Check nothing: an export says nothing of itself."""


class BundleFolder:
    """A bundle whose files are those that its manifest names."""

    def __init__(self, directory: Path) -> None:
        """Compare all files with the manifest. Raises AuditFailed."""
        self._directory = directory
        text = _read(directory / MANIFEST)
        assert text is not None
        self.manifest: Manifest = parse_manifest(text)
        _check_names(directory, self.manifest)
        for listed in self.manifest.files:
            _check_file(directory, listed)

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._directory)

    def log(self, path: str) -> bytes | None:
        """Return a file of the log."""
        return _read(self._directory / LOG / path)

    def earlier(self) -> Iterator[Kept]:
        """Yield the earlier checkpoints."""
        yield from kept_in(self._directory / LOG)

    def balances(self, size: int) -> bytes | None:  # noqa: ARG002 - the bundle has one size
        """Return the ledger's balances."""
        return _read(self._directory / BALANCES)

    def rankings(self, size: int) -> bytes | None:  # noqa: ARG002 - the bundle has one size
        """Return the ledger's rankings."""
        return _read(self._directory / RANKINGS)

    def raw(self, seq: int) -> bytes | None:
        """Return the payload of an unreadable message."""
        return _read(self._directory / "raw" / str(seq))

    def check(self, size: int, root: bytes, origin: str) -> None:
        """Compare manifest and checkpoint. Raises AuditFailed."""
        self.manifest.check(size, root, origin)


def kept_in(log: Path) -> Iterator[Kept]:
    """Yield the checkpoints in a log's folder, by size."""
    there = log / "checkpoints"
    paths = sorted(there.iterdir(), key=lambda path: int(path.name)) if there.is_dir() else []
    for path in paths:
        yield Kept(f"checkpoints/{path.name}", path.read_bytes())


def _read(path: Path) -> bytes | None:
    try:
        if path.is_symlink() or path.stat().st_size > FILE_BYTES_MAX:
            raise AuditFailed(f"{path} is a link, or too long")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _check_names(directory: Path, manifest: Manifest) -> None:
    there = set()
    for path in directory.rglob("*"):
        name = path.relative_to(directory).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise AuditFailed(f"{name} is a link or a device; a bundle has plain files only")
        if path.is_file():
            there.add(name)
    listed = {one.path for one in manifest.files} | {MANIFEST}
    if missing := sorted(listed - there):
        raise AuditFailed(f"{missing[0]} is missing")
    if unlisted := sorted(there - listed):
        raise AuditFailed(f"{unlisted[0]} is there, and {MANIFEST} does not name it")


def _check_file(directory: Path, listed: Listed) -> None:
    path = directory / listed.path
    with path.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
    if (found, path.stat().st_size) != (listed.sha256, listed.size):
        raise AuditFailed(f"{listed.path} has other bytes than {MANIFEST} says")
