"""Files that are on the disk when the call returns, and whole after a crash: old or new."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600


def replace_file(path: Path, text: str) -> None:
    """Write the file anew; nobody but its owner may read it."""
    draft = _draft(path, text)
    draft.replace(path)
    sync_directory(path.parent)


def create_file(path: Path, text: str) -> None:
    """Write a file that is not there yet. Raises FileExistsError."""
    draft = _draft(path, text)
    try:
        # A link never replaces a file, a rename would.
        path.hardlink_to(draft)
    finally:
        draft.unlink()
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Bring the names within a directory to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(path: Path, text: str) -> Path:
    # A name of its own: another process may be writing the same file.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
