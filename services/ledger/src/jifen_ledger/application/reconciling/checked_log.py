"""Checks the journal by itself: records, leaf hashes, the stored tree, and all that was signed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from jifen_ledger.application.check_entries import Place, check_entries
from jifen_ledger.application.log_halted import SigningHalted
from jifen_ledger.application.log_ports import Anchor, Entry
from jifen_ledger.application.reconciling.ports import (
    NOTHING_CHECKED,
    Checked,
    ComparedJournal,
    JournalHead,
    Recorded,
    SignedRoot,
)
from jifen_ledger.application.reconciling.side_by_side import RANGE_MESSAGES, check_payloads
from jifen_ledger.application.stopped import Reason, Stopped
from jifen_ledger.log.ranges import Span
from jifen_ledger.log.tree import Node, Tree, grown

# Records are checked so many at a stretch: the fold and reads share the event loop.
CHECKED_AT_A_STRETCH = 64


class CheckedLog:
    """Grows the tree anew, record by record, up to the head as it was at the beginning."""

    def __init__(
        self,
        journal: ComparedJournal,
        scheme: str,
        head: JournalHead,
        anchor: Anchor | None,
        begun: Checked = NOTHING_CHECKED,
    ) -> None:
        """Check what follows `begun` up to the head; what the anchor knows must be so as well."""
        self._journal = journal
        self._scheme = scheme
        self._head = head
        self._known = [
            one
            for one in (head.signed, None if anchor is None else SignedRoot(*anchor))
            if one is not None
        ]
        self._place = Place(begun.tree.size, begun.recorded_at)
        self.tree = begun.tree

    @property
    def size(self) -> int:
        """How many records were checked."""
        return self.tree.size

    @property
    def checked(self) -> Checked:
        """Where another could go on."""
        return Checked(self.tree, self._place.recorded_at)

    async def whole(self) -> None:
        """Check all that is left. Raises Stopped, Unavailable."""
        while self.size < self._head.size:
            upto = min(self.size + RANGE_MESSAGES, self._head.size)
            rows = await self._journal.rows(self._scheme, self.size, upto)
            if not rows:
                raise Stopped(Reason.JOURNAL_ALTERED, f"seq {self.size + 1}: it is not there")
            await self.take(rows)

    async def take(self, rows: Sequence[Recorded]) -> None:
        """Check the next records, and the head's peaks once they are all. Raises Stopped."""
        entries = [row.entry for row in rows]
        await self._check_records(entries)
        check_payloads(rows)
        await self._check_tree([entry.leaf_hash for entry in entries])
        if self.size == self._head.size and self.tree != self._head.tree:
            detail = f"the head's peaks at size {self.size} are not those of the records"
            raise Stopped(Reason.LOG_ALTERED, detail)

    async def _check_records(self, entries: Sequence[Entry]) -> None:
        for start in range(0, len(entries), CHECKED_AT_A_STRETCH):
            try:
                stretch = entries[start : start + CHECKED_AT_A_STRETCH]
                self._place = check_entries(stretch, self._place)
            except SigningHalted as halted:
                raise Stopped(Reason.JOURNAL_ALTERED, halted.detail) from None
            await asyncio.sleep(0)

    async def _check_tree(self, leaves: Sequence[bytes]) -> None:
        """Grow the tree, and compare what was stored of it and signed of it on the way."""
        before, size = self.tree, self.size + len(leaves)
        signed: dict[int, set[bytes]] = {}
        for known in await self._signed(before.size, size):
            signed.setdefault(known.size, set()).add(known.root)
        nodes: list[Node] = []
        for tree, completed in _grown_by_steps(before, leaves, sorted({*signed, size})):
            nodes += completed
            self.tree = tree
            if signed.get(tree.size, {tree.root}) != {tree.root}:
                detail = f"size {tree.size} was signed with another root"
                raise Stopped(Reason.LOG_ALTERED, detail)
        await self._check_nodes(nodes)

    async def _signed(self, after: int, upto: int) -> list[SignedRoot]:
        stored = await self._journal.roots(self._scheme, after, upto)
        return [*stored, *(one for one in self._known if after < one.size <= upto)]

    async def _check_nodes(self, nodes: Sequence[Node]) -> None:
        spans = [Span(node.tile_level, node.idx, 1) for node in nodes]
        stored = await self._journal.stored(self._scheme, spans) if spans else {}
        for node in nodes:
            if stored.get((node.tile_level, node.idx)) != node.hash:
                detail = f"node {node.idx} of tile level {node.tile_level}"
                raise Stopped(Reason.LOG_ALTERED, detail)


def _grown_by_steps(
    tree: Tree, leaves: Sequence[bytes], sizes: Sequence[int]
) -> Iterator[tuple[Tree, list[Node]]]:
    """Yield the tree at each of the sizes, with the stored nodes that completed on the way."""
    first = tree.size
    for size in sizes:
        tree, nodes = grown(tree, leaves[tree.size - first : size - first])
        yield tree, nodes
