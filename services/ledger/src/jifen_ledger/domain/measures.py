"""Measures and expected points as events carry them, in the fold's terms."""

from __future__ import annotations

from collections.abc import Mapping

from jifen_contracts.codes import Code
from jifen_contracts.events.measures import Measure, Measures
from jifen_contracts.events.parts import CapacityPoints
from jifen_contracts.points import parse_points
from jifen_ledger.domain.claim import Measured, Worth
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.score import CAPACITIES


def measure_of(measures: Measures) -> Mapping[str, Measured]:
    """Return the measure of each capacity that is named, in the order of the accounts."""
    found: dict[str, Measured] = {}
    if measures.committee is not None:
        found["committee"] = _measured(measures.committee)
    if measures.member is not None:
        found["member"] = _measured(measures.member)
    if measures.unit is not None:
        found["unit"] = _measured(measures.unit)
    return found


def _measured(one: Measure) -> Measured:
    return Measured(one.required, one.excused, one.done, one.count, one.tier, one.answers)


def points_of(points: CapacityPoints) -> Mapping[str, int]:
    """Return the tenths of each capacity that is named."""
    named = ((capacity, getattr(points, capacity)) for capacity in CAPACITIES)
    return {capacity: parse_points(text) for capacity, text in named if text is not None}


def check_expected_points(points: CapacityPoints | None, worth: Worth) -> None:
    """Refuse by `points_mismatch` an expectation that is not the scheme's value."""
    if points is not None and points_of(points) != worth.raw:
        raise Refused(Code.POINTS_MISMATCH)
