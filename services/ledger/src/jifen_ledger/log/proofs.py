"""Verifies inclusion and consistency proofs, by the algorithms of RFC 9162."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jifen_ledger.log.hashes import EMPTY_ROOT, HASH_BYTES, node_hash

# A tree of 2^63 entries has no longer paths.
PROOF_HASHES_MAX: Final = 63


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Tell whether the proof shows that the leaf is entry `index` of the tree."""
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            place, last = _up_to_left(place, last)
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the proof shows that the tree begins with the old one."""
    if not 0 <= old <= size or not _all_hashes(old_root, root, *proof):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and (size > 0 or root == old_root)
    if old == size:
        return not proof and old_root == root
    if not proof:
        return False
    # The root of a complete old tree is a node of the new one, and is not sent.
    first, *rest = (old_root, *proof) if old & (old - 1) == 0 else proof
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found = first
    for one in rest:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found = node_hash(one, found_old), node_hash(one, found)
            place, last = _up_to_left(place, last)
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found == root


def _up_to_left(place: int, last: int) -> tuple[int, int]:
    """Go up as long as the node has no sibling: it is the last one and a left child."""
    while not place & 1 and place:
        place, last = place >> 1, last >> 1
    return place, last


def _all_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
