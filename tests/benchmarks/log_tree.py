"""A large tree in memory, in a process of its own: built, proved from, and how much that holds."""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from random import Random
from typing import Final, TypeVar

import orjson
import psutil

from jifen_ledger.log.hashes import HASH_BYTES
from jifen_ledger.log.proofs import verify_consistency, verify_inclusion
from jifen_ledger.log.ranges import (
    consistency_ranges,
    inclusion_ranges,
    range_hashes,
    spans_of,
)
from jifen_ledger.log.tiles import TILE_WIDTH
from jifen_ledger.log.tree import EMPTY_TREE, Tree, grown
from tests.benchmarks.log_rows import Row, time_row

Found = TypeVar("Found")

AT_ONCE: Final = 65_536
PROOFS: Final = 1_000
TILES_MAX: Final = 6


class Tiles(Mapping[tuple[int, int], bytes]):
    """All tiles of a tree, each level in one piece."""

    def __init__(self) -> None:
        self.levels: dict[int, bytearray] = {}

    def add(self, level: int, hashes: list[bytes]) -> None:
        self.levels.setdefault(level, bytearray()).extend(b"".join(hashes))

    def __getitem__(self, place: tuple[int, int]) -> bytes:
        level, index = place
        return bytes(self.levels[level][HASH_BYTES * index : HASH_BYTES * (index + 1)])

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for level, hashes in self.levels.items():
            yield from ((level, index) for index in range(len(hashes) // HASH_BYTES))

    def __len__(self) -> int:
        return sum(len(hashes) // HASH_BYTES for hashes in self.levels.values())


def tree_rows(leaves: int) -> Iterator[Row]:
    """Measure in a process of its own, so that what it holds is the tree's alone."""
    command = [sys.executable, "-m", "tests.benchmarks.log_tree", str(leaves)]
    found = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    of = f"{leaves:,} leaf hashes"
    limit = f"{found['hashing_s']:.1f} s"
    yield time_row(
        f"all tiles and the root of {of}; limit: as many SHA-256 of 64 bytes",
        limit,
        found["built_s"],
        *(15, "s"),
    )
    yield time_row("memory of that process, all tiles in it", "", found["held_mb"], 700, "MB", 0)
    for kind in ("inclusion", "consistency"):
        p99_ms, reads = found[f"{kind}_ms"], found[f"{kind}_reads"]
        yield time_row(f"{kind} proof among {of}, p99", "", p99_ms, 2, "ms", 2)
        yield time_row("tiles read for it, the most", "", reads, TILES_MAX, "tiles", 0)
        checked_ms = found[f"{kind}_checked_ms"]
        yield time_row(f"verify that {kind} proof, p99", "", checked_ms, 0.1, "ms", 3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.log_tree", description=__doc__)
    parser.add_argument("leaves", type=int)
    size: int = parser.parse_args().leaves
    tiles, tree, built_s = _built(size)
    held_mb = psutil.Process().memory_info().rss / 1024**2
    found = {"built_s": built_s, "held_mb": held_mb, "hashing_s": _hashing(size)}
    found |= _inclusion(tiles, tree) | _consistency(tiles, tree)
    print(orjson.dumps(found).decode())


def _built(size: int) -> tuple[Tiles, Tree, float]:
    tiles, tree, took = Tiles(), EMPTY_TREE, 0.0
    while tree.size < size:
        drawn = os.urandom(HASH_BYTES * min(AT_ONCE, size - tree.size))
        leaves = [drawn[at : at + HASH_BYTES] for at in range(0, len(drawn), HASH_BYTES)]
        began = time.process_time()
        tree, nodes = grown(tree, leaves)
        tiles.add(0, leaves)
        for level in {node.tile_level for node in nodes}:
            tiles.add(level, [node.hash for node in nodes if node.tile_level == level])
        took += time.process_time() - began
    return tiles, tree, took


def _hashing(size: int) -> float:
    pair, least = os.urandom(2 * HASH_BYTES), min(size, 1_000_000)
    began = time.process_time()
    for _ in range(least):
        sha256(pair).digest()
    return (time.process_time() - began) * size / least


def _inclusion(tiles: Tiles, tree: Tree) -> dict[str, float]:
    random = Random(7)
    made, checked, reads = [], [], 0
    for _ in range(PROOFS):
        index = random.randrange(tree.size)
        ranges = inclusion_ranges(index, tree.size)
        proof, made_s = _timed(partial(range_hashes, ranges, tiles))
        leaf = tiles[0, index]
        good, checked_s = _timed(
            partial(verify_inclusion, leaf, index, tree.size, proof, tree.root)
        )
        assert good
        made.append(made_s)
        checked.append(checked_s)
        reads = max(reads, _tiles_of(ranges))
    return _p99("inclusion", made, checked, reads)


def _consistency(tiles: Tiles, tree: Tree) -> dict[str, float]:
    random = Random(8)
    made, checked, reads = [], [], 0
    for _ in range(PROOFS):
        old = random.randrange(1, tree.size)
        old_root = range_hashes([(0, old)], tiles)[0]
        ranges = consistency_ranges(old, tree.size)
        proof, made_s = _timed(partial(range_hashes, ranges, tiles))
        good, checked_s = _timed(
            partial(verify_consistency, old, tree.size, old_root, tree.root, proof)
        )
        assert good
        made.append(made_s)
        checked.append(checked_s)
        reads = max(reads, _tiles_of(ranges))
    return _p99("consistency", made, checked, reads)


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    began = time.process_time()
    return work(), time.process_time() - began


def _tiles_of(ranges: list[tuple[int, int]]) -> int:
    return len({(span.tile_level, span.first // TILE_WIDTH) for span in spans_of(ranges)})


def _p99(kind: str, made: list[float], checked: list[float], reads: int) -> dict[str, float]:
    slowest = [statistics.quantiles(one, n=100)[98] * 1e3 for one in (made, checked)]
    return {
        f"{kind}_ms": slowest[0],
        f"{kind}_checked_ms": slowest[1],
        f"{kind}_reads": reads,
    }


if __name__ == "__main__":
    main()
