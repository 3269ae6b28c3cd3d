"""A database dumped and restored with the tools of PostgreSQL, as its operator would."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jifen_local.servers.postgres import binaries
from tests.support.servers import libpq_url, new_database

WITHIN_S = 60


def dump(url: str, file: Path) -> Path:
    """Dump the database as it is now; return the file."""
    _run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={libpq_url(url)}")
    return file


@contextmanager
def restored(file: Path, server_url: str) -> Iterator[str]:
    """The URL of a database with what the dump has, and nothing that came later."""
    with new_database(server_url) as url:
        _run("pg_restore", "--exit-on-error", f"--dbname={libpq_url(url)}", str(file))
        yield url


def _run(program: str, *arguments: str) -> None:
    subprocess.run([binaries() / program, *arguments], check=True, timeout=WITHIN_S)
