"""Which stored hashes give the hash of a range of leaves, and the hash from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from jifen_ledger.log.hashes import parents
from jifen_ledger.log.tree import STORED_LEVELS, Tree

# A range [lo, hi) of leaves.
Range = tuple[int, int]
# Stored hashes by tile level and index; those of level 0 are leaf hashes.
Stored = Mapping[tuple[int, int], bytes]


class Span(NamedTuple):
    """A run of stored hashes."""

    tile_level: int
    first: int
    width: int


def split(size: int) -> int:
    """Return the largest power of two below the size, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that the tree has the leaf: its sibling first."""
    assert 0 <= index < size
    lo, hi = 0, size
    found: list[Range] = []
    while hi - lo > 1:
        middle = lo + split(hi - lo)
        if index < middle:
            found.append((middle, hi))
            hi = middle
        else:
            found.append((lo, middle))
            lo = middle
    return found[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """Return the ranges whose hashes prove that the tree begins with the old one."""
    assert 0 <= old <= size
    if old in (0, size):
        return []
    lo, hi = 0, size
    found: list[Range] = []
    while old != hi:
        middle = lo + split(hi - lo)
        if old <= middle:
            found.append((middle, hi))
            hi = middle
        else:
            found.append((lo, middle))
            lo = middle
    if lo > 0:
        found.append((lo, hi))
    return found[::-1]


def complete_nodes(lo: int, hi: int) -> list[tuple[int, int]]:
    """Return the largest complete subtrees of a range as (level, index), left to right."""
    found = []
    while lo < hi:
        level = (hi - lo).bit_length() - 1
        if lo:
            level = min(level, (lo & -lo).bit_length() - 1)
        found.append((level, lo >> level))
        lo += 1 << level
    return found


def spans_of(ranges: Iterable[Range]) -> list[Span]:
    """Return the stored hashes that the ranges' hashes are made from."""
    return [_span(level, index) for lo, hi in ranges for level, index in complete_nodes(lo, hi)]


def range_hashes(ranges: Iterable[Range], stored: Stored) -> list[bytes]:
    """Return the hash of each range. Raises KeyError where a stored hash is missing."""
    return [
        Tree(hi - lo, tuple(_node(*node, stored) for node in complete_nodes(lo, hi))).root
        for lo, hi in ranges
    ]


def _span(level: int, index: int) -> Span:
    tile_level, above = divmod(level, STORED_LEVELS)
    return Span(tile_level, index << above, 1 << above)


def _node(level: int, index: int, stored: Stored) -> bytes:
    tile_level, first, width = _span(level, index)
    hashes = [stored[tile_level, place] for place in range(first, first + width)]
    while len(hashes) > 1:
        hashes = parents(hashes)
    return hashes[0]
