"""The radar of the four categories: one axis each, as long as the bulletin's values are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jifen_contracts.points import parse_points
from jifen_ledger.application.queries.radar import CapacityRadar, RadarAxis

CENTRE: Final = 130
REACH: Final = 82
_STEP: Final = 100
_RINGS: Final = 4
# Where a label stands from the end of its axis: above, right, below, left.
_LABELS: Final = ((0, -8, "middle"), (7, 4, "start"), (0, 16, "middle"), (-7, 4, "end"))


@dataclass(frozen=True, slots=True)
class Axis:
    """A category: its value, the end of its axis, and where its label stands."""

    told: RadarAxis
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing of one capacity; `outer` is the value at the end of each axis.

    `median` is the same shape for the middle of the branch, where it is shown.
    """

    told: CapacityRadar
    axes: Sequence[Axis]
    area: str
    median: str | None
    dots: Sequence[tuple[float, float]]
    rings: Sequence[str]
    outer: str


def drawing_of(told: CapacityRadar) -> Drawing:
    """Return the drawing; a category below zero is drawn at the centre and named in full."""
    values = [parse_points(one.points) for one in told.axes]
    medians = [parse_points(one.median) for one in told.axes if one.median is not None]
    outer = _outer(max([*values, *medians], default=0))
    corners = len(told.axes)
    dots = [_at(place, corners, max(0, value) / outer) for place, value in enumerate(values)]
    middle = [_at(place, corners, max(0, value) / outer) for place, value in enumerate(medians)]
    return Drawing(
        told=told,
        axes=[_axis(place, one) for place, one in enumerate(told.axes)],
        area=_path(dots),
        median=_path(middle) if len(medians) == corners else None,
        dots=dots,
        rings=[
            _path([_at(place, corners, ring / _RINGS) for place in range(corners)])
            for ring in range(1, _RINGS + 1)
        ],
        outer=f"{outer // 10}",
    )


def _outer(most: int) -> int:
    """Return the value at the end of the axes: the next whole ten points, at least ten."""
    return max(_STEP, -(-most // _STEP) * _STEP)


def _axis(place: int, told: RadarAxis) -> Axis:
    # A scheme has four categories: its lint sees to that.
    x, y = _at(place, len(_LABELS), 1)
    across, down, anchor = _LABELS[place]
    return Axis(told, x, y, x + across, y + down, anchor)


def _at(place: int, corners: int, share: float) -> tuple[float, float]:
    angle = 2 * math.pi * place / corners - math.pi / 2
    return (
        round(CENTRE + REACH * share * math.cos(angle), 1),
        round(CENTRE + REACH * share * math.sin(angle), 1),
    )


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in corners)
