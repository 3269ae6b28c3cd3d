"""The test vectors of tlog.md, and the keys whose seeds they publish."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.keys import Algorithm, SigningKey
from jifen_ledger.log.ranges import Stored
from jifen_ledger.log.tree import EMPTY_TREE, Tree, grown

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8")
)
ORIGIN = "ledger.example/points"
LOG = SigningKey(ORIGIN, bytes.fromhex(VECTORS["log_seed"]))
WITNESS = SigningKey(
    "witness.example/w1", bytes.fromhex(VECTORS["witness_seed"]), Algorithm.COSIGNATURE
)
MINI_LOG = SigningKey(VECTORS["mini_origin"], bytes.fromhex(VECTORS["log_seed"]))


def grown_log(entries: list[bytes]) -> tuple[Tree, Stored]:
    """The tree of the entries, and all hashes that a log stores of it."""
    leaves = leaf_hashes(entries)
    tree, nodes = grown(EMPTY_TREE, leaves)
    stored = {(0, index): leaf for index, leaf in enumerate(leaves)}
    return tree, stored | {(node.tile_level, node.idx): node.hash for node in nodes}


@cache
def big_log(size: int) -> tuple[Tree, Stored]:
    """The tree of A.2."""
    return grown_log([b"entry-%d" % number for number in range(size)])
