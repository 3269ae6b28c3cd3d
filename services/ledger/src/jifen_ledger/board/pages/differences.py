"""Figures that a revision of a bulletin changed, in words."""

from __future__ import annotations

import re
from typing import Final

from jifen_contracts.points import format_points
from jifen_ledger.board.languages import Texts
from jifen_ledger.board.wording import points

_OF_HEALTH: Final = re.compile(r"(h[0-9]{2})_(light|part|whole)")
# Amounts are in tenths; everything else is a count or a word.
_AMOUNTS: Final = re.compile(
    r"base_.*|bonus_.*|points_.*|excess|deductions|score|band|h08_(part|whole)"
)


def figure_name(texts: Texts, figure: str) -> str:
    """Return what a figure of the list of differences is called."""
    health = _OF_HEALTH.fullmatch(figure)
    if health is not None:
        return texts(f"difference.{health[2]}", line=health[1].upper())
    for group in ("bulletin_column", "difference"):
        if texts.has(f"{group}.{figure}"):
            return texts(f"{group}.{figure}")
    return figure


def figure_value(texts: Texts, figure: str, value: int | str | bool) -> str:  # noqa: FBT001
    """Return a side of a difference as it is written."""
    if isinstance(value, bool):
        return texts("bulletin.partial")
    if isinstance(value, int):
        return points(format_points(value)) if _AMOUNTS.fullmatch(figure) else f"{value:,}"
    return texts.word("light", value) if figure.endswith("_light") else value
