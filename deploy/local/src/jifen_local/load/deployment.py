"""A deployment by compose files: where its doors are, who may come in, killing and starting."""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jifen_local.children import StartFailed
from jifen_local.nats_users import role_of

COMMAND_DEADLINE_S = 300.0
HEALTHY_WITHIN_S = 300.0
CATCHES_UP_S = 10.0
DOWN_S = 1.0
_POLL_S = 0.1
INGEST_PORT, LEDGER_PORT, NATS_PORT = 8080, 8081, 4222
# Where there is a proxy, it has all three doors.
PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What `docker compose up` started from these files."""

    files: tuple[Path, ...]
    shown: dict[str, Any]
    services: frozenset[str]

    @classmethod
    def of(cls, files: Sequence[Path]) -> "Deployment":
        """Return the deployment that runs. Raises StartFailed."""
        found = tuple(files)
        services = _compose(found, "ps", "--services").split()
        shown = json.loads(_compose(found, "run", "--rm", "-T", "setup", "show"))
        return cls(found, shown, frozenset(services))

    @property
    def ingest_url(self) -> str:
        """Where events are sent over HTTP."""
        return f"http://{self._address('ingest', INGEST_PORT)}"

    @property
    def ledger_url(self) -> str:
        """Where the ledger answers."""
        return f"http://{self._address('ledger', LEDGER_PORT)}"

    def nats_url(self, user: str) -> str:
        """Where NATS is, with the user's password."""
        passwords = self.shown["passwords"]
        # While a password is changed the newer one stands below.
        name = next(name for name in reversed(passwords) if role_of(name) == user)
        return f"nats://{name}:{passwords[name]}@{self._address('nats', NATS_PORT)}"

    def reader(self, scheme: str) -> str:
        """Return the auditor's token that came with the scheme."""
        token: str = self.shown["tokens"][scheme]["read"]
        return token

    def admit(self, whom: str, stanzas: str) -> None:
        """Add senders or readers; the services read the files again by themselves."""
        _compose(self.files, "run", "--rm", "-T", "setup", "admit", whom, given=stanzas)

    def kill(self, service: str) -> bool:
        """As a crash would, and start it again; return whether it is ready. Raises StartFailed.

        A ledger that is far behind is not ready, and the load goes on meanwhile.
        """
        container = _compose(self.files, "ps", "--all", "--quiet", service).strip()
        _docker("kill", "--signal", "KILL", container)
        time.sleep(DOWN_S)
        _docker("start", container)
        behind = service.startswith("ledger")
        deadline = time.monotonic() + (CATCHES_UP_S if behind else HEALTHY_WITHIN_S)
        asked = "{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}"
        while _docker("inspect", "--format", asked, container).strip() not in _WELL:
            if time.monotonic() > deadline:
                if behind:
                    return False
                raise StartFailed(f"{service} did not become healthy again")
            time.sleep(_POLL_S)
        return True

    def _address(self, service: str, port: int) -> str:
        where = PROXY if PROXY in self.services else service
        address = _compose(self.files, "port", where, str(port)).strip()
        assert urlsplit(f"//{address}").port, address
        return address


_WELL = frozenset({"healthy", "running"})


def _compose(files: Sequence[Path], *arguments: str, given: str | None = None) -> str:
    named = [part for file in files for part in ("--file", str(file))]
    return _docker("compose", *named, *arguments, given=given)


def _docker(*arguments: str, given: str | None = None) -> str:
    try:
        done = subprocess.run(
            ["docker", *arguments],  # noqa: S607 - whichever the operator has
            input="" if given is None else given,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_DEADLINE_S,
        )
    except FileNotFoundError:
        raise StartFailed("there is no docker command") from None
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise StartFailed(f"docker {' '.join(arguments)} failed: {' '.join(said)}")
    return done.stdout
