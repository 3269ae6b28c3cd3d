"""A whole Jifen on this machine: both servers and both services, started and stopped in order."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from jifen_local.children import Child, StartFailed, start_child, wait_until
from jifen_local.credentials import READERS, SOURCES, TOKENS, write_credentials
from jifen_local.data_directory import DataDirectory
from jifen_local.leftovers import record_children
from jifen_local.nats_users import USERS
from jifen_local.operator_file import write_operator
from jifen_local.ports import HOST, free_port, listens
from jifen_local.private_files import write_private
from jifen_local.servers import NatsServer, PostgresServer, start_nats, start_postgres
from jifen_local.servers.nats import answers

COMMAND_DEADLINE_S = 120.0
ADDRESSES = "addresses.json"
# A log is named by it and its scheme, for ever.
LOG_ORIGIN = "localhost/jifen"


@dataclass(frozen=True, slots=True)
class Ports:
    """Wished for; a port that is taken is replaced by a free one. 0 is any."""

    ledger: int = 0
    ingest: int = 0
    nats: int = 0


def silent(_: str) -> None:
    return


class LocalStack:
    """Everything runs inside the `with` block; only the main thread may enter it (children.py).

    Without files that say who may send and who may read, tokens are made; see credentials.py.
    Without services there are NATS and PostgreSQL, as they were left, for a backup to come back.
    """

    def __init__(
        self,
        data: Path,
        *,
        schemes: Sequence[str],
        sources_file: Path | None = None,
        readers_file: Path | None = None,
        ports: Ports | None = None,
        services: bool = True,
        fast: bool = False,
        report: Callable[[str], None] = silent,
    ) -> None:
        self._services = services
        self._data = data.absolute()
        self._sources_file = sources_file
        self._readers_file = readers_file
        self._schemes = tuple(schemes)
        self._wanted = ports or Ports()
        self._fast = fast
        self._report = report
        self._exit = ExitStack()
        self._children: dict[str, Child] = {}
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        with ExitStack() as started:
            self._directory = DataDirectory.claim(self._data)
            started.callback(self._directory.release)
            self._passwords = self._directory.passwords(USERS)
            if self._sources_file is None or self._readers_file is None:
                write_credentials(self._directory.path, self._schemes)
            (self._data / ADDRESSES).unlink(missing_ok=True)  # Of a launcher that was killed.
            started.callback(self._forget)
            self._start_servers(started)
            if self._services:
                self._prepare()
                started.callback(self._stop_service, "ingest")
                started.callback(self._stop_service, "ledger")
                self._start_services("ingest", "ledger")
            everything = {**self.environment("ingest"), **self.environment("operator")}
            write_operator(self._directory.path, everything)
            started.callback((self._data / ADDRESSES).unlink)
            write_private(self._data / ADDRESSES, json.dumps(self.addresses, indent=2) + "\n")
            self._exit = started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._exit.close()

    @property
    def ingest_url(self) -> str:
        return f"http://{HOST}:{self._ports['ingest']}"

    @property
    def ledger_url(self) -> str:
        return f"http://{HOST}:{self._ports['ledger']}"

    @property
    def tokens_file(self) -> Path:
        """One token to send and one to read for each scheme, where they were made here."""
        return self._directory.path / TOKENS

    @property
    def sources_file(self) -> Path:
        return (self._sources_file or self._directory.path / SOURCES).absolute()

    @property
    def readers_file(self) -> Path:
        return (self._readers_file or self._directory.path / READERS).absolute()

    @property
    def postgres_url(self) -> str:
        """SQLAlchemy's form, with the driver psycopg."""
        return self._postgres.url

    def nats_url(self, user: str) -> str:
        """With the user's password in it."""
        address = self._nats.url.removeprefix("nats://")
        return f"nats://{user}:{self._passwords[user]}@{address}"

    @property
    def addresses(self) -> dict[str, str]:
        servers = {"nats": self._nats.url, "database": self.postgres_url}
        if not self._services:
            return servers
        return {"ledger": self.ledger_url, "ingest": self.ingest_url, **servers}

    def environment(self, user: str) -> dict[str, str]:
        """What a command of the services reads to reach these servers as that NATS user."""
        return {
            "JIFEN_NATS_URL": self._nats.url,
            "JIFEN_NATS_USER": user,
            "JIFEN_NATS_PASSWORD": self._passwords[user],
            "JIFEN_HTTP_HOST": HOST,
            "JIFEN_SCHEMES": ",".join(self._schemes),
        } | (
            {"JIFEN_SOURCES_FILE": str(self.sources_file)}
            if user == "ingest"
            else {
                "JIFEN_DATABASE_URL": self.postgres_url,
                "JIFEN_READERS_FILE": str(self.readers_file),
                "JIFEN_LOG_ORIGIN": LOG_ORIGIN,
                "JIFEN_LOG_KEY_DIR": str(self._directory.directory("log-keys")),
                "JIFEN_LOG_ANCHOR_DIR": str(self._directory.directory("log-anchors")),
                # Started again after a crash, it need not wait for its own leases to run out.
                "JIFEN_WORKER": "local",
            }
        )

    def run(self, module: str, *arguments: str, user: str) -> str:
        """Runs a command of a service to its end and returns what it printed."""
        done = subprocess.run(
            _python(module, *arguments),
            cwd=self._directory.path,
            env={**os.environ, **self.environment(user)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_DEADLINE_S,
        )
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise StartFailed(f"{module} {' '.join(arguments)} failed: {' '.join(last)}")
        return done.stdout

    def start_ingest(self) -> None:
        """Returns when ingest is ready."""
        self._start_services("ingest")

    def kill_ingest(self) -> None:
        self._children.pop("ingest").kill()

    def start_ledger(self) -> None:
        """Returns when the ledger is ready."""
        self._start_services("ledger")

    def kill_ledger(self) -> None:
        """As a crash would: no goodbye."""
        self._children.pop("ledger").kill()

    def ended(self) -> Child | None:
        """A child that ended though nobody asked it to."""
        return next((child for child in self._children.values() if not child.alive()), None)

    def _choose_port(self, name: str) -> None:
        # As late as possible: until the child listens, anyone else may take it.
        wanted: int = getattr(self._wanted, name)
        self._ports[name] = free_port(wanted)
        if wanted not in (0, self._ports[name]):
            self._report(f"Port {wanted} is taken; {name} listens on {self._ports[name]}")

    def _start_servers(self, started: ExitStack) -> None:
        begin = time.monotonic()
        self._postgres: PostgresServer = start_postgres(
            self._directory.path / "postgres", fast=self._fast
        )
        started.callback(self._postgres.stop)
        self._ready("postgres", self._postgres.child, begin)
        begin = time.monotonic()
        self._choose_port("nats")
        self._nats: NatsServer = start_nats(
            self._directory.path / "nats",
            port=self._ports["nats"],
            passwords=self._passwords,
            fast=self._fast,
        )
        started.callback(self._nats.stop)
        self._ready("nats", self._nats.child, begin)

    def _prepare(self) -> None:
        protection = "--erasable-for-tests" if self._fast else "--production"
        begin = time.monotonic()
        # Each command is mostly the start of a Python, so they start together.
        with ThreadPoolExecutor() as pool:
            tables = pool.submit(self.run, "jifen_ledger", "migrate", user="ledger")
            create = ("jifen_ingest", "scheme", "create")
            streams = [
                pool.submit(self.run, *create, scheme, protection, user="operator")
                for scheme in self._schemes
            ]
            tables.result()
            self._step("Tables", begin)
            for stream in streams:
                stream.result()
            self._step("Streams", begin)

    def _start_services(self, *names: str) -> None:
        begin = time.monotonic()
        for name in names:
            if name not in self._ports:
                self._choose_port(name)
            self._children[name] = start_child(
                name.capitalize(),
                _python(f"jifen_{name}", "serve"),
                log=self._directory.directory("log") / f"{name}.log",
                directory=self._directory.path,
                environment={
                    **self.environment(name),
                    "JIFEN_HTTP_PORT": str(self._ports[name]),
                },
            )
        for name in names:
            child = self._children[name]
            wait_until(partial(_serves, child, self._ports[name]), child)
            self._ready(name, child, begin)

    def _stop_service(self, name: str) -> None:
        child = self._children.pop(name, None)
        if child is not None:
            child.stop()

    def _ready(self, name: str, child: Child, begin: float) -> None:
        self._children[name] = child
        record_children(self._directory.path, self._children.values())
        self._step(child.name, begin)

    def _step(self, what: str, begin: float) -> None:
        self._report(f"{what:<11} ready after {time.monotonic() - begin:.1f} s")

    def _forget(self) -> None:
        record_children(self._directory.path, ())


def addresses_of(data: Path) -> dict[str, str]:
    """Where the stack that runs on the directory is found; empty while it starts or stops."""
    try:
        addresses: dict[str, str] = json.loads((data / ADDRESSES).read_bytes())
    except FileNotFoundError:
        return {}
    return addresses


def _serves(child: Child, port: int) -> bool:
    # Someone else may have taken the port meanwhile, and would answer just as well.
    return listens(child.pid, port) and answers(f"http://{HOST}:{port}", "/readyz")


def _python(module: str, *arguments: str) -> list[str]:
    # -P: the working directory is data, never code.
    return [sys.executable, "-P", "-m", module, *arguments]
