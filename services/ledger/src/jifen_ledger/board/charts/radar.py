"""The radar of the four categories: one axis each, as long as the bulletin's values are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jifen_contracts.points import parse_points
from jifen_ledger.application.queries.published_lines import CATEGORIES, PublishedLine
from jifen_ledger.board.visits import Visit

CENTRE: Final = 130
REACH: Final = 82
_STEP: Final = 100
_RINGS: Final = 4
# Where a label stands from the end of its axis: above, right, below, left.
_LABELS: Final = ((0, -8, "middle"), (7, 4, "start"), (0, 16, "middle"), (-7, 4, "end"))


@dataclass(frozen=True, slots=True)
class Axis:
    """A category: its value, the end of its axis, and where its label and value stand."""

    code: str
    name: str
    value: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Radar:
    """The drawing of one published line; `outer` is the value at the end of each axis."""

    line: PublishedLine
    axes: Sequence[Axis]
    area: str
    dots: Sequence[tuple[float, float]]
    rings: Sequence[str]
    outer: str


def radar_of(visit: Visit, line: PublishedLine) -> Radar:
    """Return the drawing; a category below zero is drawn at the centre and named in full."""
    values = [parse_points(line.points[code]) for code in CATEGORIES]
    outer = _outer(max(values, default=0))
    names = dict(visit.categories)
    dots = [_at(place, max(0, value) / outer) for place, value in enumerate(values)]
    return Radar(
        line=line,
        axes=[_axis(place, code, names.get(code, code), line) for place, code in _numbered()],
        area=_path(dots),
        dots=dots,
        rings=[
            _path([_at(place, ring / _RINGS) for place in range(len(CATEGORIES))])
            for ring in range(1, _RINGS + 1)
        ],
        outer=f"{outer // 10}",
    )


def _numbered() -> list[tuple[int, str]]:
    return list(enumerate(CATEGORIES))


def _outer(most: int) -> int:
    """Return the value at the end of the axes: the next whole ten points, at least ten."""
    return max(_STEP, -(-most // _STEP) * _STEP)


def _axis(place: int, code: str, name: str, line: PublishedLine) -> Axis:
    x, y = _at(place, 1)
    across, down, anchor = _LABELS[place]
    return Axis(code, name, line.points[code], x, y, x + across, y + down, anchor)


def _at(place: int, share: float) -> tuple[float, float]:
    angle = 2 * math.pi * place / len(CATEGORIES) - math.pi / 2
    return (
        round(CENTRE + REACH * share * math.cos(angle), 1),
        round(CENTRE + REACH * share * math.sin(angle), 1),
    )


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in corners)
