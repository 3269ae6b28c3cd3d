"""Points: exact tenths inside, decimal strings with at most one decimal on the wire."""

import re
from typing import Annotated, Final

from pydantic import StringConstraints

POINTS_TENTHS_MAX: Final = 1_000_000

_SMALL = r"(?:0|[1-9][0-9]{0,4})(?:\.[0-9])?"
_LARGEST = r"100000(?:\.0)?"
PRICE_PATTERN: Final = rf"^(?:{_SMALL}|{_LARGEST})$"
# Zero has no sign: "-0" would be a second spelling of the same amount.
POINTS_PATTERN: Final = rf"^(?:{_SMALL}|-0\.[1-9]|-[1-9][0-9]{{0,4}}(?:\.[0-9])?|-?{_LARGEST})$"

PointsText = Annotated[str, StringConstraints(pattern=POINTS_PATTERN)]
PriceText = Annotated[str, StringConstraints(pattern=PRICE_PATTERN)]

_POINTS = re.compile(POINTS_PATTERN[1:-1])


def parse_points(text: str) -> int:
    """Return the amount in tenths; ValueError unless it is an exact amount of at most 100,000."""
    if _POINTS.fullmatch(text) is None:
        raise ValueError(f"not an amount of points: {text[:20]!r}")
    whole, _, tenth = text.partition(".")
    tenths = int(whole.lstrip("-")) * 10 + int(tenth or "0")
    return -tenths if text[0] == "-" else tenths


def format_points(tenths: int) -> str:
    """Return the shortest decimal string of the amount: "2.5", "3", "-0.5"."""
    whole, tenth = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"


def half_up(a: int, b: int) -> int:
    """Return a ÷ b rounded half up, for a ≥ 0 and b > 0."""
    assert a >= 0, "half_up is defined for a >= 0"
    assert b > 0, "half_up is defined for b > 0"
    return (2 * a + b) // (2 * b)
