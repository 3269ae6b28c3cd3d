"""What claims and decisions on them ask the state for (see `domain/needs.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from jifen_contracts.periods import quarter_of, quarters_of
from jifen_ledger.domain import concern_needs
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.moment import local_day_at
from jifen_ledger.domain.records import want_record
from jifen_ledger.domain.register_needs import want_wallet
from jifen_ledger.domain.score import CAPACITIES
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import above, branch_of
from jifen_ledger.domain.wanted import Wanted

# Holder and stack key.
Stack = tuple[str, str]


class Opening(NamedTuple):
    """What a claim that is opened within the batch will be counted by, by its own names."""

    holder: str
    item: str
    deed: str
    key: str
    deed_date: date
    project: str | None
    counterpart: tuple[str, ...]
    measure: Collection[str]


def want_earned(
    state: State, event: dict[str, Any], wanted: Wanted, opened: dict[str, Opening]
) -> None:
    """Want what opening a claim looks at; remember it as opened."""
    holder, data = event["subject"], event["data"]
    item, deed = data["item"], data["deed"]
    day = local_day_at(state, event["time"])
    by = (data["by"],) if "by" in data else ()
    counterpart = tuple(data.get("counterpart", ()))
    admitted = tuple(data.get("admitted", {}).get("deciders", ()))
    wanted.want_all(state.members, (holder, *by, *counterpart, *admitted))
    wanted.want_new(state.claims, data["claim"])
    wanted.want(state.deeds, (holder, item, deed))
    if "replaces" in data:
        wanted.want(state.claims, data["replaces"])
    if "project" in data:
        wanted.want(state.splits, data["project"])
    if any("required" not in measure for measure in data["measure"].values()):
        wanted.want(state.deed_holders, (item, deed))
        wanted.want(state.day_deeds, (holder, item, day))
    wanted.want_all(state.evidence, (one["sha256"] for one in data.get("evidence", ())))
    branch = _home(state, holder, day)
    if branch is not None:
        wanted.want(state.tallies, (branch, quarter_of(day)))
    if admitted:
        _branch(state, holder, day, wanted)
    want_record(state, item, holder, day, wanted)
    concern_needs.rests(state, holder, (item,), deed, data["claim"], wanted)
    key = data.get("group", deed)
    opened[data["claim"]] = Opening(
        holder, item, deed, key, day, data.get("project"), counterpart, data["measure"]
    )


def want_decided(
    state: State, event: dict[str, Any], wanted: Wanted, opened: Mapping[str, Opening]
) -> None:
    """Want what a decision on a claim looks at; `opened` are the claims of messages before it."""
    holder, data = event["subject"], event["data"]
    opening: Opening | Claim | None = opened.get(data["claim"])
    if opening is None:
        wanted.want(state.claims, data["claim"])
    wanted.want(state.members, holder)
    wanted.want(state.members, data["by"])
    if "deciders" in data:
        wanted.want_all(state.members, data["deciders"])
    if "duplicate_of" in data:
        wanted.want(state.claims, data["duplicate_of"])
    claim = state.claims.get(data["claim"]) if state.claims.knows(data["claim"]) else None
    if claim is not None:
        wanted.want(state.panels, claim.branch)
        wanted.want(state.tallies, (claim.branch, quarter_of(claim.deed_date)))
        if claim.duplicate_of is not None:
            wanted.want(state.claims, claim.duplicate_of)
        _rests(state, event, claim, wanted)
    elif opening is not None:
        _branch(state, opening.holder, opening.deed_date, wanted)
        _rests(state, event, opening, wanted)
    if data.get("stage") != "preliminary":
        _settled(state, event, claim, claim or opening, wanted)


def _rests(state: State, event: dict[str, Any], opening: Opening | Claim, wanted: Wanted) -> None:
    """Want who is named with the claim, and the records that it rests on."""
    data = event["data"]
    if opening.counterpart:
        wanted.want_all(state.members, opening.counterpart)
    if opening.project is not None:
        wanted.want(state.splits, opening.project)
        wanted.want(state.split_uses, opening.project)
    item = data.get("item", opening.item)
    want_record(state, item, opening.holder, opening.deed_date, wanted)
    concern_needs.rests(
        state, opening.holder, (opening.item, item), opening.deed, data["claim"], wanted
    )


def _settled(
    state: State,
    event: dict[str, Any],
    claim: Claim | None,
    opening: Opening | Claim | None,
    wanted: Wanted,
) -> None:
    """Want what a decision that moves points looks at."""
    if opening is None:
        return
    data = event["data"]
    item = data.get("item", opening.item)
    _booking(state, data, claim, opening, wanted)
    want_counting(state, opening, wanted)
    if item != opening.item:
        wanted.want(state.counting, (opening.holder, item, str(opening.deed_date.year)))
    if rewards(state, opening.item) or rewards(state, item):
        want_wallet(state, opening.holder, wanted)
        year = str(local_day_at(state, event["recordedtime"]).year)
        wanted.want(state.incentive_years, year)


def rewards(state: State, item: str) -> bool:
    """Tell whether the item brings incentive points in some version."""
    # A loop: every decision comes through here, and a generator would cost more than the look-up.
    for version in state.versions:  # noqa: SIM110
        if item in version.rewarded_items:
            return True
    return False


def _deducts(state: State, item: str) -> bool:
    """Tell whether the item deducts points in some version."""
    for version in state.versions:  # noqa: SIM110 - as above
        if item in version.deducting_items:
            return True
    return False


def _booking(
    state: State,
    data: Mapping[str, Any],
    claim: Claim | None,
    opening: Opening | Claim,
    wanted: Wanted,
) -> None:
    """Want what tells in which quarter points are booked, and what bears on a deduction."""
    branch = _home(state, opening.holder, opening.deed_date) if claim is None else claim.branch
    if branch is not None:
        wanted.want(state.periods_of, branch)
    if "objection" in data:
        wanted.want(state.objections, data["objection"])
    if _deducts(state, claim.item if claim is not None else opening.item):
        wanted.want(state.objections_about, data["claim"])


def _home(state: State, holder: str, day: date) -> str | None:
    """Return the branch that a holder's claims of the day belong to, if it is known already."""
    if state.units.get(holder) is not None:
        return branch_of(state, holder, day)
    member = state.members.get(holder) if state.members.knows(holder) else None
    return None if member is None else member.home_branch(day)


