"""Where the ledger's own process spends its time while it projects, part by part.

One projection of the year, from the stream to committed rows, with samples of the innermost part
of ours on the stack. What a part calls and what is no part of its own counts for the part.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import uvloop

from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.application.project import Limits
from jifen_ledger.composition.process import spare_collector
from jifen_ledger.domain import fold
from tests.benchmarks.ledger_way import fill, ledger_way, two_servers
from tests.benchmarks.machine import told as machine_told
from tests.benchmarks.report import tell
from tests.benchmarks.runs import Runs
from tests.benchmarks.sampling import sampled
from tests.benchmarks.year import stored_year
from tests.support.servers import new_database

LIBRARIES: Final = ("pydantic", "orjson", "psycopg", "SQLAlchemy", "nats-py", "uvloop")
# By the first words of a module's name; the more particular name comes first.
PARTS: Final[Mapping[str, str]] = {
    "jifen_contracts.record": "fold: record bytes",
    "jifen_contracts.content": "fold: hash of the content",
    "jifen_contracts.events": "reading and validating",
    "jifen_contracts.canonical": "reading and validating",
    "jifen_ledger.domain.needs": "needs",
    "jifen_ledger.domain.wanted": "needs",
    "jifen_ledger.domain.register_needs": "needs",
    "jifen_ledger.domain.people_needs": "needs",
    "jifen_ledger.domain.concern_needs": "needs",
    "jifen_ledger.domain.deciding": "fold: who may decide",
    "jifen_ledger.domain.roles": "fold: who may decide",
    "jifen_ledger.domain.recount": "fold: caps",
    "jifen_ledger.domain.effective_points": "fold: caps",
    "jifen_ledger.domain.settle": "fold: settling",
    "jifen_ledger.domain.figure_moves": "fold: settling",
    "jifen_ledger.domain.incentive": "fold: settling",
    "jifen_ledger.domain.purse": "fold: settling",
    "jifen_ledger.domain.tallies": "fold: tallies for the health check",
    "jifen_ledger.domain.fold": "fold: around the rules",
    "jifen_ledger.log": "tree of the log",
    "jifen_ledger.adapters.loader": "loading",
    "jifen_ledger.adapters.kept_loader": "loading",
    "jifen_ledger.adapters.members": "loading",
    "jifen_ledger.adapters.copying": "encoding and COPY",
    "jifen_ledger.adapters.staging": "encoding and COPY",
    "jifen_ledger.adapters.arrays": "encoding and COPY",
    "jifen_ledger.adapters.kept_writer": "making rows",
    "jifen_ledger.adapters.writer": "making rows",
    "jifen_ledger.adapters.stream": "reading the stream",
    "jifen_ledger.adapters.pulling": "reading the stream",
    "jifen_ledger.application": "batches, around the fold",
    "nats": "reading the stream",
    "sqlalchemy": "SQLAlchemy and driver, outside of ours",
    "psycopg": "SQLAlchemy and driver, outside of ours",
}
RULES: Final = "jifen_ledger.domain.rules."
OURS: Final = "jifen_"
REST: Final = "event loop and the rest"


def main() -> None:
    options = _options()
    if not str(fold.__file__).endswith(".py"):
        print("The fold is compiled: machine code leaves no frames to sample")
        return
    spare_collector()
    payloads = stored_year()[: options.events]
    runs = Runs()
    with two_servers(fast=options.fast) as (nats_url, postgres_url):
        uvloop.run(fill(nats_url, payloads))
        with new_database(postgres_url) as url:
            upgrade(url)
            spare_collector()
            with runs.timed("sampled", len(payloads)), sampled(part_of) as found:
                uvloop.run(ledger_way(nats_url, url, len(payloads), Limits().batch_max))
    text = _told(found, len(payloads), runs.cpu_us("sampled"), fast=options.fast)
    tell("Hot path of the projection: where the microseconds go", text, dry=options.dry)


def part_of(stack: Iterator[str]) -> str:
    """Return the part of the innermost module that is one; libraries count for who calls them."""
    modules = list(stack)
    ours = [module for module in modules if module.startswith(OURS)]
    return next((part for module in [*ours, *modules] if (part := _part(module))), REST)


def _part(module: str) -> str:
    if module.startswith(RULES):
        return f"rule {module.removeprefix(RULES).replace('_', '.', 1)}"
    return next((part for start, part in PARTS.items() if module.startswith(start)), "")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.hot_path", description=__doc__)
    parser.add_argument("--events", type=int, help="so many of the year's first events")
    parser.add_argument("--fast", action="store_true", help="servers without fsync")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    return parser.parse_args()


def _told(found: Counter[str], events: int, cpu_us: float, *, fast: bool) -> str:
    samples = found.total()
    folding = sum(count for part, count in found.items() if part.startswith(("fold", "rule")))
    head = (
        f"{events:,} events of the demo's year, {cpu_us:,.0f} us of CPU an event in the projecting "
        f"process, {folding / samples:.0%} of it in the fold and its rules; {samples:,} samples, "
        f"which the CPU time takes; {machine_told(LIBRARIES, fast=fast)}"
    )
    lines = [
        f"| {part} | {count / samples:.1%} | {cpu_us * count / samples:,.1f} |"
        for part, count in found.most_common()
    ]
    return "\n".join([head, "", "| part | share | us an event |", "| --- | --- | --- |", *lines])


if __name__ == "__main__":
    main()
