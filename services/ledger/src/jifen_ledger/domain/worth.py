"""What a measure is worth (domain.md §4.2): the item and measure codes, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from jifen_contracts.codes import Code
from jifen_contracts.periods import month_of, quarter_of
from jifen_contracts.points import half_up
from jifen_contracts.scheme.catalogue import Catalogue, Item, Line
from jifen_ledger.domain.claim import Measured, Worth
from jifen_ledger.domain.held import Held
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.pacts import check_pact
from jifen_ledger.domain.registers import Split
from jifen_ledger.domain.state import State


class Stated(NamedTuple):
    """What a claim states, as sent or as a reviewer changed it."""

    item: str
    deed: str
    day: date
    measure: Mapping[str, Measured]
    counterpart: tuple[str, ...]
    project: str | None
    signed: str | None


def worth_of(state: State, held: Held, catalogue: Catalogue, stated: Stated) -> Worth:
    """Return the worth of the measure; the item exists in the version in force.

    Raises `capacity_not_held`, `item_not_applicable` (also where an overlay excludes the item),
    `dual_incomplete`, `pact_not_in_force`, `shares_missing`, `measure_invalid`.
    """
    item = _applicable_item(held, catalogue, stated)
    check_pact(state, item, stated.counterpart, held.holder, stated.day)
    split = _split(state, held, item, stated)
    raw: dict[str, int] = {}
    applicable: dict[str, int] = {}
    for capacity in sorted(stated.measure):
        line, measured = item.lines[capacity], stated.measure[capacity]
        _check_shape(line, measured)
        raw[capacity] = _raw(held, item, line, measured, stated, split)
        if line.mode == "R":
            applicable[capacity] = _applicable(line, measured)
    if item.min_answers is not None:
        _check_answers(item.min_answers, stated.measure)
    return Worth(
        raw,
        {capacity: most for capacity, most in applicable.items() if most},
        _incentive(item, stated),
    )


def _applicable_item(held: Held, catalogue: Catalogue, stated: Stated) -> Item:
    if not stated.measure.keys() <= held.capacities:
        raise Refused(Code.CAPACITY_NOT_HELD)
    item = catalogue.items.get(stated.item)
    if item is None or not stated.measure.keys() <= item.lines.keys():
        raise Refused(Code.ITEM_NOT_APPLICABLE)
    due = held.capacities & item.lines.keys()
    if item.together and not due <= stated.measure.keys():
        raise Refused(Code.DUAL_INCOMPLETE)
    return item


def _split(state: State, held: Held, item: Item, stated: Stated) -> Split | None:
    """Return the declared split that a shares line or an organisers line rests on."""
    shared = any(line.mode == "S" for line in item.lines.values())
    if not shared or held.of_unit:
        return None
    split = None if stated.project is None else state.splits.get(stated.project)
    if split is None or split.item != item.code:
        raise Refused(Code.SHARES_MISSING)
    for capacity in stated.measure:
        named = split.parts.keys() if item.lines[capacity].mode == "S" else split.organisers
        if held.holder not in named:
            raise Refused(Code.SHARES_MISSING)
    return split


_SHAPES = {
    "R": frozenset({"required", "excused", "done"}),
    "E": frozenset({"count"}),
    "T": frozenset({"tier"}),
    "S": frozenset(),
    "D": frozenset({"tier"}),
}
_FIELDS = ("required", "excused", "done", "count", "tier")


def _check_shape(line: Line, measured: Measured) -> None:
    present = {name for name in _FIELDS if getattr(measured, name) is not None}
    if present != _SHAPES[line.mode] or (measured.answers is not None and line.mode != "T"):
        raise Refused(Code.MEASURE_INVALID)


def _raw(
    held: Held, item: Item, line: Line, measured: Measured, stated: Stated, split: Split | None
) -> int:
    match line.mode:
        case "R":
            return _ratio(item, line, measured, stated)
        case "E":
            return _per_event(item, line, measured, stated)
        case "S":
            assert split is not None
            return split.parts[held.holder]
        case _:
            tier = line.tiers.get(measured.tier or "")
            if tier is None:
                raise Refused(Code.MEASURE_INVALID)
            return -tier.value if line.mode == "D" else tier.value


def _per_event(item: Item, line: Line, measured: Measured, stated: Stated) -> int:
    count = measured.count or 0
    most = line.max_count
    if item.pact == "helper" and line is item.lines.get("member"):
        # One point per helped person: nobody who did not accept can be counted.
        most = min(most, len(stated.counterpart))
    if not 1 <= count <= most:
        raise Refused(Code.MEASURE_INVALID)
    return line.value * count


def _ratio(item: Item, line: Line, measured: Measured, stated: Stated) -> int:
    required, excused, done = measured.required or 0, measured.excused or 0, measured.done or 0
    net = required - excused
    period = quarter_of(stated.day) if line.per == "quarter" else month_of(stated.day)
    if (
        net < 0
        or done > net
        or stated.deed != f"{item.code}-{period}".lower()
        or (line.required is not None and required != line.required)
    ):
        raise Refused(Code.MEASURE_INVALID)
    return half_up(line.max * done, net) if net else 0


def _applicable(line: Line, measured: Measured) -> int:
    return line.max if (measured.required or 0) > (measured.excused or 0) else 0


def _check_answers(min_answers: int, measure: Mapping[str, Measured]) -> None:
    if any((measured.answers or 0) < min_answers for measured in measure.values()):
        raise Refused(Code.MEASURE_INVALID)


def _incentive(item: Item, stated: Stated) -> int:
    """Return the raw incentive value: only the member capacity earns it."""
    incentive, measured = item.incentive, stated.measure.get("member")
    if incentive is None or measured is None:
        return 0
    if incentive.self_signed_only and stated.signed != "self":
        return 0
    if measured.tier is not None:
        return incentive.tiers.get(measured.tier, incentive.value)
    return incentive.value * (measured.count or 1)
