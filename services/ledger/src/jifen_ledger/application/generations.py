"""Generations of a scheme's tables: the live one, and one beside it that is new or old."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from jifen_ledger.application.comparison import Comparison


class Role(StrEnum):
    """What the generation beside the live one is."""

    # Being built, or waiting for the switch.
    NEW = "new"
    # Left by a switch, for the way back.
    OLD = "old"


class Second(NamedTuple):
    """The generation beside the live one.

    `unfit` says why it cannot be gone on with, "" where it can. `differs_at` is the first record
    that came out otherwise when it was built.
    """

    role: Role
    size: int
    unfit: str = ""
    differs_at: int | None = None
    comparison: Mapping[str, Any] | None = None


class Exchange(Protocol):
    """The scheme while no record comes."""

    size: int

    async def take_over(self, leaving: Role | None) -> None:
        """Put the second generation in the place of the live one, which stays beside it.

        Without a role for what leaves, nothing stays.
        """


class View(Protocol):
    """Both generations at one moment, whatever is written meanwhile."""

    async def compare(self) -> Comparison:
        """Return where they differ."""


class Generations(Protocol):
    """The tables of both generations."""

    async def recorded(self, scheme: str) -> int:
        """Return how many records the scheme has."""

    async def second(self, scheme: str) -> Second | None:
        """Return the generation beside the live one, None where there is none."""

    async def begin(self, scheme: str) -> None:
        """Make an empty new generation, in the place of one that is there."""

    def held(self, scheme: str) -> AbstractAsyncContextManager[Exchange]:
        """Keep records from coming until the block ends."""

    def view(self, scheme: str) -> AbstractAsyncContextManager[View]:
        """Look at both generations as they are when the block begins."""

    async def note(self, scheme: str, comparison: Mapping[str, Any]) -> None:
        """Keep with the generation what a comparison has found."""

    async def drop(self, scheme: str) -> bool:
        """Remove the generation beside the live one; return whether there was one."""


class RebuildRefused(Exception):  # noqa: N818 - an answer to whoever asked for the step
    """The step is not one that can be taken now; the text says why, and what can be done."""
