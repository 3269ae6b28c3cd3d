"""Both capacities in one coordinate system (同一坐标): a person is one point with two values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jifen_contracts.points import parse_points
from jifen_ledger.application.queries.years import Year

SIZE: Final = 200
LEFT: Final = 38
TOP: Final = 14
_FULL_TENTHS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Plane:
    """Where the point is; a plain member has the first coordinate only and stands on its axis.

    Who sees the second coordinate alone gets the line that the point is somewhere on.
    """

    member: str | None
    committee: str | None
    x: float
    y: float

    @property
    def line_only(self) -> bool:
        return self.member is None

    @property
    def both(self) -> bool:
        return self.member is not None and self.committee is not None


def plane_of(year: Year) -> Plane | None:
    """Return the drawing, None where no capacity was scored or the reader sees none."""
    point = year.point
    if point.member is None and point.committee is None:
        return None
    return Plane(
        point.member,
        point.committee,
        LEFT + _along(point.member),
        TOP + SIZE - _along(point.committee),
    )


def _along(score: str | None) -> float:
    return 0 if score is None else round(SIZE * parse_points(score) / _FULL_TENTHS, 1)
