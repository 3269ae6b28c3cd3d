"""A log on disk: signed after a backlog and as it grows, exported, verified, asked for proofs."""

import asyncio
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jifen_ledger.adapters.log_export import export_log
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.ranges import consistency_ranges, inclusion_ranges, spans_of
from jifen_ledger.log.tiles import TILE_WIDTH
from tests.benchmarks.log_rows import Row, each_s, time_row
from tests.support.go_verifier import build_go_verifier, verified_by_go
from tests.support.log_serving import ServedLog, served_log
from tests.support.people import SCHEME
from tests.support.projecting import GrowingStream
from tests.support.signing import query, refused
from tests.support.stranger import verify

BATCH: Final = 5_000
NEW: Final = 256
READS: Final = 300
BACKLOG: Final = 65_536


async def stored_rows(url: str, directory: Path, backlog: int, rounds: int) -> list[Row]:
    """Project refusals, which cost little, and measure what the log makes of them."""
    stream = GrowingStream(refused(backlog + 1 + rounds * NEW))
    async with served_log(url, directory) as served:
        log = served.log
        stream.upto = backlog
        await log.project_from(stream, BATCH)
        with _timed() as first:
            await log.use_case.sign()
        stream.upto = backlog + 1
        await log.project_from(stream)
        await log.sign()
        rows = [_backlog_row(url, backlog, first[0])]
        vkey = log.status.keys[0].text
        out = directory / "export"
        with _timed() as exporting:
            await asyncio.to_thread(export_log, url, SCHEME, out, None)
        rows.append(Row(f"export {backlog + 1:,} records", "", f"{exporting[0]:.1f} s"))
        rows += await asyncio.to_thread(_verified, out, vkey, directory)
        # As the server does by itself a minute after such a load.
        query(url, "ANALYZE")
        rows += await _reads(served, backlog)
        signing = []
        for _ in range(rounds):
            stream.upto += NEW
            await log.project_from(stream)
            with _timed() as one:
                await log.use_case.sign()
            signing.append(one[0])
        return [*rows, _new_row(url, signing)]


def _backlog_row(url: str, backlog: int, took_s: float) -> Row:
    target_s = 5 * backlog / BACKLOG
    limit_s = _hashing(url, backlog)
    return time_row(
        f"sign {backlog:,} new records at once; limit: their leaf hashes",
        f"{limit_s:.2f} s",
        took_s,
        *(target_s, "s"),
    )


def _new_row(url: str, signing: list[float]) -> Row:
    key, text = Ed25519PrivateKey.generate(), b"x" * 100
    limit_s = each_s(lambda: key.sign(text)) + _hashing(url, NEW)
    # With fewer rounds than a hundred the slowest is more than that.
    slowest = max(signing) if len(signing) < 100 else statistics.quantiles(signing, n=100)[98]
    return time_row(
        f"sign {NEW} new records, all checks and the disk, p99 of {len(signing)}; limit: their"
        " leaf hashes and one Ed25519",
        f"{limit_s * 1e3:.2f} ms",
        slowest * 1e3,
        *(50, "ms"),
    )


def _hashing(url: str, records: int) -> float:
    rows = query(url, "SELECT bytes FROM record ORDER BY seq LIMIT %s", records)
    entries = [bytes(entry) for (entry,) in rows]
    began = process_time()
    leaf_hashes(entries)
    return process_time() - began


def _verified(out: Path, vkey: str, directory: Path) -> Iterator[Row]:
    with _timed() as own:
        size, _ = verify(lambda path: (out / path).read_bytes(), vkey)
    yield Row(f"a stranger verifies {size:,} records", "", f"{own[0]:.1f} s")
    program = build_go_verifier(directory)
    if program is not None:
        with _timed() as go:
            said = verified_by_go(program, vkey, str(out))
        yield Row(f"Go's packages: {said}", "", f"{go[0]:.1f} s")


async def _reads(served: ServedLog, size: int) -> list[Row]:
    rows = []
    none_ms = await _p99_ms(served, ["checkpoint"] * READS)
    for kind, path, ranges in (
        ("inclusion", "proof/inclusion?index={}", inclusion_ranges),
        ("consistency", "proof/consistency?old={}", consistency_ranges),
    ):
        numbers = [one * 317 % size for one in range(READS)]
        p99_ms = await _p99_ms(served, [path.format(one) for one in numbers])
        reads = max(
            len(
                {
                    (span.tile_level, span.first // TILE_WIDTH)
                    for span in spans_of(ranges(one, size))
                }
            )
            for one in numbers
        )
        rows.append(
            time_row(
                f"{kind} proof over HTTP from PostgreSQL, {size:,} records, at most {reads} tiles,"
                " p99; limit: the checkpoint alone",
                f"{none_ms:.1f} ms",
                p99_ms,
                *(25, "ms"),
            )
        )
    return rows


async def _p99_ms(served: ServedLog, paths: list[str]) -> float:
    took = []
    for path in paths:
        with _timed() as one:
            answer = await served.get(path)
        assert answer.is_success, answer.text
        took.append(one[0])
    return statistics.quantiles(took, n=100)[98] * 1e3


@contextmanager
def _timed() -> Iterator[list[float]]:
    seconds: list[float] = []
    began = perf_counter()
    yield seconds
    seconds.append(perf_counter() - began)
