"""Reads one holder's figures as they stood, counted anew from the claims of then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
        return (await self.figures_of_each([holder]))[holder]

    async def figures_of_each(self, holders: Collection[str]) -> Mapping[str, FiguresByQuarter]:
        """Return the same of several holders, asked for together."""
        versions, claims = await self.versions(), await self.claims_of_each(holders)
        vetoes = await zero_vetoes(self._connection, self._scheme, self.at)
        return {
            holder: {
                key: judged(one, vetoes, holder, key[1], self.as_of)
                for key, one in figures_of_claims(versions, own).items()
            }
            for holder, own in claims.items()
        }

    async def figures(self, holder: str, quarters: Sequence[str]) -> Sequence[QuarterFigures]:
        """Return the holder's figures of these quarters, those without any left out."""
        found = await self.figures_then(holder)
        return [
            QuarterFigures(capacity, quarter, found[capacity, quarter])
            for capacity in CAPACITIES
            for quarter in sorted(quarters)
            if (capacity, quarter) in found and found[capacity, quarter].any
        ]
