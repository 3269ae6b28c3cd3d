"""Reads all entries of a log in their order and checks every hash of the tree on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from jifen_ledger.application.audit.audited import Audited, AuditFailed, needed
from jifen_ledger.log.checkpoint import Checkpoint
from jifen_ledger.log.hashes import HASH_BYTES, leaf_hashes
from jifen_ledger.log.tiles import TILE_WIDTH, Place, bundle_path, entries_of, places_at, tile_path
from jifen_ledger.log.tree import EMPTY_TREE, Node, grown
from jifen_ledger.log.verdicts import Malformed


class Chunk(NamedTuple):
    """Entries in a row, whose hashes are those of the tiles."""

    first: int
    entries: list[bytes]


class Earlier(NamedTuple):
    """The root that an older checkpoint names, and where that comes from."""

    root: bytes
    name: str


class Walk:
    """One walk over a log; only at its end the tree is known to be the checkpoint's."""

    def __init__(
        self, audited: Audited, checkpoint: Checkpoint, earlier: Mapping[int, Earlier]
    ) -> None:
        """Compare the tree also with older ones, by size."""
        self._audited = audited
        self._checkpoint = checkpoint
        self._earlier = sorted(earlier.items())
        self._tree = EMPTY_TREE
        self._upper = _UpperTiles(audited)

    def chunks(self) -> Iterator[Chunk]:
        """Yield the entries. Raises AuditFailed."""
        self._compare_earlier()
        for place in places_at(self._checkpoint.size):
            entries = self._entries(place)
            leaves = leaf_hashes(entries)
            self._compare_tile(place, leaves)
            self._grow(leaves)
            yield Chunk(place.first, entries)
        self._upper.finish()
        if self._tree.root != self._checkpoint.root:
            raise AuditFailed(
                f"the entries do not give the root of the checkpoint of size {self._tree.size}"
            )

    def _entries(self, place: Place) -> list[bytes]:
        path = bundle_path(place)
        try:
            entries = entries_of(needed(self._audited, path))
        except Malformed as error:
            raise AuditFailed(f"{path}, entries from {place.first} on: {error}") from None
        if len(entries) != place.width:
            raise AuditFailed(f"{path} has {len(entries)} entries, not {place.width}")
        return entries

    def _compare_tile(self, place: Place, leaves: list[bytes]) -> None:
        path = tile_path(0, place)
        tile = needed(self._audited, path)
        if len(tile) != HASH_BYTES * place.width:
            raise AuditFailed(f"{path} has {len(tile)} bytes, not {HASH_BYTES * place.width}")
        for number, leaf in enumerate(leaves):
            if tile[HASH_BYTES * number : HASH_BYTES * (number + 1)] != leaf:
                index = place.first + number
                raise AuditFailed(
                    f"entry {index} (seq {index + 1}) does not have the hash that {path} has of it"
                )

    def _grow(self, leaves: list[bytes]) -> None:
        """Let the tree grow, and stop at each size of which an older checkpoint is known."""
        first, end = self._tree.size, self._tree.size + len(leaves)
        cuts = [size for size, _ in self._earlier if first < size < end]
        for begin, until in zip([first, *cuts], [*cuts, end], strict=True):
            self._tree, nodes = grown(self._tree, leaves[begin - first : until - first])
            self._upper.take(nodes)
            self._compare_earlier()

    def _compare_earlier(self) -> None:
        while self._earlier and self._earlier[0][0] == self._tree.size:
            size, earlier = self._earlier.pop(0)
            if earlier.root != self._tree.root:
                raise AuditFailed(
                    f"{earlier.name}: the log does not begin with the {size} entries that"
                    " this older checkpoint was signed for"
                )


class _UpperTiles:
    """Compares the tiles above the leaves with the nodes that the entries give."""

    def __init__(self, audited: Audited) -> None:
        self._audited = audited
        # By level: the number of the next tile, and its hashes so far.
        self._rows: dict[int, tuple[int, list[bytes]]] = {}

    def take(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            number, hashes = self._rows.setdefault(node.tile_level, (0, []))
            hashes.append(node.hash)
            if len(hashes) == TILE_WIDTH:
                self._compare(node.tile_level, Place(number), hashes)
                self._rows[node.tile_level] = (number + 1, [])

    def finish(self) -> None:
        for level, (number, hashes) in self._rows.items():
            if hashes:
                self._compare(level, Place(number, len(hashes)), hashes)

    def _compare(self, level: int, place: Place, hashes: list[bytes]) -> None:
        path = tile_path(level, place)
        if needed(self._audited, path) != b"".join(hashes):
            raise AuditFailed(f"{path} is not made from the entries below it")
