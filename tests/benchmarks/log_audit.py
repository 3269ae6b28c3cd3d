"""`audit verify` of an export as large as years of a plant, made from the records of one year.

The export is one that any verifier takes: the year's records again and again, each with its own
seq, under a tree and signatures that are right, with the balances that they sum to.
"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import orjson
import psutil

from jifen_ledger.application.audit.balances import balances_text
from jifen_ledger.domain.outcome import Record
from jifen_ledger.log.checkpoint import Checkpoint, signed_note
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.keys import Algorithm, SigningKey
from jifen_ledger.log.tiles import (
    TILE_WIDTH,
    Place,
    bundle_of,
    bundle_path,
    entries_of,
    levels_at,
    places_at,
    tile_path,
)
from jifen_ledger.log.tree import EMPTY_TREE, Tree, grown
from tests.benchmarks.log_rows import Row, time_row
from tests.support.people import SCHEME

ORIGIN: Final = f"ledger.example/jifen/{SCHEME}"
WITNESS: Final = "witness.example/w1"
LOOK_EVERY_S: Final = 0.02


class Exported(NamedTuple):
    """A log as files, and what an auditor has from elsewhere."""

    size: int
    directory: Path
    balances: Path
    old: Path
    log_key: str
    witness_key: str


def audit_rows(records: Sequence[Record], size: int, directory: Path) -> Iterator[Row]:
    """Make the export below the directory, and verify it in a process of its own."""
    exported = _export(records, size, directory)
    bare_s = _bare(exported)
    took_s, held_mb = _verified(exported)
    yield time_row(
        f"audit verify of an export of {size:,} records, cosigned, with balances and an older"
        " checkpoint; limit: read, SHA-256 and orjson.loads of the same",
        f"{bare_s:.1f} s",
        took_s,
        *(60, "s"),
    )
    yield time_row("memory of that process", "", held_mb, 1_024, "MB", 0)


def _export(records: Sequence[Record], size: int, directory: Path) -> Exported:
    began = time.perf_counter()
    log, _ = SigningKey.generate(ORIGIN)
    witness, _ = SigningKey.generate(WITNESS, Algorithm.COSIGNATURE)
    out = directory / "export"
    stems = [record.bytes[: record.bytes.rindex(b'"seq":') + len(b'"seq":')] for record in records]
    half = size // 2 // TILE_WIDTH * TILE_WIDTH
    tree, old, upper = EMPTY_TREE, EMPTY_TREE, dict[int, list[bytes]]()
    for place in places_at(size):
        numbers = range(place.first, place.first + place.width)
        entries = [b"%b%d}" % (stems[one % len(stems)], one + 1) for one in numbers]
        leaves = leaf_hashes(entries)
        _write(out / bundle_path(place), bundle_of(entries))
        _write(out / tile_path(0, place), b"".join(leaves))
        tree, nodes = grown(tree, leaves)
        for node in nodes:
            upper.setdefault(node.tile_level, []).append(node.hash)
        old = tree if tree.size == half else old
    for level in levels_at(size)[1:]:
        for place in places_at(size, level):
            _write(out / tile_path(level, place), _tile(upper[level], place))
    time_s = int(datetime.fromisoformat(records[-1].recorded_at).timestamp())
    _write(out / "checkpoint", _note(tree, log, witness, time_s).encode())
    _write(directory / "old", _note(old, log, witness, time_s).encode())
    _write(directory / "balances", _balances(records, size))
    print(f"an export of {size:,} records, made in {time.perf_counter() - began:.0f} s", flush=True)
    keys = (log.verifier.text, witness.verifier.text)
    return Exported(size, out, directory / "balances", directory / "old", *keys)


def _tile(hashes: Sequence[bytes], place: Place) -> bytes:
    return b"".join(hashes[place.first : place.first + place.width])


def _note(tree: Tree, log: SigningKey, witness: SigningKey, time_s: int) -> str:
    checkpoint = Checkpoint(ORIGIN, tree.size, tree.root)
    return signed_note(checkpoint, [log]) + witness.cosign(checkpoint.text, time_s)


def _balances(records: Sequence[Record], size: int) -> bytes:
    rounds, rest = divmod(size, len(records))
    sums: Counter[str] = Counter()
    for place, record in enumerate(records):
        for posting in record.postings:
            sums[posting.account] += posting.delta * (rounds + (place < rest))
    return balances_text(sums.items())


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _bare(exported: Exported) -> float:
    """Return the seconds that no verifier can do without, in this process."""
    began = time.perf_counter()
    for place in places_at(exported.size):
        for entry in entries_of((exported.directory / bundle_path(place)).read_bytes()):
            sha256(b"\x00" + entry).digest()
            orjson.loads(entry)
    return time.perf_counter() - began


def _verified(exported: Exported) -> tuple[float, float]:
    """Return the seconds of the command, and the most memory that it held, in megabytes."""
    command = [sys.executable, "-P", "-m", "jifen_ledger", "audit", "verify"]
    command += ["--dir", str(exported.directory), "--vkey", exported.log_key]
    command += ["--witness", exported.witness_key, "--quorum", "1"]
    command += ["--old", str(exported.old), "--balances", str(exported.balances)]
    began, held = time.perf_counter(), 0
    with subprocess.Popen(command) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            held = max(held, watched.memory_info().rss)
            time.sleep(LOOK_EVERY_S)
    took = time.perf_counter() - began
    assert process.returncode == 0
    return took, held / 1024**2
