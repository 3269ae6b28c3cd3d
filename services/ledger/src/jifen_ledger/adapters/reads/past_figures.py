"""Reads one holder's figures as they stood, counted anew from the claims of then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jifen_contracts.periods import quarter_of
from jifen_ledger.adapters.reads.figures import FigureReads
from jifen_ledger.adapters.reads.past_claims import PastClaimReads
from jifen_ledger.adapters.reads.past_vetoes import judged, zero_vetoes
from jifen_ledger.application.queries.scores import QuarterFigures
from jifen_ledger.domain.claim import ClaimState
from jifen_ledger.domain.figures_then import FiguresByQuarter, figures_of_claims
from jifen_ledger.domain.score import CAPACITIES
from jifen_ledger.domain.versions import line_of


class PastFigureReads(PastClaimReads, FigureReads):
    """The figures of one scheme at a moment that may have passed."""

    async def figures_then(self, holder: str) -> FiguresByQuarter:
        """Return all figures of the holder by (capacity, quarter)."""
        found = figures_of_claims(await self.versions(), await self.claims_of(holder))
        vetoes = await zero_vetoes(self._connection, self._scheme, self.at)
        return {key: judged(one, vetoes, holder, key[1], self.as_of) for key, one in found.items()}

    async def figures(self, holder: str, quarters: Sequence[str]) -> Sequence[QuarterFigures]:
        """Return the holder's figures of these quarters, those without any left out."""
        found = await self.figures_then(holder)
        return [
            QuarterFigures(capacity, quarter, found[capacity, quarter])
            for capacity in CAPACITIES
            for quarter in sorted(quarters)
            if (capacity, quarter) in found and found[capacity, quarter].any
        ]

    async def category_deductions(
        self, holder: str, capacity: str, quarters: Sequence[str]
    ) -> Mapping[tuple[str, str], int]:
        """Return deductions in force by (quarter, category), in tenths."""
        versions = await self.versions()
        sums: dict[tuple[str, str], int] = {}
        for claim in await self.claims_of(holder):
            if claim.state is not ClaimState.VERIFIED or capacity not in claim.worth.raw:
                continue
            quarter = quarter_of(claim.deed_date)
            if quarter in quarters and line_of(versions, claim, capacity).kind == "deduct":
                key = (quarter, claim.item[0])
                sums[key] = sums.get(key, 0) - claim.worth.raw[capacity]
        return sums
