"""Simulates a draft beside the service for whoever asks on the board: bounded, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from jifen_ledger.domain.simulation.as_if import Span

# A replay folds every record twice, some thousands a second, and holds both states in memory.
RECORDS_MAX: Final = 200_000
WAIT_S_MAX: Final = 120.0


class WhyNot(StrEnum):
    """Why nothing is simulated here and now."""

    TOO_MANY = "too_many"
    ANOTHER_RUNS = "another_runs"
    TOO_LONG = "too_long"


class NotBeside(Exception):  # noqa: N818 - an answer to whoever asked
    """The ledger does not simulate that; the command may."""

    def __init__(self, why: WhyNot) -> None:
        """Carry why."""
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the command said: the difference, or line by line why there is none."""

    found: Mapping[str, Any] | None
    said: Sequence[str]


class Replays(Protocol):
    """A place where a replay does not stand in the way of the service."""

    async def __call__(self, scheme: str, draft: str, span: Span) -> Replayed:
        """Replay the scheme's past under the draft's text, and write nothing.

        A caller who no longer waits ends it.
        """


class SimulateBeside:
    """Runs simulations, one at a time."""

    def __init__(self, replay: Replays) -> None:
        """Replay there."""
        self._replay = replay
        self._one = asyncio.Lock()

    async def __call__(self, scheme: str, size: int, draft: str, span: Span) -> Replayed:
        """Return what differs in a scheme of so many records. Raises NotBeside."""
        if size > RECORDS_MAX:
            raise NotBeside(WhyNot.TOO_MANY)
        if self._one.locked():
            raise NotBeside(WhyNot.ANOTHER_RUNS)
        async with self._one:
            try:
                async with asyncio.timeout(WAIT_S_MAX):
                    return await self._replay(scheme, draft, span)
            except TimeoutError:
                raise NotBeside(WhyNot.TOO_LONG) from None
