"""One round of signing (tlog.md §10.2): check everything again, then sign, then keep."""

from __future__ import annotations

import asyncio

from jifen_ledger.application.check_entries import Place, check_entries, stamp_of
from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import Anchor, Anchors, LogKeys, SigningRound
from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint, signed_note
from jifen_ledger.log.proofs import verify_consistency
from jifen_ledger.log.ranges import Span, consistency_ranges, range_hashes, spans_of
from jifen_ledger.log.tree import EMPTY_TREE, Node, Tree, grown

# At most so many records are checked in one transaction.
ROUND_RECORDS_MAX = 65_536
# So many are read at a time, and checked at a stretch: reads and the fold share the event loop.
READ_RECORDS = 1_024
CHECKED_AT_A_STRETCH = 64


async def sign_round(
    scheme: str, origin: str, keys: LogKeys, anchors: Anchors, log: SigningRound
) -> Tree:
    """Check the next records and sign the tree; return the tree.

    Below the anchor nothing is signed: an older copy of the database is only brought up to it.
    Raises SigningHalted.
    """
    anchor = await anchors.read(scheme)
    _check_beginning(log, anchor)
    before = log.signed
    tree, nodes = await _checked(log, before, _goal(log, anchor))
    await _check_nodes(log, nodes)
    if tree.size == log.head.size and tree != log.head:
        raise SigningHalted(HaltReason.ALTERED_TREE, f"the head's peaks at size {tree.size}")
    await _check_consistency(log, before, tree)
    await _check_anchor(log, anchor, tree)
    note = None
    if (anchor is None or tree.size >= anchor.size) and log.newest != tree.size:
        note = _signed(Checkpoint(origin, tree.size, tree.root), keys)
        await anchors.write(scheme, Anchor(tree.size, tree.root))
    await log.keep(tree, note)
    return tree


def _check_beginning(log: SigningRound, anchor: Anchor | None) -> None:
    if log.signed.root != log.signed_root:
        raise SigningHalted(HaltReason.ALTERED_TREE, "the peaks of what was signed last")
    if log.head.size < log.signed.size:
        detail = f"{log.signed.size} records were signed, {log.head.size} are there"
        raise SigningHalted(HaltReason.ALTERED_TREE, detail)
    if log.newest is not None and log.newest > log.signed.size:
        detail = f"a checkpoint of size {log.newest}, though {log.signed.size} was signed last"
        raise SigningHalted(HaltReason.ALTERED_TREE, detail)
    if anchor is None and log.newest is not None:
        detail = f"size {log.newest} was signed; see `jifen-ledger log anchor`"
        raise SigningHalted(HaltReason.ANCHOR_MISSING, detail)


def _goal(log: SigningRound, anchor: Anchor | None) -> int:
    goal = min(log.head.size, log.signed.size + ROUND_RECORDS_MAX)
    if anchor is not None and log.signed.size < anchor.size:
        # At the anchor itself, so that its root is compared.
        goal = min(goal, anchor.size)
    return goal


async def _checked(log: SigningRound, tree: Tree, goal: int) -> tuple[Tree, list[Node]]:
    """Return the tree grown by the records up to the goal, and the nodes that completed."""
    place = Place(0, "")
    if tree.size:
        before = await log.entries(tree.size - 1, 1)
        if not before:
            raise SigningHalted(HaltReason.ALTERED_RECORD, f"seq {tree.size}: it is not there")
        place = Place(tree.size, stamp_of(before[0]))
    nodes: list[Node] = []
    while tree.size < goal:
        entries = await log.entries(tree.size, min(READ_RECORDS, goal - tree.size))
        if not entries:
            detail = f"seq {tree.size + 1}: it is not there"
            raise SigningHalted(HaltReason.ALTERED_RECORD, detail)
        for start in range(0, len(entries), CHECKED_AT_A_STRETCH):
            place = check_entries(entries[start : start + CHECKED_AT_A_STRETCH], place)
            await asyncio.sleep(0)
        tree, completed = grown(tree, [entry.leaf_hash for entry in entries])
        nodes += completed
    return tree, nodes


async def _check_nodes(log: SigningRound, nodes: list[Node]) -> None:
    stored = await log.stored([Span(node.tile_level, node.idx, 1) for node in nodes])
    for node in nodes:
        if stored.get((node.tile_level, node.idx)) != node.hash:
            detail = f"node {node.idx} of tile level {node.tile_level}"
            raise SigningHalted(HaltReason.ALTERED_TREE, detail)


async def _check_consistency(log: SigningRound, before: Tree, tree: Tree) -> None:
    ranges = consistency_ranges(before.size, tree.size)
    try:
        proof = range_hashes(ranges, await log.stored(spans_of(ranges)))
    except KeyError as missing:
        raise SigningHalted(HaltReason.INCONSISTENT, f"hash {missing} is not there") from None
    if not verify_consistency(before.size, tree.size, before.root, tree.root, proof):
        detail = f"the tree of size {tree.size} does not begin with that of {before.size}"
        raise SigningHalted(HaltReason.INCONSISTENT, detail)


async def _check_anchor(log: SigningRound, anchor: Anchor | None, tree: Tree) -> None:
    """Check that the tree begins with what is known to have been signed."""
    if anchor is None or tree.size < anchor.size:
        return
    if await _root_at(log, anchor.size, tree) != anchor.root:
        detail = f"size {anchor.size} was signed with another root"
        raise SigningHalted(HaltReason.ANCHOR_CONTRADICTED, detail)


async def _root_at(log: SigningRound, size: int, tree: Tree) -> bytes | None:
    for known in (EMPTY_TREE, log.signed, tree):
        if known.size == size:
            return known.root
    ranges = [(0, size)]
    try:
        return range_hashes(ranges, await log.stored(spans_of(ranges)))[0]
    except KeyError:
        return None


def _signed(checkpoint: Checkpoint, keys: LogKeys) -> str:
    note = signed_note(checkpoint, keys.signing)
    verifiers = [key.verifier for key in keys.signing]
    opened = open_checkpoint(note.encode(), verifiers)
    assert opened.checkpoint == checkpoint
    assert list(opened.keys) == verifiers
    return note
