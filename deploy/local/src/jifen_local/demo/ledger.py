"""What the demo asks the ledger, over its HTTP interface and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import httpx

from jifen_local.demo.messages import SCHEME
from jifen_local.demo.world import Person

# The ledger may take long, but it may not stand still.
STANDSTILL_S: Final = 60.0
_POLL_S: Final = 0.2
_WRITERS: Final = 8
_PAGE: Final = 100
_PAGES_MAX: Final = 50


class StoodStill(RuntimeError):  # noqa: N818 - told in one line
    """The ledger did not move for a long time though the stream has more."""


class Ledger:
    """Reads the plant's scheme, and writes the directory of names."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Ask through a client that knows the ledger's address and carries the reader's token."""
        self._client = client

    async def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """Return the answer to one question below the scheme."""
        answer = await self._client.get(f"/v1/schemes/{SCHEME}/{path}", params=query)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def fill_directory(self, people: Sequence[Person]) -> None:
        """Enter everybody's names; they are nowhere else."""
        gate = asyncio.Semaphore(_WRITERS)

        async def enter(person: Person) -> None:
            names = {"name_zh": person.name_zh, "name_en": person.name_en}
            async with gate:
                path = f"/v1/schemes/{SCHEME}/directory/{person.id}"
                (await self._client.put(path, json=names)).raise_for_status()

        async with asyncio.TaskGroup() as writers:
            for person in people:
                writers.create_task(enter(person))

    async def caught_up(self, last_seq: int, moved: Callable[[int], None]) -> dict[str, Any]:
        """Wait until everything in the stream has its record; return the status then.

        Raises StoodStill.
        """
        checkpoint, since = -1, time.monotonic()
        while True:
            status = await self.get("status")
            if status["checkpoint"] != checkpoint:
                checkpoint, since = status["checkpoint"], time.monotonic()
                moved(checkpoint)
            if checkpoint == status["stream_head"] >= last_seq:
                return status
            if time.monotonic() - since > STANDSTILL_S:
                raise StoodStill(f"The ledger stands at {checkpoint} of {last_seq} events.")
            await asyncio.sleep(_POLL_S)

    async def statement(self, member: str, capacity: str) -> list[Mapping[str, Any]]:
        """Return every line of the member's statement, the oldest first."""
        lines: list[Mapping[str, Any]] = []
        query: dict[str, str | int] = {"capacity": capacity, "limit": _PAGE}
        for _ in range(_PAGES_MAX):
            page = await self.get(f"members/{member}/statement", **query)
            lines += page["entries"]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        return sorted(lines, key=lambda line: (line["seq"], line["ordinal"]))
