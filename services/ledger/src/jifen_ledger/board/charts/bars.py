"""Bars of scores: lengths on the scale of 0 to 100."""

from __future__ import annotations

from typing import Final

from jifen_contracts.points import parse_points

WIDTH: Final = 120
_FULL_TENTHS: Final = 1_000


def bar_width(score: str | None) -> int:
    """Return the length of a score's bar, 0 for none."""
    return 0 if score is None else round(WIDTH * max(0, parse_points(score)) / _FULL_TENTHS)
