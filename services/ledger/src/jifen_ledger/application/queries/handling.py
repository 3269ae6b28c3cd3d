"""Who handles the cases of a branch: its reviewers, and its panel wherever they are at home."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Protocol

from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.rights import sees_case
from jifen_ledger.domain.claim import Claim


class PanelReads(Protocol):
    """What is asked of panels."""

    async def panel_members(self, branch: str, day: date) -> Sequence[str]:
        """Return the members of the panel that answers for the branch on the day."""


class CaseReads(Protocol):
    """What is asked of cases as they are by now."""

    async def claims_now(self, ids: Collection[str]) -> Sequence[Claim]:
        """Return these claims as they stand now, by seq."""


async def cases_by_now(
    reads: CaseReads, asked: Asked, branches: Collection[str], claims: Sequence[Claim]
) -> Sequence[Claim]:
    """Return those of the branches' claims that are the reader's cases by now.

    At an earlier moment a claim may have been of a branch whose business it is no longer.
    """
    if not asked.moment or not claims:
        return claims
    now = {one.id: one.branch for one in await reads.claims_now([one.id for one in claims])}
    return [
        one for one in claims if now[one.id] in branches or sees_case(asked.reader, now[one.id], ())
    ]


async def handles_cases(reads: PanelReads, asked: Asked, branch: str) -> bool:
    """Tell whether the branch's cases are the reader's; staff delegates have no branch."""
    if sees_case(asked.reader, branch, ()):
        return True
    return sees_case(asked.reader, branch, tuple(await reads.panel_members(branch, asked.read_on)))
