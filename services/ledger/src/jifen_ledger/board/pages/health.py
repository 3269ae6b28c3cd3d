"""A health check (体检表) line by line: what was measured, the light, and the scheme's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jifen_contracts.points import format_points
from jifen_contracts.scheme.terms import HealthLine
from jifen_ledger.application.queries.bulletins import BulletinAnswer
from jifen_ledger.board.visits import Visit

_PERCENT: Final = 1_000


@dataclass(frozen=True, slots=True)
class HealthRow:
    """A line of the check; `value` is in the line's own scale, None where nothing was measured."""

    line: HealthLine
    light: str
    part: int
    whole: int
    value: str | None
    stays_red: bool


def health_rows(visit: Visit, bulletin: BulletinAnswer | None) -> Sequence[HealthRow]:
    """Return the lines of a bulletin's check, with the names and limits of the scheme."""
    if bulletin is None or visit.version is None:
        return ()
    limits = {one.code: one for one in visit.version.document.health}
    checked: Sequence[Mapping[str, Any]] = bulletin.content["health"]
    return [_row(limits[one["line"]], one) for one in checked if one["line"] in limits]


def _row(line: HealthLine, checked: Mapping[str, Any]) -> HealthRow:
    part, whole = checked["part"], checked["whole"]
    value: str | None = None
    if whole:
        factor = _PERCENT if line.scale == "percent" else 10
        value = format_points((2 * factor * part + whole) // (2 * whole))
    stays = checked.get("stays_red", False)
    return HealthRow(line, checked["light"], part, whole, value, stays)
