"""Every small tree against a naive one, written from the definition alone."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_ledger.log.proofs import verify_consistency, verify_inclusion
from jifen_ledger.log.ranges import (
    consistency_ranges,
    inclusion_ranges,
    range_hashes,
    spans_of,
)
from jifen_ledger.log.tree import EMPTY_TREE, Node, Tree, grown
from tests.ledger.log.vectors import big_log, grown_log

SIZE_MAX = 130
ENTRIES = [b"leaf %d" % number for number in range(SIZE_MAX + 1)]
MEMORY: dict[tuple[int, int], bytes] = {}


def mth(lo: int, hi: int) -> bytes:
    """The Merkle tree hash of the entries [lo, hi)."""
    if (lo, hi) not in MEMORY:
        if hi == lo:
            MEMORY[lo, hi] = sha256().digest()
        elif hi - lo == 1:
            MEMORY[lo, hi] = sha256(b"\0" + ENTRIES[lo]).digest()
        else:
            k = largest_power_below(hi - lo)
            MEMORY[lo, hi] = sha256(b"\1" + mth(lo, lo + k) + mth(lo + k, hi)).digest()
    return MEMORY[lo, hi]


def largest_power_below(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def path(m: int, lo: int, hi: int) -> list[bytes]:
    """PATH(m, D[lo:hi]) of RFC 6962."""
    if hi - lo == 1:
        return []
    k = largest_power_below(hi - lo)
    if m < k:
        return [*path(m, lo, lo + k), mth(lo + k, hi)]
    return [*path(m - k, lo + k, hi), mth(lo, lo + k)]


def subproof(m: int, lo: int, hi: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF(m, D[lo:hi], b) of RFC 6962."""
    if m == hi - lo:
        return [] if whole else [mth(lo, hi)]
    k = largest_power_below(hi - lo)
    if m <= k:
        return [*subproof(m, lo, lo + k, whole=whole), mth(lo + k, hi)]
    return [*subproof(m - k, lo + k, hi, whole=False), mth(lo, lo + k)]


def spoilt(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with one hash dropped, one added, one bit flipped, or the order reversed."""
    found = [[*proof, mth(0, 1)], [mth(0, 1), *proof], [one[1:] for one in proof]]
    if proof:
        flipped = bytes([proof[-1][0] ^ 1]) + proof[-1][1:]
        found += [proof[:-1], proof[1:], [*proof[:-1], flipped], [flipped, *proof[1:]]]
    return [one for one in (*found, proof[::-1]) if one != proof]


@pytest.mark.parametrize("size", range(1, SIZE_MAX + 1))
def test_every_inclusion_proof_is_that_of_the_definition_and_no_other_holds(size: int) -> None:
    tree, stored = grown_log(ENTRIES[:size])
    root = mth(0, size)
    assert tree.root == root
    for index in range(size):
        proof = range_hashes(inclusion_ranges(index, size), stored)
        leaf = mth(index, index + 1)
        assert proof == path(index, 0, size)
        assert verify_inclusion(leaf, index, size, proof, root)
        wrong = [
            verify_inclusion(leaf, index - 1, size, proof, root),
            verify_inclusion(leaf, index + 1, size, proof, root),
            verify_inclusion(leaf, index, size - 1, proof, mth(0, size - 1)),
            verify_inclusion(leaf, index, size + 1, proof, mth(0, size + 1)),
            verify_inclusion(b"\7" * 32, index, size, proof, root),
            verify_inclusion(leaf, index, size, proof, b"\7" * 32),
            verify_inclusion(leaf, index, size, proof, root[:31]),
            *(verify_inclusion(leaf, index, size, one, root) for one in spoilt(proof)),
        ]
        assert not any(wrong), (index, size, wrong)


@pytest.mark.parametrize("size", range(SIZE_MAX + 1))
def test_every_consistency_proof_is_that_of_the_definition_and_no_other_holds(size: int) -> None:
    _, stored = grown_log(ENTRIES[:size])
    root = mth(0, size)
    for old in range(size + 1):
        proof = range_hashes(consistency_ranges(old, size), stored)
        old_root = mth(0, old)
        assert proof == (subproof(old, 0, size, whole=True) if 0 < old < size else [])
        assert verify_consistency(old, size, old_root, root, proof)
        wrong = [
            verify_consistency(old, size, b"\7" * 32, root, proof),
            verify_consistency(old, size, old_root[:31], root, proof),
            *(verify_consistency(old, size, old_root, root, one) for one in spoilt(proof)),
        ]
        if old:
            wrong.append(verify_consistency(old, size, old_root, b"\7" * 32, proof))
        if old != size:
            wrong.append(verify_consistency(old, size, root, old_root, proof))
            wrong.append(verify_consistency(size, old, root, old_root, proof))
        if 0 < old < size:
            wrong.append(verify_consistency(old - 1, size, old_root, root, proof))
        assert not any(wrong), (old, size, wrong)


@given(st.lists(st.integers(1, 700), max_size=6), st.integers(0, 700))
def test_appending_in_any_batching_gives_the_same_tree_and_nodes(
    cuts: list[int], rest: int
) -> None:
    size = sum(cuts) + rest
    whole, stored = big_log(size)
    tree, nodes, at = EMPTY_TREE, list[Node](), 0
    for width in [*cuts, rest]:
        tree, more = grown(tree, [stored[0, place] for place in range(at, at + width)])
        nodes += more
        at += width

    upper = {key: one for key, one in stored.items() if key[0] > 0}
    assert tree == whole
    assert {(node.tile_level, node.idx): node.hash for node in nodes} == upper
    assert Tree.of(tree.size, tree.joined) == tree


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_536, 65_537, 70_000])
def test_a_proof_of_any_entry_reads_few_stored_hashes(size: int) -> None:
    for index in {0, size // 2, size - 1}:
        spans = spans_of(inclusion_ranges(index, size))
        tiles = {(span.tile_level, span.first // 256) for span in spans}

        assert len(tiles) <= 6, tiles
        assert all(span.width <= 256 for span in spans)
