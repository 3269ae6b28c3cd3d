"""The steps of a rebuild: build, compare, switch, back, drop; or all of it at once.

A new generation is built beside a running ledger from its records or its stream. Killed, a step
goes on where it was, or has changed nothing; the exchange itself is one transaction.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from enum import StrEnum

from jifen_ledger.application.comparison import Comparison
from jifen_ledger.application.generations import RebuildRefused, Role, Second
from jifen_ledger.application.second_generation import SecondGeneration
from jifen_ledger.application.stopped import Reason, Stopped


class RebuildSource(StrEnum):
    """What the events are read from."""

    STREAM = "stream"
    JOURNAL = "journal"


class RebuildScheme:
    """Build a generation and put it in the place of the live one, which goes."""

    def __init__(self, beside: SecondGeneration) -> None:
        """Take the second generation."""
        self._beside = beside

    async def __call__(self) -> None:
        """Rebuild, and exchange the tables. Raises RebuildRefused, Stopped."""
        async with self._beside.alone():
            await self._beside.build()
            found = await self._beside.found(Role.NEW)
            if found.differs_at is not None:
                raise Stopped(Reason.RECORD_DIFFERS, _how_it_differs(found))
            await self._beside.take_over(leaving=None)


class BuildGeneration:
    """Build a generation beside the live one, and leave it there.

    A record that comes out otherwise is kept for the comparison: such a generation shows what
    other rules would have made, and can never be switched to.
    """

    def __init__(self, beside: SecondGeneration) -> None:
        """Take the second generation."""
        self._beside = beside

    async def __call__(self) -> Second:
        """Build it, and return what was built. Raises RebuildRefused, Stopped."""
        async with self._beside.alone():
            await self._beside.build()
            return await self._beside.found(Role.NEW)


class CompareGenerations:
    """Compare both generations at one moment: table by table, member by member, rank by rank."""

    def __init__(self, beside: SecondGeneration) -> None:
        """Take the second generation."""
        self._beside = beside

    async def __call__(self) -> Comparison:
        """Return where they differ, and why. Raises RebuildRefused, Stopped."""
        async with self._beside.alone():
            return await _compared(self._beside)


class SwitchGeneration:
    """Put the new generation in the place of the live one, which stays beside it as the old."""

    def __init__(self, beside: SecondGeneration) -> None:
        """Take the second generation."""
        self._beside = beside

    async def __call__(self, *, although_different: bool) -> None:
        """Compare, and switch where nothing differs or it was said to. Raises as comparing."""
        async with self._beside.alone():
            comparison = await _compared(self._beside)
            if comparison.records.number:
                raise RebuildRefused(
                    f"{comparison.records.number} records come out otherwise, the first is"
                    f" {comparison.records.first}: what was recorded and signed stays"
                )
            if not (comparison.same or although_different):
                raise RebuildRefused(
                    f"{len(comparison.differing)} tables differ: `rebuild compare` says how, and"
                    " --although-different switches all the same"
                )
            await self._beside.take_over(leaving=Role.OLD)


class SwitchBack:
    """Put the old generation back in its place; the one that was switched to stays as the new."""

    def __init__(self, beside: SecondGeneration) -> None:
        """Take the second generation."""
        self._beside = beside

    async def __call__(self) -> None:
        """Bring the old one up to the live one, and switch. Raises RebuildRefused, Stopped."""
        async with self._beside.alone():
            await self._beside.found(Role.OLD)
            await self._beside.catch_up()
            await self._beside.take_over(leaving=Role.NEW)


class DropGeneration:
    """Remove the generation beside the live one."""

    def __init__(self, beside: SecondGeneration) -> None:
        """Take the second generation."""
        self._beside = beside

    async def __call__(self) -> None:
        """Remove it. Raises RebuildRefused where there is none."""
        async with self._beside.alone():
            if not await self._beside.generations.drop(self._beside.scheme):
                raise RebuildRefused(f"{self._beside.scheme} has no generation beside the live one")


async def _compared(beside: SecondGeneration) -> Comparison:
    await beside.found(Role.NEW)
    await beside.catch_up()
    async with AsyncExitStack() as opened:
        # Records wait until the view is open, not until it is compared.
        async with beside.even():
            view = await opened.enter_async_context(beside.generations.view(beside.scheme))
        comparison = await view.compare()
    await beside.generations.note(beside.scheme, comparison.as_object())
    return comparison


def _how_it_differs(found: Second) -> str:
    return f"record {found.differs_at} came out otherwise: `rebuild compare` says how, or drop it"
