"""Reads one holder's figures as they stood, counted anew from the claims of then."""

from __future__ import annotations

from collections.abc import Sequence

from jifen_ledger.adapters.reads.figures import FigureReads
from jifen_ledger.adapters.reads.past_claims import PastClaimReads
from jifen_ledger.adapters.reads.past_vetoes import judged, zero_vetoes
from jifen_ledger.application.queries.scores import QuarterFigures
from jifen_ledger.domain.figures_then import FiguresByQuarter, figures_of_claims
from jifen_ledger.domain.score import CAPACITIES


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
