"""Which registers are accepted: scheme, units, members, assignments, panels, shares."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.periods import first_day, quarter_of
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.lint import lint
from tests.support.naive.facts import Claim, Fact, refuse_if
from tests.support.naive.registers import Registers, day_of

UNIT_KINDS = {
    "member": "branch",
    "committee": "branch",
    "secretary": "branch",
    "recorder": "branch",
    "group_leader": "group",
    "group_member": "group",
}
PANEL_MIN = 3
HELPED = 2


def scheme_published(registers: Registers, fact: Fact) -> SchemeDocument:
    data = fact["data"]
    earlier = registers.said("scheme.published")
    refuse_if(data["version"] != len(earlier) + 1, "version_not_next")
    since = date.fromisoformat(data["effective_from"])
    refuse_if(since != first_day(quarter_of(since)), "effective_date_invalid")
    if earlier:
        last = date.fromisoformat(earlier[-1]["data"]["effective_from"])
        is_past = since < registers.local_day(fact["recordedtime"])
        refuse_if(since <= last, "effective_date_invalid")
        refuse_if(is_past and "retroactive" not in data, "effective_date_invalid")
    document = _document(canonical(data["document"]))
    findings = lint(document, data["effective_from"], tuple(registers.documents))
    refuse_if(findings, "scheme_invalid")
    return document


@cache
def _document(payload: bytes) -> SchemeDocument:
    """One object per content: the contracts compile a catalogue once per object."""
    return SchemeDocument.model_validate(decode(payload))


def unit_registered(registers: Registers, fact: Fact) -> None:
    unit, data = fact["subject"], fact["data"]
    refuse_if(registers.is_member(unit), "already_exists")
    named = (data["parent"], *data.get("came_from", ()))
    others = [name for name in named if name != unit]
    refuse_if(not all(registers.is_unit(name) for name in others), "unknown_unit")
    since, to = date.fromisoformat(data["from"]), day_of(data.get("to"))
    refuse_if(to is not None and to <= since, "dates_invalid")
    parent = data["parent"]
    if parent not in (registers.scheme, unit):
        _check_within(registers, parent, since, to)
    refuse_if(_makes_cycle(registers, fact, since), "unit_cycle")


def _check_within(registers: Registers, unit: str, since: date, to: date | None) -> None:
    """Nothing in a unit begins before it or lasts longer than it."""
    refuse_if(not registers.unit_in_force(unit, since), "dates_invalid")
    span = registers.unit_on(unit, since)
    end = day_of(span["data"].get("to")) if span else None
    refuse_if(end is not None and (to is None or to > end), "dates_invalid")


def _makes_cycle(registers: Registers, fact: Fact, since: date) -> bool:
    """Whether the unit would be above itself on its day, or on a later day of change."""
    after = replace(registers, facts=[*registers.facts, fact])
    changes = {date.fromisoformat(said["data"]["from"]) for said in after.said("unit.registered")}
    return any(_is_above_itself(after, fact["subject"], day) for day in changes if day >= since)


def _is_above_itself(registers: Registers, unit: str, day: date) -> bool:
    name, seen = unit, set[str]()
    while name not in seen and name != registers.scheme:
        seen.add(name)
        said = registers.unit_on(name, day)
        if said is None:
            return False
        name = said["data"]["parent"]
        if name == unit:
            return True
    return False


def member_enrolled(registers: Registers, fact: Fact) -> None:
    member, other = fact["subject"], fact["data"].get("same_as")
    refuse_if(registers.is_unit(member), "already_exists")
    if other is not None:
        refuse_if(not registers.is_member(other) or other == member, "unknown_member")
        refuse_if(registers.is_closed(other), "unknown_member")
    refuse_if(registers.is_closed(member), "already_exists")


def member_assigned(registers: Registers, fact: Fact) -> None:
    member, data = fact["subject"], fact["data"]
    is_known = all(map(registers.is_open, (member, *data.get("of", ()))))
    refuse_if(not is_known, "unknown_member")
    before = [held for held in registers.assignments() if held.id == data["assignment"]]
    refuse_if(any(held.member != member for held in before), "unknown_member")
    refuse_if(not registers.is_unit(data["unit"]), "unknown_unit")
    kind = UNIT_KINDS.get(data["role"])
    refuse_if(kind not in (None, registers.kind_of(data["unit"])), "unknown_unit")
    since, to = date.fromisoformat(data["from"]), day_of(data.get("to"))
    refuse_if(to is not None and to <= since, "dates_invalid")
    _check_within(registers, data["unit"], since, to)
    others = [
        held
        for held in registers.assignments(data["role"])
        if held.id != data["assignment"] and held.meets(since, to)
    ]
    if data["role"] == "member":
        refuse_if(any(held.member == member for held in others), "assignment_overlap")
    if data["role"] in ("helper", "mentor"):
        pact = set(data.get("of", ()))
        fits = len(pact) == HELPED or (data["role"] == "mentor" and len(pact) == 1)
        refuse_if(not fits or len(data["of"]) != len(pact) or member in pact, "pact_invalid")
    if data["role"] == "helper":
        busy = {name for held in others for name in (held.member, *held.of)}
        refuse_if(busy & {member, *data["of"]}, "pact_invalid")


def member_left(registers: Registers, fact: Fact) -> None:
    known = registers.said("member.enrolled", fact["subject"])
    refuse_if(not known, "unknown_member")
    first = min(enrolment["data"]["from"] for enrolment in known)
    refuse_if(fact["data"]["on"] < first, "dates_invalid")


def panel_formed(registers: Registers, fact: Fact) -> None:
    branch, data = fact["subject"], fact["data"]
    is_branch = registers.is_unit(branch) and registers.kind_of(branch) == "branch"
    refuse_if(not is_branch, "unknown_unit")
    pairs = data.get("recusals", ())
    members = [entry["member"] for entry in data["members"]]
    named = {data["chair"], *members}
    named |= {name for pair in pairs for name in (pair["member"], pair["towards"])}
    refuse_if(not all(map(registers.is_open, named)), "unknown_member")
    refuse_if(data["to"] <= data["from"], "dates_invalid")
    since = date.fromisoformat(data["from"])
    _check_within(registers, branch, since, day_of(data["to"]))
    refuse_if(len(set(members)) != len(members) or len(members) < PANEL_MIN, "panel_invalid")
    committee = sum(entry["kind"] == "committee" for entry in data["members"])
    refuse_if(committee * 2 >= len(members), "panel_invalid")
    secretaries = registers.secretaries(branch, since)
    refuse_if(data["chair"] in secretaries or data["chair"] not in members, "panel_invalid")


def shares_declared(registers: Registers, fact: Fact, claims: Mapping[str, Claim]) -> None:
    unit, data = fact["subject"], fact["data"]
    refuse_if(not registers.is_unit(unit), "unknown_unit")
    document = registers.document_on(registers.local_day(fact["time"]))
    items = {item.code: item for item in document.items} if document else {}
    refuse_if(data["item"] not in items, "unknown_item")
    sharers = [share["member"] for share in data["shares"]]
    named = {*sharers, *data.get("organisers", ()), *data["agreed_by"], data["by"]}
    refuse_if(not all(map(registers.is_open, named)), "unknown_member")
    day = registers.local_day(fact["recordedtime"])
    recorders = registers.holders(registers.branch_for(unit, day), day, "recorder")
    recorders |= registers.holders(unit, day, "group_leader")
    refuse_if(data["by"] not in recorders | set(sharers), "not_permitted")
    on_it = [claim for claim in claims.values() if claim.project == data["project"]]
    resting = [claim for claim in on_it if registers.has_shares(claim.item, claim.day)]
    refuse_if(any(claim.state == "verified" for claim in resting), "shares_in_use")
    lines = items[data["item"]].lines
    pools: list[Any] = [lines.committee, lines.member, lines.unit]
    tiers = [tier.key for line in pools if line and line.mode == "S" for tier in line.tiers]
    refuse_if(data["pool"] not in tiers, "measure_invalid")
    refuse_if(len(set(sharers)) != len(sharers), "measure_invalid")
    weights = [share["weight"] for share in data["shares"]]
    is_too_large = len(weights) > 1 and max(weights) * 2 > sum(weights)
    refuse_if(is_too_large, "share_too_large")
    refuse_if(set(sharers) - set(data["agreed_by"]), "shares_not_agreed")
