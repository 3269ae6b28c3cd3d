"""How fast ingest takes events, every answer on disk, against limits of the same run.

Servers and broker run as in production; this process makes the load. The limits are the client
library alone (atomic batches one after the other, group commit without a door) and the HTTP
server answering at once.
"""

import argparse
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import nats
import uvloop

from jifen_ingest.adapters.streams import create_streams
from jifen_local.servers import start_nats
from tests.benchmarks.bare_publish import bare_batches, bare_group_commit
from tests.benchmarks.http_load import Load, send
from tests.benchmarks.ingest_doors import Door, opened_doors
from tests.benchmarks.ingest_told import Run, targets_of, told
from tests.benchmarks.report import tell
from tests.benchmarks.sending import SCHEME, Sender

BATCH: Final = 1_000
BATCH_CONNECTIONS: Final = 4
FEW: Final = 64
MANY: Final = 256
# Publishing once for each event is slow, and a quarter of the events tells how slow.
ONE_PUBLISH_PART: Final = 4


@dataclass(frozen=True, slots=True)
class Bench:
    nats_url: str
    doors: Mapping[str, Door]
    events: int
    sender: Sender = field(default_factory=Sender)

    async def batches_bare(self) -> Run:
        entries = self.sender.entries(3 * self.events)
        return _run(len(entries), await bare_batches(self.nats_url, entries, BATCH))

    async def batches(self) -> Run:
        door = self.doors["ingest"]
        requests = self.sender.batches(door.url, 3 * self.events // BATCH, BATCH)
        return await _sent(door, requests, BATCH_CONNECTIONS, BATCH)

    async def group_commit_bare(self) -> Run:
        entries = self.sender.entries(self.events)
        return _run(len(entries), await bare_group_commit(self.nats_url, entries, MANY))

    async def singles(self, name: str, connections: int) -> Run:
        door = self.doors[name]
        events = self.events // (ONE_PUBLISH_PART if name == "one_publish" else 1)
        return await _sent(door, self.sender.singles(door.url, events), connections, 1)

    async def over_nats(self) -> Run:
        door = self.doors["ingest"]
        before = door.cpu_s()
        load = await self.sender.over_nats(self.nats_url, self.events, MANY)
        return _run(self.events, load, door.cpu_s() - before)


WAYS: Final[Mapping[str, Callable[[Bench], Coroutine[Any, Any, Run]]]] = {
    "batches_bare": Bench.batches_bare,
    "batches": Bench.batches,
    "group_commit_bare": Bench.group_commit_bare,
    "singles_256": lambda bench: bench.singles("ingest", MANY),
    "no_op_256": lambda bench: bench.singles("no_op", MANY),
    "one_publish_256": lambda bench: bench.singles("one_publish", MANY),
    "singles_64": lambda bench: bench.singles("ingest", FEW),
    "one_publish_64": lambda bench: bench.singles("one_publish", FEW),
    "over_nats": Bench.over_nats,
}


def main() -> None:
    options = _options()
    ways = {name: way for name, way in WAYS.items() if name in (options.only or WAYS)}
    runs: dict[str, list[Run]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as temporary:
        directory = Path(temporary)
        with (
            _broker(directory, fast=options.fast) as url,
            opened_doors(url, directory) as doors,
        ):
            bench = Bench(url, doors, options.events)
            for _ in range(options.rounds):
                for name, way in ways.items():
                    run = uvloop.run(way(bench))
                    runs[name].append(run)
                    print(f"{name:>18}: {_line(run)}", flush=True)
    if options.only:
        return
    text = told(runs, options.events, options.rounds, fast=options.fast)
    tell("Ingest, to durable answers", text, targets_of(runs), dry=options.dry)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.ingest", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="single events of one run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, one after the other")
    parser.add_argument("--only", nargs="*", choices=WAYS, help="these ways alone, no report")
    parser.add_argument("--fast", action="store_true", help="a broker without fsync")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    return parser.parse_args()


@contextmanager
def _broker(directory: Path, *, fast: bool) -> Iterator[str]:
    broker = start_nats(directory / "nats", fast=fast)
    try:
        uvloop.run(_make_streams(broker.url))
        yield broker.url
    finally:
        broker.stop()


async def _make_streams(url: str) -> None:
    client = await nats.connect(url)
    await create_streams(client, SCHEME, replicas=1, erasable=True)
    await client.close()


async def _sent(door: Door, requests: list[bytes], connections: int, size: int) -> Run:
    before = door.cpu_s()
    load = await send(door.url, requests, connections)
    return _run(len(requests) * size, load, door.cpu_s() - before)


def _run(events: int, load: Load, cpu_s: float = 0.0) -> Run:
    return Run(
        events / load.seconds,
        cpu_s * 1e6 / events,
        load.quantile_ms(0.50),
        load.quantile_ms(0.99),
    )


def _line(run: Run) -> str:
    return (
        f"{run.rate:9,.0f} events/s, server {run.cpu_us:5.1f} us CPU an event, "
        f"a request p50 {run.p50_ms:.1f} ms, p99 {run.p99_ms:.1f} ms"
    )


if __name__ == "__main__":
    main()
