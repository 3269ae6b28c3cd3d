"""What a claim is worth by the scheme, or the code that says why it is worth nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from jifen_contracts.periods import month_of, quarter_of
from jifen_contracts.points import half_up
from jifen_contracts.scheme.catalogue import Item, Line, effective_catalogue
from tests.support.naive.facts import Claim, Fact, Reward, Worth, refuse_if
from tests.support.naive.registers import Registers

RATIO_MAX = 100
SHAPES = {
    "R": ({"required", "excused", "done"},),
    "E": ({"count"},),
    "T": ({"tier"}, {"tier", "answers"}),
    "S": (set[str](),),
    "D": ({"tier"},),
}

Measured = Mapping[str, Any]


def check_item(registers: Registers, claim: Claim) -> None:
    document = registers.document_on(claim.day)
    known = {item.code for item in document.items} if document else set()
    refuse_if(claim.item not in known, "unknown_item")


def valued(registers: Registers, claim: Claim, also_named: Collection[str] = ()) -> Claim:
    """The claim with its worth; `also_named` are capacities that a reviewer gave points in."""
    held = registers.capacities(claim.holder, claim.day)
    named = set(claim.measure)
    refuse_if(named - held, "capacity_not_held")
    item = registers.catalogue(claim.holder, claim.day).items.get(claim.item)
    if item is None or named - set(item.lines):
        refuse_if(condition=True, code="item_not_applicable")
    assert item is not None
    due = {"committee", "member"} & held & set(item.lines)
    refuse_if(item.together and not due <= named, "dual_incomplete")
    _check_pact(registers, claim, item)
    _check_project(registers, claim, item)
    refuse_if(not named or set(also_named) - named, "measure_invalid")
    for capacity in named:
        _check_measure(claim, item, item.lines[capacity], claim.measure[capacity])
    helped = claim.measure.get("member", {}).get("count", 0)
    refuse_if(item.pact == "helper" and helped > len(claim.counterpart), "measure_invalid")
    shown = set(claim.evidence_kinds) & item.evidence_kinds
    refuse_if(item.evidence_required and not shown, "evidence_required")
    deducts = any(item.lines[capacity].kind == "deduct" for capacity in named)
    refuse_if(deducts and not claim.has_basis, "basis_required")
    refuse_if(item.preliminary == "record", "record_mismatch")
    worth = {capacity: _worth(registers, claim, item, capacity) for capacity in sorted(named)}
    return replace(claim, worth=worth, reward=_reward(registers, claim, item), highest=item.highest)


def _check_pact(registers: Registers, claim: Claim, item: Item) -> None:
    if item.pact is None:
        return
    pacts = registers.held(claim.holder, claim.day, item.pact)
    if item.pact == "delegate":
        units = {name for name in claim.counterpart if registers.is_unit(name)}
        fits = any(units <= {pact.unit} for pact in pacts)
    else:
        named = set(claim.counterpart)
        fits = bool(named) and any(named <= set(pact.of) for pact in pacts)
    refuse_if(not fits, "pact_not_in_force")


def _check_project(registers: Registers, claim: Claim, item: Item) -> None:
    is_shared = any(line.mode == "S" for line in item.lines.values())
    for capacity in claim.measure:
        mode = item.lines[capacity].mode
        if not is_shared or mode not in ("S", "E"):
            continue
        fact = registers.project(claim.project) if claim.project else None
        refuse_if(fact is None or fact["data"]["item"] != claim.item, "shares_missing")
        assert fact is not None
        sharers = {share["member"] for share in fact["data"]["shares"]}
        there = sharers if mode == "S" else set(fact["data"].get("organisers", ()))
        refuse_if(claim.holder not in there, "shares_missing")


def _check_measure(claim: Claim, item: Item, line: Line, measure: Measured) -> None:
    refuse_if(set(measure) not in SHAPES[line.mode], "measure_invalid")
    if line.mode == "R":
        period = month_of(claim.day) if line.per == "month" else quarter_of(claim.day)
        required, excused, done = (measure[key] for key in ("required", "excused", "done"))
        refuse_if(max(required, excused, done) > RATIO_MAX, "measure_invalid")
        refuse_if(done > required - excused, "measure_invalid")
        refuse_if(claim.deed != f"{claim.item}-{period}".lower(), "measure_invalid")
        refuse_if(line.required is not None and required != line.required, "measure_invalid")
    if line.mode == "E":
        refuse_if(not 1 <= measure["count"] <= line.max_count, "measure_invalid")
    if line.mode in ("T", "D"):
        refuse_if(measure["tier"] not in line.tiers, "measure_invalid")
    if line.mode == "T":
        # Answers are told exactly where the item asks for a number of them.
        refuse_if(("answers" in measure) != (item.min_answers is not None), "measure_invalid")
        refuse_if(measure.get("answers", 0) < (item.min_answers or 0), "measure_invalid")


def _worth(registers: Registers, claim: Claim, item: Item, capacity: str) -> Worth:
    line, measure = item.lines[capacity], claim.measure[capacity]
    worth = Worth(line.kind, line.mode, raw=0, value=0)
    worth = replace(worth, month_cap=line.month_cap, quarter_cap=line.quarter_cap)
    worth = replace(worth, year_cap=line.year_cap)
    if line.mode == "R":
        net = measure["required"] - measure["excused"]
        if net == 0:
            return worth
        value = half_up(line.max * measure["done"], net)
        return replace(worth, raw=value, value=value, applicable=line.max)
    if line.mode == "E":
        value = line.value * measure["count"]
    elif line.mode == "T":
        tier = line.tiers[measure["tier"]]
        value = tier.value
        worth = replace(worth, outside_month=tier.outside_month)
    elif line.mode == "D":
        value = -line.tiers[measure["tier"]].value
    else:
        fact = registers.project(claim.project)
        assert fact is not None
        value = parts_of(registers, fact)[claim.holder]
    return replace(worth, raw=value, value=value)


def parts_of(registers: Registers, declared: Fact) -> dict[str, int]:
    """The split of a pool in tenths, by largest remainders, ties in declared order."""
    data = declared["data"]
    pool = pool_of(registers, declared)
    weights = {share["member"]: share["weight"] for share in data["shares"]}
    whole = sum(weights.values())
    parts = {member: pool * weight // whole for member, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda member: -(pool * weights[member] % whole))
    for member in by_remainder[: pool - sum(parts.values())]:
        parts[member] += 1
    return parts


def pool_of(registers: Registers, declared: Fact) -> int:
    """The pool that the declaration names, by the version of its own date."""
    document = registers.document_on(registers.local_day(declared["time"]))
    assert document is not None
    item = effective_catalogue(document, frozenset(), None).items[declared["data"]["item"]]
    line = next(line for line in item.lines.values() if line.mode == "S")
    return line.tiers[declared["data"]["pool"]].value


def _reward(registers: Registers, claim: Claim, item: Item) -> Reward:
    incentive, line = item.incentive, item.lines.get("member")
    if incentive is None or line is None or "member" not in claim.measure:
        return Reward()
    if registers.is_unit(claim.holder) or line.kind != "bonus":
        return Reward()
    if incentive.self_signed_only and claim.signed != "self":
        return Reward()
    measure = claim.measure["member"]
    if incentive.tiers:
        value = incentive.tiers.get(measure.get("tier", ""), 0)
    else:
        value = incentive.value * measure.get("count", 1)
    return Reward(value, incentive.month_cap)
