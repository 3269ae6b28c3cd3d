"""What a claim is worth by the scheme, or the code that says why it is worth nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from jifen_contracts.periods import month_of, quarter_of
from jifen_contracts.points import half_up
from jifen_contracts.scheme.catalogue import Item, Line, effective_catalogue
from tests.support.naive.concern_rules import record_fits
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


def valued(
    registers: Registers,
    claim: Claim,
    before: Claim | None = None,
    also_named: Collection[str] = (),
) -> Claim:
    """The claim with its worth.

    `before` is the claim that a reviewer decides on, `also_named` what the reviewer gave points in.
    """
    home = registers.branch(claim.holder, claim.day) or claim.branch
    held = registers.capacities(claim.holder, claim.day, home)
    named = set(claim.measure)
    refuse_if(named - held, "capacity_not_held")
    item = registers.catalogue(claim.holder, claim.day, home).items.get(claim.item)
    if item is None or named - set(item.lines):
        refuse_if(condition=True, code="item_not_applicable")
    assert item is not None
    deducts = any(item.lines[capacity].kind == "deduct" for capacity in named)
    if before is not None and before.item != claim.item and named:
        deducted = any(worth.kind == "deduct" for worth in before.worth.values())
        refuse_if(deducts != deducted, "item_not_applicable")
    due = {"committee", "member"} & held & set(item.lines)
    refuse_if(item.together and not due <= named, "dual_incomplete")
    _check_pact(registers, claim, item)
    _check_project(registers, claim, item)
    refuse_if(not named or set(also_named) - named, "measure_invalid")
    for capacity in named:
        _check_measure(claim, item, item.lines[capacity], claim.measure[capacity])
    _check_helped(registers, claim, item)
    shown = set(claim.evidence_kinds) & item.evidence_kinds
    refuse_if(item.evidence_required and not shown, "evidence_required")
    refuse_if(deducts and not claim.has_basis, "basis_required")
    refuse_if(not record_fits(registers, claim, item), "record_mismatch")
    worth = {capacity: _worth(registers, claim, item, capacity) for capacity in sorted(named)}
    return replace(claim, worth=worth, offered=_reward(claim, item), highest=item.highest)


def _check_pact(registers: Registers, claim: Claim, item: Item) -> None:
    if item.pact is None:
        return
    pacts = registers.held(claim.holder, claim.day, item.pact)
    named = set(claim.counterpart)
    agreed = [
        _at_host(registers, pact.unit, claim.day) if item.pact == "delegate" else set(pact.of)
        for pact in pacts
    ]
    refuse_if(not named or not any(named <= those for those in agreed), "pact_not_in_force")


def _at_host(registers: Registers, host: str, day: date) -> set[str]:
    """Who can say that a delegate was there: the host unit, and everybody assigned to it."""
    there = [held for held in registers.assignments() if held.unit == host and held.covers(day)]
    return {host} | {held.member for held in there}


def _check_helped(registers: Registers, claim: Claim, item: Item) -> None:
    if item.pact != "helper":
        return
    helped = set(claim.counterpart)
    most = claim.measure.get("member", {}).get("count", 0)
    refuse_if(most > len(helped), "measure_invalid")
    pacts = registers.held(claim.holder, claim.day, "helper")
    is_whole = any(helped == set(pact.of) for pact in pacts)
    refuse_if("committee" in claim.measure and not is_whole, "measure_invalid")


def _check_project(registers: Registers, claim: Claim, item: Item) -> None:
    if all(line.mode != "S" for line in item.lines.values()):
        return
    fact = registers.project(claim.project) if claim.project else None
    refuse_if(fact is None or fact["data"]["item"] != claim.item, "shares_missing")
    assert fact is not None
    for capacity in claim.measure:
        mode = item.lines[capacity].mode
        if mode not in ("S", "E"):
            continue
        sharers = {share["member"] for share in fact["data"]["shares"]}
        there = sharers if mode == "S" else set(fact["data"].get("organisers", ()))
        refuse_if(claim.holder not in registers.identities(there), "shares_missing")


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
        parts = parts_of(registers, fact).items()
        value = sum(part for name, part in parts if registers.identity(name) == claim.holder)
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


def _reward(claim: Claim, item: Item) -> Reward:
    incentive, line = item.incentive, item.lines.get("member")
    if incentive is None or line is None or "member" not in claim.measure:
        return Reward()
    if line.kind == "deduct":
        return Reward()
    if incentive.self_signed_only and claim.signed != "self":
        return Reward()
    measure = claim.measure["member"]
    if incentive.tiers:
        value = incentive.tiers.get(measure.get("tier", ""), 0)
    else:
        value = incentive.value * measure.get("count", 1)
    return Reward(value, incentive.month_cap)
