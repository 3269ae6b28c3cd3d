"""One worker among several: it claims schemes by lease and projects what it holds.

A lease saves work and no more: the compare-and-set on the head is what makes two workers harmless.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import structlog

from jifen_ledger.application.shares import Held, Seen, to_claim, to_release
from jifen_ledger.application.status import ProjectionStatus, SchemeStatus
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.application.stopping import pause

RENEW_EVERY_S = 1.0
# A worker that missed so many renewals is dead to the others.
LEASE_S = 5.0
# A scheme that was free at so many looks has nobody else: who has its share takes it as well.
FREE_LOOKS_MAX = 5

_log = structlog.get_logger()

# Follows a scheme until its event is set; never raises.
Follow = Callable[[SchemeStatus, asyncio.Event], Coroutine[Any, Any, None]]


class Told(NamedTuple):
    """What a holder tells of its scheme when it renews the lease."""

    stream_last: int
    trouble: str


class Leases(Protocol):
    """The leases of all workers; everything may raise Unavailable."""

    async def renew(self, worker: str, schemes: Collection[str], told: Mapping[str, Told]) -> Seen:
        """Say that the worker lives, extend what it holds, and return who holds what."""

    async def extend(self, worker: str, told: Mapping[str, Told]) -> frozenset[str]:
        """Extend these leases, and return which of them the worker still holds."""

    async def claim(self, worker: str, schemes: Collection[str]) -> frozenset[str]:
        """Take the leases that are free, and return which."""

    async def release(self, worker: str, schemes: Collection[str]) -> None:
        """Give up what the worker holds of these."""

    async def leave(self, worker: str) -> None:
        """Give up everything: the worker ends."""


class _Work(NamedTuple):
    stopping: asyncio.Event
    task: asyncio.Task[None]


class Worker:
    """Holds its part of the schemes until told to stop; then every batch in hand is finished."""

    def __init__(
        self,
        name: str,
        leases: Leases,
        follow: Follow,
        status: ProjectionStatus,
        stopping: asyncio.Event,
    ) -> None:
        """Serve the schemes of the status; the name is unlike that of any other worker."""
        self._name = name
        self._leases = leases
        self._follow = follow
        self._status = status
        self._stopping = stopping
        self._works: dict[str, _Work] = {}
        self._free_looks: Counter[str] = Counter()

    async def run(self) -> None:
        """Claim, project and let go, until told to stop."""
        async with asyncio.TaskGroup() as tasks:
            while not self._stopping.is_set():
                try:
                    await self._look(tasks)
                except Unavailable as unavailable:
                    _log.warning("leases_unavailable", why=str(unavailable))
                await pause(self._stopping, RENEW_EVERY_S)
            self._stop(self._works)
        try:
            await self._leases.leave(self._name)
        except Unavailable as unavailable:
            # They run out by themselves.
            _log.warning("leases_unavailable", why=str(unavailable))

    async def _look(self, tasks: asyncio.TaskGroup) -> None:
        ended = [scheme for scheme, work in self._works.items() if _is_let_go(work)]
        await self._leases.release(self._name, ended)
        for scheme in ended:
            del self._works[scheme]
        schemes = list(self._status.schemes)
        told = {scheme: _told(self._status.of(scheme)) for scheme in self._works}
        seen = await self._leases.renew(self._name, schemes, told)
        self._show(seen)
        mine = set(seen.held_by(self._name))
        self._stop(scheme for scheme in self._works if scheme not in mine)
        self._stop(to_release(seen, self._name))
        gained = await self._leases.claim(self._name, self._wanted(seen))
        # What is still held from before, after a short death, is taken up again as well.
        for scheme in sorted((gained | mine) - self._works.keys()):
            self._begin(tasks, scheme)

    def _wanted(self, seen: Seen) -> list[str]:
        free = [scheme for scheme in self._status.schemes if scheme not in seen.leases]
        self._free_looks = Counter({one: self._free_looks[one] + 1 for one in free})
        long_free = {one for one in free if self._free_looks[one] > FREE_LOOKS_MAX}
        wanted = to_claim(seen, self._name, long_free)
        return [scheme for scheme in wanted if scheme not in self._works]

    def _begin(self, tasks: asyncio.TaskGroup, scheme: str) -> None:
        status = self._status.of(scheme)
        status.gain(self._name)
        _log.info("scheme_taken", scheme=scheme, worker=self._name)
        stopping = asyncio.Event()
        self._works[scheme] = _Work(stopping, tasks.create_task(self._follow(status, stopping)))

    def _stop(self, schemes: Iterable[str]) -> None:
        for scheme in schemes:
            work = self._works.get(scheme)
            if work is not None and not work.stopping.is_set():
                _log.info("scheme_let_go", scheme=scheme, worker=self._name)
                work.stopping.set()

    def _show(self, seen: Seen) -> None:
        """Tell of the schemes of others what their holders told."""
        for scheme, status in self._status.schemes.items():
            if scheme not in self._works:
                held = seen.leases.get(scheme, _NOBODY)
                status.see(held.worker, seen.sizes.get(scheme, 0), held.stream_last, held.trouble)


_NOBODY = Held("", 0, "no worker holds it")


def _is_let_go(work: _Work) -> bool:
    return work.stopping.is_set() and work.task.done()


def _told(status: SchemeStatus) -> Told:
    trouble = status.waiting if status.stopped is None else f"{status.stopped}: {status.detail}"
    return Told(status.stream_last, trouble)
