"""Published figures of one holder, and what adjustments in later bulletins made of them.

A late fact makes no revision: it is an adjustment in the next bulletin and counts in the year score
(domain.md §5.4). So a quarter keeps the score that its own bulletin says, and beside it stands the
one that the year counts, with the bulletin that lists why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jifen_contracts.points import format_points
from jifen_ledger.domain.published_lines import PublishedLine
from jifen_ledger.domain.score import Figures


@dataclass(frozen=True, slots=True)
class AdjustedScore:
    """The score after adjustments, which the year counts, and the bulletin that lists them.

    It is null where the quarter is not scored.
    """

    score: str | None
    branch: str
    quarter: str
    revision: int
    seq: int


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """One capacity in one quarter: the line of its own bulletin, and the last one adjusted."""

    line: PublishedLine
    adjusted: PublishedLine | None

    @property
    def counted(self) -> Figures:
        """What the year counts."""
        return (self.adjusted or self.line).figures

    @property
    def adjusted_score(self) -> AdjustedScore | None:
        """The score after adjustments, None where there are none."""
        return None if self.adjusted is None else adjusted_score(self.adjusted)


def adjusted_score(line: PublishedLine) -> AdjustedScore:
    """Return what an adjusted line says."""
    score = None if line.score is None else format_points(line.score)
    return AdjustedScore(score, line.branch, line.quarter, line.revision, line.seq)


def published_figures(lines: Sequence[PublishedLine]) -> Sequence[PublishedFigures]:
    """Return what holds of one holder's lines: of each quarter, what was published last counts.

    Whom the last revision no longer lists is not brought back by an adjustment.
    """
    own: dict[tuple[str, str], PublishedLine] = {}
    later: dict[tuple[str, str], PublishedLine] = {}
    for line in lines:
        (later if line.adjusts else own)[line.capacity, line.of_quarter] = line
    found = []
    for key, line in own.items():
        adjusted = later.get(key)
        # A revision of the quarter itself has taken in what was adjusted before it.
        newer = adjusted is not None and adjusted.seq > line.seq
        found.append(PublishedFigures(line, adjusted if newer else None))
    return found


def published_at(lines: Sequence[PublishedLine], capacity: str, period: str) -> dict[str, int]:
    """Return the record that published what is shown of each quarter.

    A bulletin is a function of the records up to its own (domain.md §5.4), so what is behind its
    figures is what was known after it; a year counts those that a later one adjusted.
    """
    return {
        one.line.quarter: one.line.seq if "Q" in period else (one.adjusted or one.line).seq
        for one in published_figures(lines)
        if one.line.capacity == capacity
    }
