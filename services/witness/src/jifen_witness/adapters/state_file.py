"""What was cosigned, in one SQLite file: a commit is on the disk, a kill leaves old or new."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from jifen_ledger.log.checkpoint import Checkpoint
from jifen_witness.adapters.failure import CommandFailed
from jifen_witness.application.cosign import Cosigned
from jifen_witness.domain.judging import NOTHING, Standing

# Another process that has the file open may hold it so long.
BUSY_S: Final = 5.0
# A log that signs many contradictions has proved what it is.
CONTRADICTIONS_MAX: Final = 1_000

TABLES: Final = """
CREATE TABLE cosigned (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32), note TEXT NOT NULL, time_s INTEGER NOT NULL
) STRICT;
CREATE TABLE contradiction (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL,
    time_s INTEGER NOT NULL, cosigned TEXT NOT NULL, PRIMARY KEY (origin, size, root)
) STRICT;
-- A tree never shrinks and never changes, whatever program writes this file.
CREATE TRIGGER cosigned_grows BEFORE UPDATE ON cosigned
WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size
    OR (NEW.size = OLD.size AND NEW.root <> OLD.root)
BEGIN SELECT RAISE(ABORT, 'a cosigned tree only grows'); END;
CREATE TRIGGER cosigned_stays BEFORE DELETE ON cosigned
BEGIN SELECT RAISE(ABORT, 'what was cosigned stays'); END;
"""
STANDING: Final = "SELECT size, root FROM cosigned WHERE origin = ?"
NEWEST: Final = "SELECT origin, size, root, note, time_s FROM cosigned ORDER BY origin"
KEEP: Final = """
INSERT INTO cosigned (origin, size, root, note, time_s) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (origin) DO UPDATE SET
    size = excluded.size, root = excluded.root, note = excluded.note, time_s = excluded.time_s
"""
CONTRADICTED: Final = f"""
INSERT OR IGNORE INTO contradiction (origin, size, root, note, time_s, cosigned)
SELECT ?1, ?2, ?3, ?4, ?5, note FROM cosigned
WHERE origin = ?1 AND size = ?2 AND root <> ?3
    AND (SELECT count(*) FROM contradiction) < {CONTRADICTIONS_MAX}
"""  # noqa: S608 - a number of our own
CONTRADICTIONS: Final = """
SELECT origin, size, time_s, cosigned, note FROM contradiction ORDER BY time_s, origin, size
"""


class Contradiction(NamedTuple):
    """Two roots that a log has signed for one size: the one that was cosigned, and the other."""

    origin: str
    size: int
    time_s: int
    cosigned: str
    note: str


class StateFile:
    """The file; each call opens it anew, so that any thread may call."""

    def __init__(self, path: Path) -> None:
        """Take the path of a file that `create` made."""
        self._path = path

    @classmethod
    def create(cls, path: Path) -> None:
        """Make the file, without any log. Raises CommandFailed."""
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise CommandFailed(f"{path} is there already") from None
        with _opened(path) as connection:
            connection.executescript(f"BEGIN IMMEDIATE;{TABLES}COMMIT;")

    def check(self) -> None:
        """Check that the file is there and whole. Raises CommandFailed.

        A lost file is not an empty one: without it anything would be cosigned again.
        """
        try:
            with _opened(self._path) as connection:
                (found,) = connection.execute("PRAGMA integrity_check").fetchone()
                connection.execute(NEWEST).fetchall()
        except sqlite3.Error as error:
            raise CommandFailed(f"{self._path}: {error}; see docs/witness.md") from None
        if found != "ok":
            raise CommandFailed(f"{self._path}: {found}; see docs/witness.md")

    def standing(self, origin: str) -> Standing:
        """Return what was cosigned last, NOTHING where nothing was."""
        with _opened(self._path) as connection:
            return _standing(connection, origin)

    def advance(self, before: Standing, cosigned: Cosigned) -> bool:
        """Put it in the place of `before`; on return it is on the disk."""
        with _opened(self._path) as connection:
            # The lock comes before the look: nobody writes between look and write.
            connection.execute("BEGIN IMMEDIATE")
            if _standing(connection, cosigned.checkpoint.origin) != before:
                connection.execute("ROLLBACK")
                return False
            connection.execute(KEEP, (*cosigned.checkpoint, cosigned.note, cosigned.time_s))
            connection.execute("COMMIT")
        return True

    def newest(self) -> Sequence[Cosigned]:
        """Return the newest checkpoint of every log."""
        with _opened(self._path) as connection:
            rows = connection.execute(NEWEST).fetchall()
        return [
            Cosigned(Checkpoint(origin, size, root), note, time_s)
            for origin, size, root, note, time_s in rows
        ]

    def contradicted(self, forked: Cosigned) -> None:
        """Keep a checkpoint beside the other one of its size that was cosigned."""
        with _opened(self._path) as connection:
            connection.execute(CONTRADICTED, (*forked.checkpoint, forked.note, forked.time_s))

    def contradictions(self) -> Sequence[Contradiction]:
        """Return where logs have signed two roots for one size, the oldest first."""
        with _opened(self._path) as connection:
            return [Contradiction(*row) for row in connection.execute(CONTRADICTIONS)]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # Never made by opening it.
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, BUSY_S, isolation_level=None, uri=True)
    with closing(connection):
        # At a commit the file, its journal and their folder are brought to the disk.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        yield connection


def _standing(connection: sqlite3.Connection, origin: str) -> Standing:
    row = connection.execute(STANDING, (origin,)).fetchone()
    return NOTHING if row is None else Standing(*row)
