"""The directory that holds everything a local Jifen knows, for one launcher at a time."""

import fcntl
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from jifen_local.leftovers import stop_leftovers
from jifen_local.private_files import write_private

MARKER = "jifen-data"
MARKER_TEXT = "Data of a local Jifen. `jifen-local reset` removes this directory.\n"
PASSWORD_BYTES = 24
# Nothing but names is open to others; PostgreSQL has to pass when root starts it as another user.
MODE_OF_ROOT = 0o711
MODE = 0o700


class DirectoryRefused(RuntimeError):  # noqa: N818 - told in one line, not traced
    """The directory is not ours or in use; the message says which in one line."""


@dataclass(frozen=True, slots=True)
class DataDirectory:
    path: Path
    lock: int

    @classmethod
    def claim(cls, path: Path) -> Self:
        """Ours until `release` or the end of the process; made if it is not there."""
        path = path.absolute()
        if path.exists():
            _check_ours(path)
        path.mkdir(mode=MODE, parents=True, exist_ok=True)
        path.chmod(MODE_OF_ROOT if os.geteuid() == 0 else MODE)
        write_private(path / MARKER, MARKER_TEXT)
        lock = _locked(path)
        try:
            stop_leftovers(path)
        except BaseException:
            os.close(lock)
            raise
        return cls(path, lock)

    @classmethod
    def claim_empty(cls, path: Path) -> Self:
        """As `claim`, but whatever an earlier Jifen left in it is removed."""
        cls.claim(path).remove()
        return cls.claim(path)

    def release(self) -> None:
        os.close(self.lock)

    def remove(self) -> None:
        """Afterwards nothing of it is left, and the claim is over."""
        shutil.rmtree(self.path)
        self.release()

    def directory(self, name: str) -> Path:
        directory = self.path / name
        directory.mkdir(mode=MODE, exist_ok=True)
        return directory

    def passwords(self, users: tuple[str, ...]) -> dict[str, str]:
        """The same on every start; random on the first."""
        file = self.path / "passwords.json"
        known: dict[str, str] = json.loads(file.read_bytes()) if file.exists() else {}
        passwords = {
            user: known.get(user) or secrets.token_urlsafe(PASSWORD_BYTES) for user in users
        }
        if passwords != known:
            write_private(file, json.dumps(passwords, indent=2) + "\n")
        return passwords


def is_ours(path: Path) -> bool:
    return (path / MARKER).is_file()


def in_use(path: Path) -> bool:
    """Whether a launcher runs on the directory now."""
    with (path / "lock").open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _check_ours(path: Path) -> None:
    if not path.is_dir():
        raise DirectoryRefused(f"{path} is not a directory")
    if not is_ours(path) and any(path.iterdir()):
        raise DirectoryRefused(f"{path} has files that are not Jifen's; choose another with --data")


def _locked(path: Path) -> int:
    lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode() or "unknown"
        os.close(lock)
        raise DirectoryRefused(f"{path} is in use by another launcher, process {holder}") from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock
