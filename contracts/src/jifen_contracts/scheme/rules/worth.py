"""Rule 4: which line has which mode and caps, and 60.0 base points a quarter per capacity."""

from collections.abc import Iterator
from typing import Final

from jifen_contracts.ids import Capacity
from jifen_contracts.points import format_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import Kind, RatioLine
from jifen_contracts.scheme.rules.finding import Finding
from jifen_contracts.scheme.rules.walk import Place, caps_given, earned_amounts, places, tenths_of

BASE_TENTHS: Final = 600
MONTHS_IN_QUARTER: Final = 3
CAPACITIES: Final[tuple[Capacity, ...]] = ("committee", "member", "unit")
MODES: Final[dict[Kind, tuple[str, ...]]] = {
    "base": ("R",),
    "bonus": ("E", "T", "S"),
    "deduct": ("D",),
}


def check_worth(document: SchemeDocument) -> Iterator[Finding]:
    """Yield what breaks rule 4."""
    for place in places(document):
        for field, message in _broken(place):
            yield Finding(4, f"{place.path}{field}", message)
        for amount in earned_amounts(place.path, place.line):
            value = tenths_of(amount.text)
            if value is not None and value <= 0:
                yield Finding(4, amount.path, f"{amount.text} must be above 0.")
    yield from _sums(document)


def _broken(place: Place) -> Iterator[tuple[str, str]]:
    line = place.line
    modes = MODES[line.kind]
    if line.mode not in modes:
        wanted = " or ".join(modes)
        yield ".mode", f"A {line.kind} line has mode {wanted}, not {line.mode}."
    caps = list(caps_given(place.path, line.caps))
    if line.kind == "bonus":
        if line.caps.quarter is None and line.caps.year is None:
            yield ".caps", "A bonus line needs a cap of the quarter or of the year."
    elif caps:
        yield ".caps", f"A {line.kind} line has no caps: take them out."


def _sums(document: SchemeDocument) -> Iterator[Finding]:
    for capacity in CAPACITIES:
        maxima = [
            _quarter_tenths(place.line)
            for place in places(document)
            if place.capacity == capacity
            and place.line.kind == "base"
            and isinstance(place.line, RatioLine)
        ]
        exact = [tenths for tenths in maxima if tenths is not None]
        # An inexact maximum is rule 5's; the sum is asked for once it is mended.
        if not exact or len(exact) != len(maxima):
            continue
        surplus = sum(exact) - BASE_TENTHS
        if surplus:
            mend = "take off" if surplus > 0 else "add"
            message = (
                f"The base lines of capacity {capacity} come to {_points(sum(exact))} a quarter "
                f"and must come to 60.0: {mend} {_points(abs(surplus))}."
            )
            yield Finding(4, f"base.{capacity}", message)


def _quarter_tenths(line: RatioLine) -> int | None:
    most = tenths_of(line.max)
    if most is None:
        return None
    return most * (MONTHS_IN_QUARTER if line.per == "month" else 1)


def _points(tenths: int) -> str:
    return format_points(tenths) if tenths % 10 else f"{format_points(tenths)}.0"
