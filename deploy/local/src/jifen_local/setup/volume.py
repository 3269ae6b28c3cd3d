"""The volume of secrets: each file made once, and readable by the one service that needs it.

Services mount it read-only; only the setup and the command that edits the file of senders write.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jifen_local.private_files import write_private

# The users that the services run as in their containers; the last two are their own images'.
OWNERS = {
    "ingest": 10001,
    "ledger": 10002,
    "nats": 10003,
    "operator": 10004,
    "proxy": 10005,
    "postgres": 999,
    "grafana": 472,
}
DIRECTORY_MODE, FILE_MODE, PUBLIC_MODE = 0o700, 0o400, 0o444
_DIRECTORIES_ARE_PUBLIC = 0o755


@dataclass(frozen=True, slots=True)
class SecretVolume:
    """One directory for each owner below the root, and files for everybody beside them."""

    root: Path

    def prepare(self) -> None:
        """Make the directories; the root is open, so that each owner comes to its own."""
        self.root.chmod(_DIRECTORIES_ARE_PUBLIC)
        for owner, uid in OWNERS.items():
            directory = self.root / owner
            directory.mkdir(exist_ok=True)
            os.chown(directory, uid, uid)
            directory.chmod(DIRECTORY_MODE)

    def path(self, owner: str, name: str) -> Path:
        """Return where an owner's file is."""
        return self.root / owner / name

    def write(self, owner: str, name: str, text: str) -> None:
        """Replace an owner's file; the owner may read it and nobody may change it."""
        path, uid = self.path(owner, name), OWNERS[owner]
        write_private(path, text)
        os.chown(path, uid, uid)
        path.chmod(FILE_MODE)

    def publish(self, name: str, text: str) -> None:
        """Replace a file that everybody may read."""
        write_private(self.root / name, text)
        (self.root / name).chmod(PUBLIC_MODE)

    def keep(self, name: str, make: Callable[[], str]) -> str:
        """Return what is kept for the setup alone, made where it is not there yet."""
        path = self.root / name
        if not path.exists():
            write_private(path, make())
        return path.read_text(encoding="utf-8")
