"""Random bytes of the operating system, asked for many at a time: each asking is a system call."""

import os
from typing import Final

TAKEN_AT_ONCE: Final = 4_096


class Randomness:
    def __init__(self) -> None:
        self._taken = b""
        self._used = 0

    def draw(self, size: int) -> bytes:
        """Return so many bytes that nobody else has got."""
        if self._used + size > len(self._taken):
            self._taken = os.urandom(max(size, TAKEN_AT_ONCE))
            self._used = 0
        begin = self._used
        self._used += size
        return self._taken[begin : self._used]
