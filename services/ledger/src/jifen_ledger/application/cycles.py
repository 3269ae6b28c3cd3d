"""When Python looks for cycles among objects: not while a backlog is worked off.

A batch makes some hundred thousand objects and leaves hardly a cycle. Looking through them all
takes a tenth of a backlog's time, and once it is worked off nobody should wait for it either.
"""

from __future__ import annotations

import gc
from typing import ClassVar, Final

# Looking through fewer than these takes some milliseconds.
FEW_OBJECTS: Final = 100_000


class Cycles:
    """One projection's word on whether to look; the collector is the process's own."""

    _backlogs: ClassVar[int] = 0

    def __init__(self) -> None:
        """Start without a backlog."""
        self._backlog = False

    def backlog(self, *, there_is: bool) -> None:
        """Say whether there is a backlog; nobody looks while any projection has one."""
        if there_is == self._backlog:
            return
        self._backlog = there_is
        Cycles._backlogs += 1 if there_is else -1
        if Cycles._backlogs:
            gc.disable()
            return
        if gc.get_count()[0] > FEW_OBJECTS:
            # They are freed as ever when the last reference goes; they are never looked through.
            gc.freeze()
        gc.enable()

    def forgotten(self) -> None:
        """Look now, most objects being gone, if nobody has since the backlog began."""
        if self._backlog:
            gc.collect()
