"""Computes a scheme's tables again from its records or its stream, beside a running ledger."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Protocol

from jifen_ledger.application.alone import alone
from jifen_ledger.application.ports import Journal
from jifen_ledger.application.project import ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Reason, Stopped
from jifen_ledger.application.working import Leases

# Behind a busy ledger we catch up so often, each time with less to do; then records wait.
ROUNDS_MAX = 5


class Exchange(Protocol):
    """The scheme while no record comes."""

    size: int

    async def take_over(self) -> None:
        """Put what was rebuilt in the place of what was there."""


class Rebuilds(Protocol):
    """The second set of tables that a rebuild fills."""

    async def recorded(self, scheme: str) -> int:
        """Return how many records the scheme has."""

    async def begin(self, scheme: str) -> int:
        """Make the second set where none is there yet; return how far it has come."""

    def held(self, scheme: str) -> AbstractAsyncContextManager[Exchange]:
        """Keep records from coming until the block ends."""


class RebuildSource(StrEnum):
    """What the events are read from."""

    STREAM = "stream"
    JOURNAL = "journal"


class RebuildRefused(Exception):  # noqa: N818 - a state, not an error
    """The scheme has no record yet, or another process rebuilds it."""


class RebuildScheme:
    """The rebuild of one scheme; what was done stays when it is killed, and is gone on with."""

    def __init__(
        self,
        rebuilds: Rebuilds,
        leases: Leases,
        journal: Journal,
        project: Callable[[int], ProjectScheme],
        status: SchemeStatus,
        worker: str,
    ) -> None:
        """`journal` and what `project` makes, for up to a sequence, see the second set."""
        self._rebuilds = rebuilds
        self._journal = journal
        self._leases = leases
        self._project = project
        self._status = status
        self._scheme = status.scheme
        self._worker = worker

    async def __call__(self) -> None:
        """Rebuild, and exchange the tables. Raises RebuildRefused, Stopped."""
        lease = f"rebuild/{self._scheme}"
        async with alone(self._leases, lease, self._worker, self._status) as held:
            if not held:
                raise RebuildRefused(f"another process rebuilds {self._scheme}")
            self._status.stream_last = await self._rebuilds.recorded(self._scheme)
            if self._status.stream_last == 0:
                raise RebuildRefused(
                    f"{self._scheme} has no record: an empty ledger is projected from the stream"
                )
            self._status.size = await self._rebuilds.begin(self._scheme)
            for _ in range(ROUNDS_MAX):
                await self._up_to(self._status.stream_last)
                self._status.stream_last = await self._rebuilds.recorded(self._scheme)
                if self._status.size == self._status.stream_last:
                    break
            async with self._rebuilds.held(self._scheme) as exchange:
                await self._up_to(exchange.size)
                unbalanced = await self._journal.unbalanced_accounts(self._scheme)
                if unbalanced:
                    detail = f"{unbalanced} rebuilt balances are not the sum of their postings"
                    raise Stopped(Reason.TRIAL_BALANCE, detail)
                await exchange.take_over()

    async def _up_to(self, size: int) -> None:
        if self._status.size < size:
            await self._project(size).catch_up()
        if self._status.stopped is not None:
            raise Stopped(self._status.stopped, self._status.detail)
