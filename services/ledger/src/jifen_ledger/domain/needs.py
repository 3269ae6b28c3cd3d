"""What a batch will ask the state for, so that it can be loaded in a few queries.

The fold does not rely on it: whatever is missing here is asked for by NotLoaded. Each round goes
one step deeper (claim → holder, branch, counting claims, figures) until nothing more is wanted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson

from jifen_contracts.periods import quarter_of, quarters_of
from jifen_ledger.domain import concern_needs
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.moment import local_day_at
from jifen_ledger.domain.records import want_record
from jifen_ledger.domain.register_needs import REGISTER_NEEDS, want_wallet
from jifen_ledger.domain.score import CAPACITIES
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import above, branch_of
from jifen_ledger.domain.wanted import Needs, Wanted


class _Opening(NamedTuple):
    """What a claim that is opened within the batch will be counted by, by its own names."""

    holder: str
    item: str
    deed: str
    key: str
    deed_date: date
    project: str | None
    counterpart: tuple[str, ...]
    measure: Collection[str]


class Asking:
    """Messages that are folded together, and what they ask the state for, round by round."""

    def __init__(self, payloads: Iterable[bytes]) -> None:
        """Take the payloads of the messages; what is no JSON object asks for nothing."""
        self._events = [event for one in payloads if isinstance(event := _loaded(one), dict)]
        self._opened: dict[str, _Opening] = {}

    def needs(self, state: State) -> Needs:
        """Return the keys by table that are asked for and that the state does not know.

        Asked again after loading, only those events answer that may have learnt of more.
        """
        wanted = Wanted()
        rest = []
        for event in self._events:
            wanted.may_name_more = False
            try:
                _event_needs(state, event, wanted, self._opened)
            except (KeyError, TypeError, ValueError, AttributeError):
                # Not of its contract: the fold will refuse it without looking anything up.
                continue
            if wanted.may_name_more:
                rest.append(event)
        self._events = rest
        return wanted.unknown()


def _loaded(payload: bytes) -> object:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None


def _event_needs(
    state: State, event: dict[str, Any], wanted: Wanted, opened: dict[str, _Opening]
) -> None:
    subject, data = event["subject"], event["data"]
    wanted.want(state.first_seen, (event["source"], event["id"]))
    match event["type"].removeprefix("jifen.").removesuffix(".v1"):
        case "points.earned":
            _earned(state, event, wanted, opened)
        case "points.reviewed" | "points.reversed":
            _decided(state, event, wanted, opened)
        case "unit.registered":
            wanted.want(state.members, subject)
        case "member.enrolled":
            _enrolled(state, subject, data, wanted)
        case "member.assigned":
            wanted.want_all(state.members, (subject, *data.get("of", ())))
            wanted.want(state.bearers, data["assignment"])
        case "member.left":
            wanted.want(state.members, subject)
        case "panel.formed":
            wanted.want(state.panels, subject)
            people = [one["member"] for one in data["members"]]
            pairs = [person for one in data.get("recusals", ()) for person in one.values()]
            wanted.want_all(state.members, (data["chair"], *people, *pairs))
        case "shares.declared":
            wanted.want(state.splits, data["project"])
            wanted.want(state.split_uses, data["project"])
            people = [one["member"] for one in data["shares"]]
            others = (*data.get("organisers", ()), *data["agreed_by"], data["by"])
            wanted.want_all(state.members, (*people, *others))
        case "concern.reopened":
            _reopened(state, subject, data, wanted)
        case verb if verb in REGISTER_NEEDS:
            REGISTER_NEEDS[verb](state, subject, data, wanted)
        case _:
            return


def _enrolled(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    wanted.want(state.members, subject)
    wanted.want(state.erasures, subject)
    other = data.get("same_as")
    if other is None:
        return
    wanted.want(state.members, other)
    wanted.want(state.erasures, other)
    wanted.want(state.awards_of, other)
    wanted.want(state.grades_of, other)
    if state.vetoes_of.get(other):
        wanted.want_all(state.figure_keys, (subject, other))
    for holder in (subject, other):
        want_wallet(state, holder, wanted)
        wanted.want(state.redemptions_of, holder)
        wanted.want(state.holdings, holder)
        wanted.want(state.assessments_by, holder)
        if state.assessments_by.knows(other):
            months = (key[1:] for key in state.assessments_by.get(other))
            wanted.want_all(state.assessments, ((subject, *month) for month in months))
        if state.holdings.knows(holder):
            for id_ in state.holdings.get(holder):
                claim = state.claims.get(id_) if state.claims.knows(id_) else None
                if claim is not None:
                    wanted.want(state.periods_of, claim.branch)
                    _counting(state, claim, wanted)


def _reopened(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    for id_ in concern_needs.reopened(state, subject, data, wanted):
        claim = state.claims.get(id_) if state.claims.knows(id_) else None
        if claim is not None:
            wanted.want(state.periods_of, claim.branch)
            _counting(state, claim, wanted)
            if claim.project is not None:
                wanted.want(state.split_uses, claim.project)
            if _rewards(state, claim.item):
                want_wallet(state, claim.holder, wanted)


def _earned(
    state: State, event: dict[str, Any], wanted: Wanted, opened: dict[str, _Opening]
) -> None:
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
    opened[data["claim"]] = _Opening(
        holder, item, deed, key, day, data.get("project"), counterpart, data["measure"]
    )


def _decided(
    state: State, event: dict[str, Any], wanted: Wanted, opened: Mapping[str, _Opening]
) -> None:
    holder, data = event["subject"], event["data"]
    wanted.want(state.claims, data["claim"])
    wanted.want(state.members, holder)
    wanted.want(state.members, data["by"])
    if "deciders" in data:
        wanted.want_all(state.members, data["deciders"])
    if "duplicate_of" in data:
        wanted.want(state.claims, data["duplicate_of"])
    claim = state.claims.get(data["claim"]) if state.claims.knows(data["claim"]) else None
    opening = opened.get(data["claim"]) if claim is None else claim
    if opening is None:
        return
    if claim is not None and claim.duplicate_of is not None:
        wanted.want(state.claims, claim.duplicate_of)
    if claim is not None:
        wanted.want(state.panels, claim.branch)
        wanted.want(state.tallies, (claim.branch, quarter_of(claim.deed_date)))
    else:
        _branch(state, opening.holder, opening.deed_date, wanted)
    if opening.counterpart:
        wanted.want_all(state.members, opening.counterpart)
    if opening.project is not None:
        wanted.want(state.splits, opening.project)
        wanted.want(state.split_uses, opening.project)
    want_record(state, data.get("item", opening.item), opening.holder, opening.deed_date, wanted)
    items = (opening.item, data.get("item", opening.item))
    concern_needs.rests(state, opening.holder, items, opening.deed, data["claim"], wanted)
    if data.get("stage") != "preliminary":
        _booking(state, data, claim, opening, wanted)
        _counting(state, opening, wanted)
        if "item" in data:
            year = str(opening.deed_date.year)
            wanted.want(state.counting, (opening.holder, data["item"], year))
        if _rewards(state, opening.item) or ("item" in data and _rewards(state, data["item"])):
            want_wallet(state, opening.holder, wanted)
            year = str(local_day_at(state, event["recordedtime"]).year)
            wanted.want(state.incentive_years, year)


def _rewards(state: State, item: str) -> bool:
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
    opening: _Opening | Claim,
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


def _counting(state: State, opening: _Opening | Claim, wanted: Wanted) -> None:
    """Want what F looks at: the counting claims and stack group, and the figures they move."""
    holder, year = opening.holder, str(opening.deed_date.year)
    wanted.want(state.counting, (holder, opening.item, year))
    wanted.want(state.stacks, (holder, opening.key))
    periods = {*quarters_of(year)}
    if state.stacks.knows((holder, opening.key)):
        for id_ in state.stacks.get((holder, opening.key)):
            other = state.claims.get(id_) if state.claims.knows(id_) else None
            if other is not None:
                other_year = str(other.deed_date.year)
                wanted.want(state.counting, (holder, other.item, other_year))
                wanted.want(state.periods_of, other.branch)
                periods.update(quarters_of(other_year))
    for capacity in CAPACITIES if not opening.measure else opening.measure:
        wanted.want_all(state.figures, ((holder, capacity, period) for period in periods))
