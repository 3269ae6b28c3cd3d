"""Notices beside an outcome; they never change points."""

from collections.abc import Mapping, Sequence
from datetime import date

from tests.support.naive.effect import (
    BONUS,
    bonus_effects,
    counted_points,
    counted_rewards,
    points,
    rewards,
)
from tests.support.naive.facts import Claim, Fact
from tests.support.naive.registers import Registers


def earned_notices(
    registers: Registers, claim: Claim, fact: Fact, recorded: date
) -> frozenset[str]:
    found = set()
    if recorded > registers.claims_deadline(claim.month, recorded):
        found.add("late")
    shown = {entry["sha256"] for entry in fact["data"].get("evidence", ())}
    for earlier in registers.said("points.earned"):
        data = earlier["data"]
        hashes = {entry["sha256"] for entry in data.get("evidence", ())}
        if data["deed"] != claim.deed and shown & hashes:
            found.add("evidence_reused")
    if any(_is_near(registers, claim, other) for other in registers.said("points.earned")):
        found.add("near_duplicate")
    return frozenset(found)


def _is_near(registers: Registers, claim: Claim, earlier: Fact) -> bool:
    """Whether an earlier statement, base facts apart, is of the same day or the same deed."""
    data = earlier["data"]
    if _is_base_fact(data["measure"]) or all(w.mode == "R" for w in claim.worth.values()):
        return False
    if claim.item != data["item"]:
        return False
    if claim.holder == earlier["subject"]:
        same_day = claim.day == registers.local_day(earlier["time"])
        return same_day and claim.deed != data["deed"]
    return bool(claim.deed == data["deed"])


def _is_base_fact(measure: Mapping[str, Mapping[str, object]]) -> bool:
    return all("required" in measured for measured in measure.values())


def verified_notices(
    claim: Claim, before: Sequence[Claim], after: Sequence[Claim]
) -> frozenset[str]:
    found = set()
    for capacity, worth in claim.worth.items():
        if worth.kind != "bonus":
            continue
        counted = counted_points(after, capacity)[claim.id]
        if counted < worth.value:
            found.add("stacked")
        place = (claim.item, claim.quarter)
        had = bonus_effects(before, capacity).get(place, 0)
        if bonus_effects(after, capacity)[place] - had < counted:
            found.add("capped")
        old, new = points(before, capacity), points(after, capacity)
        quarters = {where[1] for where in new if where[0] == BONUS}
        if any(new[BONUS, when] < old.get((BONUS, when), 0) for when in quarters):
            found.add("capped")
    if claim.reward.value:
        counted, place = counted_rewards(after)[claim.id], (claim.item, claim.month)
        if counted < claim.reward.value:
            found.add("stacked")
        if rewards(after)[place] - rewards(before).get(place, 0) < counted:
            found.add("capped")
    return frozenset(found)


def released(claim: Claim, before: Sequence[Claim], after: Sequence[Claim]) -> frozenset[str]:
    """Whether the reversal takes back less than the claim counted: others got its room."""
    for capacity, worth in claim.worth.items():
        if worth.kind != "bonus":
            continue
        counted = counted_points(before, capacity)[claim.id]
        fall = sum(points(before, capacity).values()) - sum(points(after, capacity).values())
        if fall < counted:
            return frozenset({"released"})
    counted = counted_rewards(before).get(claim.id, 0)
    fall = sum(rewards(before).values()) - sum(rewards(after).values())
    return frozenset({"released"} if fall < counted else ())
