"""The generation beside the live one: brought up to it by one process at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from jifen_ledger.application.alone import alone
from jifen_ledger.application.generations import Exchange, Generations, RebuildRefused, Role, Second
from jifen_ledger.application.ports import Journal
from jifen_ledger.application.project import ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Reason, Stopped
from jifen_ledger.application.working import Leases

# Behind a busy ledger we catch up so often, each time with less to do; then records wait.
ROUNDS_MAX = 5


class SecondGeneration:
    """What every step of a rebuild does with it; what was done stays when the step is killed."""

    def __init__(
        self,
        generations: Generations,
        leases: Leases,
        journal: Journal,
        project: Callable[[int], ProjectScheme],
        status: SchemeStatus,
        worker: str,
    ) -> None:
        """`journal` and what `project` makes, for up to a sequence, see the second generation."""
        self.generations = generations
        self.scheme = status.scheme
        self._leases = leases
        self._journal = journal
        self._project = project
        self._status = status
        self._worker = worker

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Hold the lease of the rebuild, which no worker asks for. Raises RebuildRefused."""
        lease = f"rebuild/{self.scheme}"
        async with alone(self._leases, lease, self._worker, self._status) as held:
            if not held:
                raise RebuildRefused(f"another process rebuilds {self.scheme}")
            yield

    async def found(self, role: Role) -> Second:
        """Return the second generation. Raises RebuildRefused where it is not of this role."""
        found = await self.generations.second(self.scheme)
        if found is None:
            raise RebuildRefused(f"{self.scheme} has no generation beside the live one")
        if found.role is not role:
            raise RebuildRefused(
                f"the generation beside the live one of {self.scheme} is {found.role}, not {role}"
            )
        if found.unfit:
            raise RebuildRefused(f"{found.unfit}: drop it, and build a new one")
        return found

    async def build(self) -> None:
        """Bring a new generation up to the live one, begun where none is there yet.

        Raises RebuildRefused, Stopped.
        """
        if await self.generations.recorded(self.scheme) == 0:
            raise RebuildRefused(
                f"{self.scheme} has no record: an empty ledger is projected from the stream"
            )
        found = await self.generations.second(self.scheme)
        if found is not None and found.role is Role.OLD:
            raise RebuildRefused(
                f"beside the live generation of {self.scheme} is the old one: go back, or drop it"
            )
        if found is None or found.unfit:
            await self.generations.begin(self.scheme)
        await self.catch_up()

    async def catch_up(self) -> None:
        """Come close to the live generation while it goes on. Raises Stopped."""
        found = await self.generations.second(self.scheme)
        self._status.size = 0 if found is None else found.size
        for _ in range(ROUNDS_MAX):
            self._status.stream_last = await self.generations.recorded(self.scheme)
            if self._status.size == self._status.stream_last:
                break
            await self._up_to(self._status.stream_last)

    @asynccontextmanager
    async def even(self) -> AsyncIterator[Exchange]:
        """Keep records from coming while both generations know the same. Raises Stopped."""
        async with self.generations.held(self.scheme) as exchange:
            await self._up_to(exchange.size)
            yield exchange

    async def take_over(self, leaving: Role | None) -> None:
        """Exchange both generations. Raises Stopped where the second one does not add up."""
        async with self.even() as exchange:
            unbalanced = await self._journal.unbalanced_accounts(self.scheme)
            if unbalanced:
                detail = f"{unbalanced} balances of it are not the sum of their postings"
                raise Stopped(Reason.TRIAL_BALANCE, detail)
            await exchange.take_over(leaving)

    async def _up_to(self, size: int) -> None:
        if self._status.size < size:
            await self._project(size).catch_up()
        if self._status.stopped is not None:
            raise Stopped(self._status.stopped, self._status.detail)
