"""What the verifiable log costs, each figure beside its target of tlog.md §15.

The log is a real one: records projected into PostgreSQL, signed, served and exported; where Go is
there, its packages verify the export.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.composition.process import spare_collector
from jifen_ledger.domain.outcome import Record
from jifen_local.servers import start_postgres
from tests.benchmarks.log_audit import audit_rows
from tests.benchmarks.log_bytes import bytes_rows
from tests.benchmarks.log_covered import covered_row
from tests.benchmarks.log_rows import HEAD, Row, target_of
from tests.benchmarks.log_share import share_rows
from tests.benchmarks.log_stored import stored_rows
from tests.benchmarks.log_tree import tree_rows
from tests.benchmarks.log_writing import writing_rows
from tests.benchmarks.report import tell
from tests.benchmarks.year import stored_year
from tests.support.projecting import folded
from tests.support.servers import new_database

# So many records of the year are enough to be many different ones.
FOLDED: Final = 20_000


def main() -> None:
    options = _options()
    spare_collector()
    year = stored_year()
    _, records = folded(year[: min(FOLDED, options.events)])
    rows = list(_measured(options, year, records))
    fsync = "off" if options.fast else "on"
    text = "\n".join(
        [
            f"In memory CPU time, the rest by the clock; fsync {fsync}.",
            "",
            *HEAD,
            *(row.text for row in rows),
        ]
    )
    # Targets are those of the whole load, on a disk.
    whole = not options.fast and options.records == 1_000_000
    tell("The verifiable log", text, [target_of(rows)] if whole else (), dry=options.dry)


def _measured(
    options: argparse.Namespace, year: Sequence[bytes], records: Sequence[Record]
) -> Iterator[Row]:
    yield from _part("bytes and hashes", bytes_rows(year))
    yield from _part(f"a tree of {options.leaves:,} leaves", tree_rows(options.leaves))
    yield from _part(f"{len(records):,} records written", _written(records, fast=options.fast))
    stored = _stored(options.backlog, options.rounds, fast=options.fast)
    yield from _part(f"a log of {options.backlog:,} records on disk", stored)
    yield from _part("until a checkpoint covers it", _covered(options.seconds, fast=options.fast))
    share = share_rows(year[: options.events], options.turns, fast=options.fast)
    yield from _part("with the log and without it", share)
    yield from _part("an audit", _audited(records, options.records))


def _part(what: str, rows: Iterable[Row]) -> Iterator[Row]:
    print(f"\n-- {what}", flush=True)
    for row in rows:
        print(row.text, flush=True)
        yield row


def _written(records: Sequence[Record], *, fast: bool) -> Iterator[Row]:
    with _database(fast=fast) as (url, _):
        yield from asyncio.run(writing_rows(url, records))


def _stored(backlog: int, rounds: int, *, fast: bool) -> Iterator[Row]:
    with _database(fast=fast) as (url, directory):
        yield from asyncio.run(stored_rows(url, directory, backlog, rounds))


def _covered(seconds: int, *, fast: bool) -> Iterator[Row]:
    yield covered_row(seconds, fast=fast)


def _audited(records: Sequence[Record], size: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        yield from audit_rows(records, size, Path(name))


@contextmanager
def _database(*, fast: bool) -> Iterator[tuple[str, Path]]:
    """A server of its own with an empty ledger, and a directory."""
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        # PostgreSQL, started by root, runs as another user and has to pass.
        directory.chmod(0o711)
        postgres = start_postgres(directory / "postgres", fast=fast)
        try:
            with new_database(postgres.url) as url:
                upgrade(url)
                yield url, directory
        finally:
            postgres.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.log", description=__doc__)
    parser.add_argument("--leaves", type=int, default=10_000_000, help="of the tree in memory")
    parser.add_argument("--backlog", type=int, default=65_536, help="records signed at once")
    parser.add_argument("--rounds", type=int, default=100, help="signings of a few records")
    parser.add_argument("--seconds", type=int, default=20, help="of a steady rate of events")
    parser.add_argument("--events", type=int, default=40_000, help="projected in turns")
    parser.add_argument("--turns", type=int, default=3, help="with the log and without it")
    parser.add_argument("--records", type=int, default=1_000_000, help="of the audited export")
    parser.add_argument("--fast", action="store_true", help="servers without fsync")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    return parser.parse_args()


if __name__ == "__main__":
    main()
