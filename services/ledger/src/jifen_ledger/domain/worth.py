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
from jifen_ledger.domain.people import identities, identity
from jifen_ledger.domain.registers import Assignment
from jifen_ledger.domain.state import State

# domain.md §4.2: what a ratio may count to.
RATIO_MAX = 100


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
    pact = check_pact(state, item, stated.counterpart, held.holder, stated.day)
    part = _part(state, held, item, stated)
    _check_helped(item, pact, stated)
    raw: dict[str, int] = {}
    applicable: dict[str, int] = {}
    for capacity in sorted(stated.measure):
        line, measured = item.lines[capacity], stated.measure[capacity]
        _check_shape(item, line, measured)
        raw[capacity] = _raw(item, line, measured, stated, part)
        if line.mode == "R":
            applicable[capacity] = _applicable(line, measured)
    if item.min_answers is not None:
        _check_answers(item.min_answers, stated.measure)
    return Worth(
        raw,
        {capacity: most for capacity, most in applicable.items() if most},
        # What is worth nothing as a member's deed earns nothing in the wallet either.
        _incentive(item, stated) if raw.get("member", 0) > 0 else 0,
    )


def _applicable_item(held: Held, catalogue: Catalogue, stated: Stated) -> Item:
    if not stated.measure.keys() <= held.capacities:
        raise Refused(Code.CAPACITY_NOT_HELD)
    item = catalogue.items.get(stated.item)
    if item is None or not stated.measure.keys() <= item.lines.keys():
        raise Refused(Code.ITEM_NOT_APPLICABLE)
    due = held.capacities.intersection(item.lines)
    if item.together and not due <= stated.measure.keys():
        raise Refused(Code.DUAL_INCOMPLETE)
    return item


def rests_on_split(item: Item) -> bool:
    """Tell whether the item's claims rest on a declared split: it has a line by shares."""
    return item.by_shares


def _part(state: State, held: Held, item: Item, stated: Stated) -> int:
    """Return the holder's part of the split, and check that organisers are named in it."""
    if not rests_on_split(item) or (held.of_unit and item.lines["unit"].mode != "S"):
        return 0
    split = None if stated.project is None else state.splits.get(stated.project)
    if held.of_unit or split is None or split.item != item.code:
        raise Refused(Code.SHARES_MISSING)
    parts = [
        part
        for person, part in split.parts.items()
        if person == held.holder or identity(state, person) == held.holder
    ]
    for capacity in stated.measure:
        by_shares = item.lines[capacity].mode == "S"
        if not (parts if by_shares else held.holder in identities(state, split.organisers)):
            raise Refused(Code.SHARES_MISSING)
    return sum(parts)


def _check_helped(item: Item, pact: Assignment | None, stated: Stated) -> None:
    """Nobody who is not named can be counted; a committee counts when all have progressed."""
    if not stated.measure:
        raise Refused(Code.MEASURE_INVALID)
    if item.pact != "helper" or pact is None:
        return
    named = set(stated.counterpart)
    member = stated.measure.get("member")
    if member is not None and (member.count or 0) > len(named):
        raise Refused(Code.MEASURE_INVALID)
    if "committee" in stated.measure and named != set(pact.of):
        raise Refused(Code.MEASURE_INVALID)


_SHAPES = {
    "R": frozenset({"required", "excused", "done"}),
    "E": frozenset({"count"}),
    "T": frozenset({"tier"}),
    "S": frozenset(),
    "D": frozenset({"tier"}),
}
_FIELDS = ("required", "excused", "done", "count", "tier")


def _check_shape(item: Item, line: Line, measured: Measured) -> None:
    present = {name for name in _FIELDS if getattr(measured, name) is not None}
    answered = line.mode == "T" and item.min_answers is not None
    if present != _SHAPES[line.mode] or (measured.answers is not None and not answered):
        raise Refused(Code.MEASURE_INVALID)


def _raw(item: Item, line: Line, measured: Measured, stated: Stated, part: int) -> int:
    match line.mode:
        case "R":
            return _ratio(item, line, measured, stated)
        case "E":
            count = measured.count or 0
            if not 1 <= count <= line.max_count:
                raise Refused(Code.MEASURE_INVALID)
            return line.value * count
        case "S":
            return part
        case _:
            tier = line.tiers.get(measured.tier or "")
            if tier is None:
                raise Refused(Code.MEASURE_INVALID)
            return -tier.value if line.mode == "D" else tier.value


def _ratio(item: Item, line: Line, measured: Measured, stated: Stated) -> int:
    required, excused, done = measured.required or 0, measured.excused or 0, measured.done or 0
    net = required - excused
    period = quarter_of(stated.day) if line.per == "quarter" else month_of(stated.day)
    if (
        max(required, excused, done) > RATIO_MAX
        or net < 0
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
