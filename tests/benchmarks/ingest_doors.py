"""The server processes that are compared: ingest, and its peers."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from jifen_local.children import start_child, wait_until
from jifen_local.ports import HOST, free_port, listens
from tests.benchmarks.sending import SCHEME
from tests.integration.ingest_service import write_sources

ROOT = Path(__file__).parents[2]
PEERS = ("one_publish", "no_op")


@dataclass(frozen=True, slots=True)
class Door:
    url: str
    process: psutil.Process

    def cpu_s(self) -> float:
        """Return the CPU time that the server has used, user and system."""
        times = self.process.cpu_times()
        return times.user + times.system


@contextmanager
def opened_doors(nats_url: str, directory: Path) -> Iterator[Mapping[str, Door]]:
    """Start ingest and its peers, by name; they stop at the end."""
    sources = directory / "sources.toml"
    write_sources(sources, SCHEME)
    sources.write_text(sources.read_text().partition('[[credential]]\nname = "elsewhere"')[0])
    environment = {
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_SOURCES_FILE": str(sources),
        "PYTHONPATH": str(ROOT),
    }
    with ExitStack() as opened:
        yield {
            "ingest": opened.enter_context(
                _door("ingest", ["jifen_ingest", "serve"], directory, environment)
            )
        } | {
            peer: opened.enter_context(
                _door(peer, ["tests.benchmarks.ingest_peers", peer], directory, environment)
            )
            for peer in PEERS
        }


@contextmanager
def _door(
    name: str, command: Sequence[str], directory: Path, environment: Mapping[str, str]
) -> Iterator[Door]:
    port = free_port()
    child = start_child(
        name,
        [sys.executable, "-m", *command],
        log=directory / f"{name}.log",
        directory=directory,
        environment={**environment, "JIFEN_HTTP_PORT": str(port)},
    )
    try:
        wait_until(lambda: listens(child.pid, port), child)
        yield Door(f"http://{HOST}:{port}", psutil.Process(child.pid))
    finally:
        child.stop()
