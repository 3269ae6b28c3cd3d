"""The tree grows: from its peaks alone, whatever its size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Self

from jifen_ledger.log.hashes import EMPTY_ROOT, HASH_BYTES, leaf_hashes, node_hash, parents

# Hashes of every eighth level are stored, those of the leaves among them (tlog.md §3.2).
STORED_LEVELS: Final = 8


class Node(NamedTuple):
    """A stored node: the root of the leaves [idx << 8*tile_level, (idx + 1) << 8*tile_level)."""

    tile_level: int
    idx: int
    hash: bytes


class Tree(NamedTuple):
    """A tree by its size and peaks: roots of its largest complete subtrees, left to right."""

    size: int
    peaks: tuple[bytes, ...]

    @classmethod
    def of(cls, size: int, joined: bytes) -> Self:
        """Return the tree whose peaks are stored in one piece."""
        assert len(joined) == HASH_BYTES * size.bit_count(), (size, len(joined))
        starts = range(0, len(joined), HASH_BYTES)
        return cls(size, tuple(joined[start : start + HASH_BYTES] for start in starts))

    @property
    def joined(self) -> bytes:
        """The peaks in one piece."""
        return b"".join(self.peaks)

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = node_hash(peak, root)
        return root


EMPTY_TREE: Final = Tree(0, ())


class Growth(NamedTuple):
    """What entries made of a tree: their leaf hashes, the stored nodes above, the tree."""

    leaves: Sequence[bytes]
    nodes: Sequence[Node]
    tree: Tree


def growth_by(tree: Tree, entries: Iterable[bytes]) -> Growth:
    """Return what further entries make of the tree."""
    leaves = leaf_hashes(entries)
    after, nodes = grown(tree, leaves)
    return Growth(leaves, nodes, after)


def grown(tree: Tree, leaves: Sequence[bytes]) -> tuple[Tree, list[Node]]:
    """Return the tree with further leaf hashes, and the stored nodes above them, completed by them.

    One pass for each level: nodes are hashed in the same loops, however many leaves come at once.
    """
    if not leaves:
        return tree, []
    levels = [level for level in range(tree.size.bit_length()) if tree.size >> level & 1]
    peaks = dict(zip(reversed(levels), tree.peaks, strict=True))
    nodes: list[Node] = []
    hashes, first, level = list(leaves), tree.size, 0
    while hashes:
        if level and not level % STORED_LEVELS:
            tile_level = level // STORED_LEVELS
            nodes += [Node(tile_level, first + place, one) for place, one in enumerate(hashes)]
        if first & 1:
            # The neighbour to the left has waited as a peak.
            hashes.insert(0, peaks.pop(level))
            first -= 1
        if len(hashes) & 1:
            peaks[level] = hashes[-1]
        hashes, first, level = parents(hashes), first >> 1, level + 1
    size = tree.size + len(leaves)
    return Tree(size, tuple(peaks[level] for level in sorted(peaks, reverse=True))), nodes
