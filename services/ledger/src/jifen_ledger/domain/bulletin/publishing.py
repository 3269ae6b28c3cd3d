"""Keeps the lines that a frozen revision publishes, so that none of its sheets is read for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jifen_ledger.domain.bulletin.content import Adjustment, Content
from jifen_ledger.domain.published_lines import PublishedLine
from jifen_ledger.domain.state import State


def publish_lines(state: State, content: Content) -> None:
    """Keep a line for each of the revision's, and for each figure that an adjustment moved."""
    for line in content.lines:
        _publish(state, content, line.holder, line.capacity, content.quarter, partial=line.partial)
    # What moves an earlier quarter after this is booked, and listed, in a later one.
    if content.revision == 1:
        for holder, capacity, quarter in adjusted(content.adjustments):
            _publish(state, content, holder, capacity, quarter)


def adjusted(adjustments: Iterable[Adjustment]) -> list[tuple[str, str, str]]:
    """Return holder, capacity and quarter of the figures that adjustments moved, each once."""
    return sorted({(one.holder, one.capacity, one.quarter) for one in adjustments})


def _publish(
    state: State,
    content: Content,
    holder: str,
    capacity: str,
    quarter: str,
    *,
    partial: bool = False,
) -> None:
    figures = state.figures.get((holder, capacity, quarter))
    line = PublishedLine(
        content.upto_seq,
        content.branch,
        content.quarter,
        content.revision,
        holder,
        capacity,
        quarter,
        figures.score,
        figures.earned,
        figures.applicable,
        figures.bonus,
        figures.deductions,
        figures.severe,
        figures.zeroed,
        partial,
        _some(figures.categories),
        _some(figures.bonuses),
    )
    state.add("published_lines", content.upto_seq, line)


def _some(tenths: Mapping[str, int]) -> Mapping[str, int]:
    """Return the categories that have points: figures read back name no others."""
    return {category: value for category, value in tenths.items() if value}