def _branch(state: State, holder: str, day: date, wanted: Wanted) -> None:
    """Want the panel of the holder's branch; of a unit, those of the units above it too."""
    if state.units.get(holder) is not None:
        wanted.want_all(state.panels, (holder, *above(state, holder, day)))
        return
    branch = _home(state, holder, day)
    if branch is not None:
        wanted.want(state.panels, branch)


def want_counting(state: State, opening: Opening | Claim, wanted: Wanted) -> None:
    """Want what F looks at: the counting claims and stack group, and the figures they move."""
    holder, year = opening.holder, str(opening.deed_date.year)
    capacities = opening.measure or CAPACITIES
    wanted.want(state.counting, (holder, opening.item, year))
    _want_figures(state, holder, year, capacities, wanted)
    want_stack_of(state, (holder, opening.key), capacities, wanted)


def want_stack_of(state: State, stack: Stack, capacities: Iterable[str], wanted: Wanted) -> None:
    """Want what the claims of a stack bring along; an unknown one tells so once it is loaded."""
    if not state.stacks.knows(stack):
        wanted.want_stack(state.stacks, stack, capacities)
        return
    for id_ in state.stacks.get(stack):
        other = state.claims.get(id_) if state.claims.knows(id_) else None
        if other is not None:
            year = str(other.deed_date.year)
            wanted.want(state.counting, (stack[0], other.item, year))
            wanted.want(state.periods_of, other.branch)
            _want_figures(state, stack[0], year, capacities, wanted)


def _want_figures(
    state: State, holder: str, year: str, capacities: Iterable[str], wanted: Wanted
) -> None:
    for capacity in capacities:
        for quarter in quarters_of(year):
            wanted.want(state.figures, (holder, capacity, quarter))
