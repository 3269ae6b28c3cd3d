"""Tiles and entry bundles: which there are at a size, their paths and their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from jifen_ledger.log.hashes import HASH_BYTES
from jifen_ledger.log.tree import STORED_LEVELS
from jifen_ledger.log.verdicts import Malformed

TILE_WIDTH: Final = 256
LEVEL_MAX: Final = 63
ENTRY_BYTES_MAX: Final = 65_535
# Indexes are below 2^63.
NUMBER_MAX: Final = (1 << 63) // TILE_WIDTH - 1

_PLACE: Final = re.compile(
    r"(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?", re.ASCII
)
_LEVEL: Final = re.compile(r"0|[1-9][0-9]?", re.ASCII)
_LENGTH_BYTES: Final = 2


class Place(NamedTuple):
    """A tile or bundle within its level: the hashes or entries [first, first + width)."""

    number: int
    width: int = TILE_WIDTH

    @property
    def first(self) -> int:
        """The index of its first hash or entry."""
        return self.number * TILE_WIDTH

    @property
    def path(self) -> str:
        """Its path after the level."""
        groups = f"{self.number:,}".split(",")
        number = "/".join(f"x{int(one):03d}" for one in groups)
        # All groups but the last bear an x.
        before, _, last = number.rpartition("x")
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"{before}{last}{partial}"

    def covered(self, size: int, level: int = 0) -> bool:
        """Tell whether a tree of the size has all of it."""
        return self.first + self.width <= size >> (STORED_LEVELS * level)


def place_of(text: str) -> Place | None:
    """Return the place that the path names, None if it is none or not written as it must be."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    number = int(found["number"].replace("x", "").replace("/", ""))
    width = TILE_WIDTH if found["width"] is None else int(found["width"])
    if number > NUMBER_MAX or (found["width"] is not None and width >= TILE_WIDTH):
        return None
    place = Place(number, width)
    return place if place.path == text else None


def level_of(text: str) -> int | None:
    """Return the level that a path names, None if it is none."""
    found = _LEVEL.fullmatch(text)
    level = -1 if found is None else int(text)
    return level if 0 <= level <= LEVEL_MAX else None


def places_at(size: int, level: int = 0) -> Iterator[Place]:
    """Return what a level has at a size: full ones, and one partial if there is a rest."""
    full, rest = divmod(size >> (STORED_LEVELS * level), TILE_WIDTH)
    yield from map(Place, range(full))
    if rest:
        yield Place(full, rest)


def levels_at(size: int) -> range:
    """Return the levels that a tree of the size has."""
    return range(-(-size.bit_length() // STORED_LEVELS))


def tile_path(level: int, place: Place) -> str:
    """Return the path of a tile below the log's prefix."""
    return f"tile/{level}/{place.path}"


def bundle_path(place: Place) -> str:
    """Return the path of an entry bundle below the log's prefix."""
    return f"tile/entries/{place.path}"


def hashes_of(tile: bytes) -> list[bytes]:
    """Return the hashes of a tile. Raises Malformed."""
    if not tile or len(tile) % HASH_BYTES or len(tile) > TILE_WIDTH * HASH_BYTES:
        raise Malformed(f"{len(tile)} bytes are no tile")
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]


def bundle_of(entries: Iterable[bytes]) -> bytes:
    """Return the bundle of the entries."""
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES) + entry for entry in entries)


def entries_of(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raises Malformed."""
    found: list[bytes] = []
    at = 0
    while at < len(bundle):
        begin = at + _LENGTH_BYTES
        at = begin + int.from_bytes(bundle[at:begin])
        if not begin < at <= len(bundle):
            raise Malformed(f"the bundle ends within entry {len(found)}, or that is empty")
        found.append(bundle[begin:at])
    if not 0 < len(found) <= TILE_WIDTH:
        raise Malformed(f"a bundle of {len(found)} entries")
    return found
