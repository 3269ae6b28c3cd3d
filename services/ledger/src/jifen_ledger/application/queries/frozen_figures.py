"""The figures of a holder as bulletins have them: lines of full sheets, never counted anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jifen_contracts.canonical import decode
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.score import Figures


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """One line of a bulletin: a holder in one capacity."""

    holder: str
    capacity: str
    figures: Figures
    partial: bool

    @property
    def scored(self) -> bool:
        """Tell whether enough was applicable for a score."""
        return self.figures.score is not None


def frozen_lines(bulletin: Bulletin) -> Iterator[FrozenLine]:
    """Yield every line of the full sheet."""
    lines: Any = decode(bulletin.full_sheet)["holders"]
    for line in lines:
        partial = line.get("partial", False)
        yield FrozenLine(line["holder"], line["capacity"], _figures(line), partial)


def frozen_figures(bulletins: Sequence[Bulletin], holder: str) -> Mapping[tuple[str, str], Figures]:
    """Return the holder's figures by (capacity, quarter); what was frozen last counts."""
    return {
        (line.capacity, bulletin.quarter): line.figures
        for bulletin in bulletins
        for line in frozen_lines(bulletin)
        if line.holder == holder
    }


def _figures(line: Mapping[str, Any]) -> Figures:
    points, bonuses = (
        {category.upper(): tenths for category, tenths in line[part].items()}
        for part in ("points", "bonus")
    )
    figures = Figures(
        line["base_earned"],
        line["base_applicable"],
        sum(bonuses.values()),
        line["deductions"],
        points,
        bonuses,
    )
    if figures.score != line.get("score"):
        # The line does not say why its score is 0: only a zero veto makes it other than the sum.
        figures = replace(figures, zeroed=True)
    assert figures.score == line.get("score"), "the parts of a frozen line give its score"
    return figures
