"""Computes again and again what must always hold of a scheme's tables and stream."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

import structlog

from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Halted
from jifen_ledger.application.stopping import pause

# The sums read every posting of the scheme: of the time, at most a twentieth goes into them.
PAUSE_TIMES_MIN = 20

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Books:
    """What the tables of a scheme say at one moment."""

    # By unit of points, in tenths: each must be 0.
    sums: Mapping[str, int]
    # How many balances are not the sum of their postings.
    unbalanced_accounts: int
    # How many sequences up to the head have no record.
    missing_records: int
    # A rebuilt generation that is not what the live one is: how many records it has.
    rebuild_differs_at: int | None


@dataclass(frozen=True, slots=True)
class Invariants:
    """What was found, and when."""

    checked_ms: int
    books: Books
    # How many sequences of the stream, up to its last, it no longer has.
    missing_messages: int

    def broken(self) -> dict[str, object]:
        """Return what does not hold, by its name."""
        found = {**asdict(self.books), "missing_messages": self.missing_messages}
        del found["rebuild_differs_at"]
        found["sums"] = {unit: tenths for unit, tenths in self.books.sums.items() if tenths}
        return {name: value for name, value in found.items() if value}


class ReadsBooks(Protocol):
    """The tables; may raise Unavailable."""

    async def books(self, scheme: str) -> Books:
        """Return what they say now."""


class CountsStream(Protocol):
    """The stream; may raise Unavailable, Stopped."""

    async def missing(self, scheme: str) -> int:
        """Return how many sequences, up to the last, have no message."""


class CheckInvariants:
    """The checks of one scheme, on the worker that holds it. They stop nothing: they tell."""

    def __init__(
        self,
        books: ReadsBooks,
        stream: CountsStream,
        clock_ms: Callable[[], int],
        status: SchemeStatus,
        stopping: asyncio.Event,
    ) -> None:
        """Take the ports; the findings go into the status."""
        self._books = books
        self._stream = stream
        self._clock_ms = clock_ms
        self._status = status
        self._scheme = status.scheme
        self._stopping = stopping
        self._told: dict[str, object] = {}

    async def follow(self, interval_s: float) -> None:
        """Check at every interval, until told to stop; nothing is raised."""
        while not self._stopping.is_set():
            began_s = time.perf_counter()
            try:
                await self.check()
            except Halted as halted:
                _log.warning("invariants_wait", scheme=self._scheme, why=str(halted))
            except Exception as error:  # noqa: BLE001 - what watches must not end what works
                _log.exception("invariants_defect", scheme=self._scheme, error=repr(error))
            took_s = time.perf_counter() - began_s
            await pause(self._stopping, max(interval_s, PAUSE_TIMES_MIN * took_s))
        self._status.invariants = None

    async def check(self) -> Invariants:
        """Compute the invariants, tell the status, and say in the log what is newly broken."""
        books = await self._books.books(self._scheme)
        missing = await self._stream.missing(self._scheme)
        found = Invariants(self._clock_ms(), books, missing)
        self._status.invariants = found
        broken = found.broken()
        if broken != self._told:
            self._told = broken
            if broken:
                _log.critical("invariants_broken", scheme=self._scheme, **broken)
            else:
                _log.info("invariants_hold_again", scheme=self._scheme)
        return found
