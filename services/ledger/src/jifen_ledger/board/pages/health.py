"""A health check (体检表) line by line: what was measured, the light, and the scheme's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jifen_contracts.points import half_up
from jifen_contracts.scheme.terms import HealthLine
from jifen_ledger.application.queries.bulletins import BulletinAnswer
from jifen_ledger.board.languages import Texts
from jifen_ledger.board.visits import Visit
from jifen_ledger.board.wording import count, tenths

_PERCENT: Final = 1_000
_SIGNS: Final = {"high": "≥", "low": "≤"}
# What is compared there is points; all other parts and wholes are numbers of things.
OF_POINTS: Final = frozenset({"H08"})


@dataclass(frozen=True, slots=True)
class HealthRow:
    """A line of the check, as it is written; `value` is None where nothing was measured.

    `share` is None where the value is a plain number, and no part of anything.
    """

    line: HealthLine
    light: str
    value: str | None
    share: str | None
    green: str
    amber: str
    stays_red: bool


def health_rows(visit: Visit, bulletin: BulletinAnswer | None) -> Sequence[HealthRow]:
    """Return the lines of a bulletin's check, with the names and limits of the scheme."""
    if bulletin is None or visit.version is None:
        return ()
    limits = {one.code: one for one in visit.version.document.health}
    checked: Sequence[Mapping[str, Any]] = bulletin.content["health"]
    texts = visit.sheet.texts
    return [health_row(texts, limits[one["line"]], one) for one in checked if one["line"] in limits]


def health_row(texts: Texts, line: HealthLine, checked: Mapping[str, Any]) -> HealthRow:
    """Return a line in the unit that it is measured in: per cent, working days, a count, a level.

    A count of things for each of many is a mean, with one decimal; any other is whole.
    """
    part, whole = checked["part"], checked["whole"]
    least = 1 if _is_share(line) else 2
    return HealthRow(
        line=line,
        light=checked["light"],
        value=_value(texts, line, part, whole) if whole else None,
        share=_share(line, part, whole) if whole >= least else None,
        green=_limit(texts, line, line.green),
        amber=_limit(texts, line, line.amber),
        stays_red=checked.get("stays_red", False),
    )


def _is_share(line: HealthLine) -> bool:
    return line.scale == "percent"


def _value(texts: Texts, line: HealthLine, part: int, whole: int) -> str:
    if _is_share(line):
        return f"{tenths(half_up(_PERCENT * part, whole))} %"
    if whole > 1:
        return tenths(half_up(10 * part, whole))
    return _level(texts, str(part)) if line.scale == "level" else count(part)


def _share(line: HealthLine, part: int, whole: int) -> str:
    shown = tenths if line.code in OF_POINTS else count
    return f"{shown(part)} / {shown(whole)}"


def _limit(texts: Texts, line: HealthLine, limit: str) -> str:
    """Return a limit of the scheme, as it is written there."""
    if line.scale == "level":
        return f"= {_level(texts, limit)}"
    return f"{_SIGNS[line.better]} {limit}{' %' if _is_share(line) else ''}"


def _level(texts: Texts, level: str) -> str:
    known = texts.has(f"health_level.{level}")
    return texts.word("health_level", level) if known else level
