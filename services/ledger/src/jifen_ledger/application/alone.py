"""One process at a time does what two must not do at once, though both could be started."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.working import RENEW_EVERY_S, Leases, Told


@asynccontextmanager
async def alone(
    leases: Leases, lease: str, worker: str, status: SchemeStatus
) -> AsyncIterator[bool]:
    """Hold a lease that no worker asks for until the block ends; False where another has it."""
    if not await leases.claim(worker, [lease]):
        yield False
        return
    renewing = asyncio.create_task(_renew(leases, lease, worker, status))
    try:
        yield True
    finally:
        renewing.cancel()
        await asyncio.wait({renewing})
        await leases.leave(worker)


async def _renew(leases: Leases, lease: str, worker: str, status: SchemeStatus) -> None:
    # Should it be lost all the same, compare-and-set stops one of the two.
    while True:
        await leases.extend(worker, {lease: Told(status.stream_last, "")})
        await asyncio.sleep(RENEW_EVERY_S)
