"""What bulletins published of a holder's figures, line by line (domain.md §5.4).

A revision publishes the figures of its quarter. Its first one also lists the adjustments (上期调整)
that were booked in the quarter, and thereby publishes what they made of earlier quarters: the
bulletins of those stay as they are, and the year score counts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jifen_ledger.domain.claim import NOTHING
from jifen_ledger.domain.score import Figures


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """The figures of one capacity in `of_quarter`, as the bulletin of `quarter` published them.

    An earlier `of_quarter` is one that the bulletin lists an adjustment of. `partial` marks a
    person whose home branch was another one for a part of the quarter.
    """

    seq: int
    branch: str
    quarter: str
    revision: int
    holder: str
    capacity: str
    of_quarter: str
    score: int | None
    earned: int
    applicable: int
    bonus: int
    deductions: int
    severe: int
    zeroed: bool
    partial: bool
    categories: Mapping[str, int] = field(default_factory=lambda: NOTHING, hash=False)
    bonuses: Mapping[str, int] = field(default_factory=lambda: NOTHING, hash=False)

    @property
    def figures(self) -> Figures:
        """The figures that the line says."""
        return Figures(
            self.earned,
            self.applicable,
            self.bonus,
            self.deductions,
            self.categories,
            self.bonuses,
            self.severe,
            self.zeroed,
        )

    @property
    def adjusts(self) -> bool:
        """Tell whether the figures are those of an earlier quarter, after adjustments."""
        return self.of_quarter != self.quarter
