"""Who handles the cases of a branch: its reviewers, and its panel wherever they are at home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.rights import sees_case


class PanelReads(Protocol):
    """What is asked of panels."""

    async def panel_members(self, branch: str, day: date) -> Sequence[str]:
        """Return the members of the panel that answers for the branch on the day."""


async def handles_cases(reads: PanelReads, asked: Asked, branch: str) -> bool:
    """Tell whether the branch's cases are the reader's; staff delegates have no branch."""
    if sees_case(asked.reader, branch, ()):
        return True
    return sees_case(asked.reader, branch, tuple(await reads.panel_members(branch, asked.read_on)))
