"""What the verifiable log costs, each figure beside its target of tlog.md §15.

The log is a real one: records projected into PostgreSQL, signed, served and exported; where
Go is there, its packages verify the export.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jifen_ledger.adapters.log_export import export_log
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.composition.process import spare_collector
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.proofs import verify_inclusion
from jifen_ledger.log.ranges import inclusion_ranges, range_hashes
from jifen_ledger.log.tree import EMPTY_TREE, grown
from jifen_local.servers import start_postgres
from tests.benchmarks.report import tell
from tests.support.go_verifier import build_go_verifier, verified_by_go
from tests.support.log_serving import ServedLog, served_log
from tests.support.people import SCHEME
from tests.support.servers import new_database
from tests.support.signing import query, refused
from tests.support.stranger import verify

RECORD_BYTES = 900
BATCH = 5_000
NEW = 256
READS = 200
MOST_LEAVES = 10_000_000
LINE = "| {} | {} | {} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.log", description=__doc__)
    parser.add_argument("--leaves", type=int, default=1_000_000, help="of the tree in memory")
    parser.add_argument("--backlog", type=int, default=65_536, help="records signed at once")
    parser.add_argument("--rounds", type=int, default=20, help="signings of a few records")
    parser.add_argument("--fast", action="store_true", help="servers without fsync")
    parser.add_argument("--dry", action="store_true", help="leave RESULTS.md alone")
    options = parser.parse_args()
    spare_collector()
    print(f"a tree of {options.leaves:,} leaves in memory", flush=True)
    lines = [*_in_memory(options.leaves)]
    print(f"a log of {options.backlog:,} records on disk", flush=True)
    lines += _stored(options.backlog, options.rounds, fast=options.fast)
    fsync = "off" if options.fast else "on"
    text = "\n".join(
        [
            f"{os.cpu_count()} cores, fsync {fsync}; in memory: CPU time, the rest by the clock.",
            "",
            LINE.format("what", "measured", "target"),
            "| --- | --- | --- |",
            *lines,
        ]
    )
    tell("The verifiable log", text, dry=options.dry)


def _in_memory(leaves_count: int) -> Iterator[str]:
    entries = [os.urandom(RECORD_BYTES) for _ in range(BATCH)]
    hashing = _each_us(lambda: leaf_hashes(entries), BATCH)
    leaves = leaf_hashes(entries)
    appending = _each_us(lambda: grown(EMPTY_TREE, leaves), BATCH)
    yield LINE.format("leaf hash of a 900-byte record", f"{1e6 / hashing:,.0f} / s", "500,000 / s")
    yield LINE.format("append, given the leaf hash", f"{1e6 / appending:,.0f} / s", "1,000,000 / s")
    yield LINE.format("tree and leaf hashes of a batch", f"{hashing + appending:.1f} us", "15 us")
    many = [os.urandom(32) for _ in range(leaves_count)]
    started = time.process_time()
    tree, nodes = grown(EMPTY_TREE, many)
    took = time.process_time() - started
    per_ten_million = took * MOST_LEAVES / leaves_count
    yield LINE.format(f"tree of {leaves_count:,} leaf hashes", f"{took:.1f} s", "")
    yield LINE.format("the same, for 10,000,000", f"{per_ten_million:.0f} s", "15 s")
    stored = {(0, index): leaf for index, leaf in enumerate(many)}
    stored |= {(node.tile_level, node.idx): node.hash for node in nodes}
    index = leaves_count // 3
    proving = _each_us(lambda: range_hashes(inclusion_ranges(index, leaves_count), stored), 1)
    proof = range_hashes(inclusion_ranges(index, leaves_count), stored)
    checking = _each_us(
        lambda: verify_inclusion(many[index], index, leaves_count, proof, tree.root), 1
    )
    yield LINE.format("inclusion proof in memory", f"{proving / 1_000:.2f} ms", "2 ms")
    yield LINE.format("verify it", f"{checking / 1_000:.3f} ms", "0.1 ms")


def _stored(backlog: int, rounds: int, *, fast: bool) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        postgres = start_postgres(directory / "postgres", fast=fast)
        try:
            with new_database(postgres.url) as url:
                upgrade(url)
                return asyncio.run(_live(url, directory, backlog, rounds))
        finally:
            postgres.stop()


async def _live(url: str, directory: Path, backlog: int, rounds: int) -> list[str]:
    payloads = refused(backlog + 1 + rounds * NEW)
    async with served_log(url, directory) as served:
        log = served.log
        await log.project(payloads[:backlog], BATCH)
        with _timed() as first:
            await log.use_case.sign()
        await log.project(payloads[: backlog + 1])
        await log.sign()
        lines = [
            LINE.format(f"sign {backlog:,} new records", f"{first[0]:.1f} s", "5 s for 65,536")
        ]
        vkey = log.status.keys[0].text
        out = directory / "export"
        with _timed() as exporting:
            await asyncio.to_thread(export_log, url, SCHEME, out, None)
        lines.append(LINE.format(f"export {backlog + 1:,} records", f"{exporting[0]:.1f} s", ""))
        lines += await asyncio.to_thread(_verified, out, vkey, directory)
        # As the server does by itself a minute after such a load.
        query(url, "ANALYZE")
        lines += await _reads(served, backlog)
        signing = []
        for round_ in range(1, rounds + 1):
            await log.project(payloads[: backlog + 1 + round_ * NEW])
            with _timed() as one:
                await log.use_case.sign()
            signing.append(one[0])
        lines.append(
            LINE.format("sign 256 new records, the slowest", _ms(max(signing)), "50 ms (p99)")
        )
        return lines


def _verified(out: Path, vkey: str, directory: Path) -> Iterator[str]:
    with _timed() as own:
        size, _ = verify(lambda path: (out / path).read_bytes(), vkey)
    yield LINE.format(f"a stranger verifies {size:,} records", f"{own[0]:.1f} s", "")
    program = build_go_verifier(directory)
    if program is not None:
        with _timed() as go:
            said = verified_by_go(program, vkey, str(out))
        yield LINE.format(f"Go's packages: {said}", f"{go[0]:.1f} s", "")


async def _reads(served: ServedLog, size: int) -> list[str]:
    lines = []
    for what, path in (
        ("inclusion proof over HTTP", "proof/inclusion?index={}"),
        ("consistency proof over HTTP", "proof/consistency?old={}"),
    ):
        took = []
        for number in range(READS):
            with _timed() as one:
                answer = await served.get(path.format(number * 317 % size))
            assert answer.is_success, answer.text
            took.append(one[0])
        slow = statistics.quantiles(took, n=100)[98]
        lines.append(LINE.format(f"{what}, p99", _ms(slow), "25 ms"))
    return lines


def _each_us(work: Callable[[], object], number: int) -> float:
    """Return the least CPU time of a few runs, for each of the number."""
    took = []
    for _ in range(5):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return min(took) * 1e6 / number


@contextmanager
def _timed() -> Iterator[list[float]]:
    seconds: list[float] = []
    started = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - started)


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:.1f} ms"


if __name__ == "__main__":
    main()
