"""The hash of a run of messages: the same however the run is cut, another if anything differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

# The run's first bytes keep its hash apart from any other that is made here.
_BEGINS: Final = b"jifen/range/v1\n"
_NUMBER_BYTES: Final = 8


class RangeHash:
    """Grows with every message; each counts with its length, so that no byte changes sides."""

    def __init__(self, after: int = 0) -> None:
        """Begin with the message that follows the sequence `after`."""
        self._hash = sha256(_BEGINS + after.to_bytes(_NUMBER_BYTES, "big"))
        self.upto = after

    def take(self, payloads: Iterable[bytes]) -> None:
        """Add the next messages."""
        for payload in payloads:
            self._hash.update(len(payload).to_bytes(_NUMBER_BYTES, "big"))
            self._hash.update(payload)
            self.upto += 1

    @property
    def digest(self) -> bytes:
        """The hash of what was taken so far."""
        return self._hash.digest()


def first_difference(one: Sequence[bytes], other: Sequence[bytes]) -> int | None:
    """Return the place of the first message that the runs do not share, None if there is none."""
    for place, (ours, theirs) in enumerate(zip(one, other, strict=False)):
        if ours != theirs:
            return place
    return None if len(one) == len(other) else min(len(one), len(other))
