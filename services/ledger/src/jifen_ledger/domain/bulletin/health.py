"""The health check (体检表) of a branch's quarter: lights by the scheme's limits (domain.md §6.5).

No line posts points or triggers anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jifen_contracts.points import parse_points
from jifen_contracts.scheme import terms
from jifen_ledger.domain.lights import Light

# Limits are in tenths; a share of one is a hundred per cent.
_FACTORS = {"percent": 1000, "days": 10, "count": 10, "level": 10}


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, or a plain number where the whole is 1."""

    part: int = 0
    whole: int = 0


NO_SHARE = Share()


class HealthLine(NamedTuple):
    """One line: what was measured, `part` of `whole`, and what that shows.

    `stays_red` tells that the quarter itself was better, but an earlier fault is not yet fixed.
    """

    line: str
    light: Light
    part: int
    whole: int
    stays_red: bool = False


def health_check(
    lines: Sequence[terms.HealthLine], measured: Mapping[str, Share], still_red: Collection[str]
) -> tuple[HealthLine, ...]:
    """Return the scheme's lines; those in `still_red` stay red until their fix is confirmed."""
    checked = [_checked(line, measured.get(line.code, NO_SHARE)) for line in lines]
    return tuple(_kept_red(line) if line.line in still_red else line for line in checked)


def red_lines(lines: Sequence[HealthLine]) -> frozenset[str]:
    """Return the lines that are red."""
    return frozenset(line.line for line in lines if line.light is Light.RED)


def _checked(line: terms.HealthLine, share: Share) -> HealthLine:
    return HealthLine(line.code, _light(line, share), share.part, share.whole)


def _light(line: terms.HealthLine, share: Share) -> Light:
    if share.whole < max(1, line.min_n or 0):
        return Light.GREY
    if _reaches(line, share, line.green):
        return Light.GREEN
    return Light.AMBER if _reaches(line, share, line.amber) else Light.RED


def _reaches(line: terms.HealthLine, share: Share, limit: str) -> bool:
    value, least = _FACTORS[line.scale] * share.part, parse_points(limit) * share.whole
    return value >= least if line.better == "high" else value <= least


def _kept_red(line: HealthLine) -> HealthLine:
    if line.light is Light.RED:
        return line
    return line._replace(light=Light.RED, stays_red=True)
