"""Which events of concerns are accepted, and which claims rest on one (domain.md §2.2, §6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jifen_contracts.scheme.catalogue import Item
from tests.support.naive.concerns_seen import CLOSED, OPEN, Seen, Told, told
from tests.support.naive.facts import Claim, Fact, refuse_if
from tests.support.naive.registers import Registers

PAUSES_MAX = 2
LINES = {f"H{number:02d}" for number in range(1, 17)}


@dataclass(frozen=True)
class Asked:
    """An event about concerns, and what was known before it."""

    now: Told
    fact: Fact

    @property
    def data(self) -> Fact:
        found: Fact = self.fact["data"]
        return found

    @property
    def day(self) -> date:
        return self.now.registers.local_day(self.fact["recordedtime"])

    def named(self) -> Seen:
        found = self.now.concerns.get(self.data["concern"])
        refuse_if(found is None or found.unit != self.fact["subject"], "unknown_reference")
        assert found is not None
        return found


def check_concern(registers: Registers, fact: Fact) -> None:
    """Refuse the event with the first code that applies."""
    verb = fact["type"].split(".")[2]
    CHECKS[verb](Asked(told(registers), fact))


def _raised(asked: Asked) -> None:
    now, data = asked.now, asked.data
    refuse_if(not now.registers.is_unit(asked.fact["subject"]), "unknown_unit")
    refuse_if(data["concern"] in now.concerns, "already_exists")
    if "parent" in data:
        parent = now.concerns.get(data["parent"])
        refuse_if(parent is None or now.root(parent).state not in OPEN, "unknown_reference")
    origin = data.get("origin", "")
    refuse_if(origin.startswith("H") and origin not in LINES, "unknown_reference")


def _assigned(asked: Asked) -> None:
    now, data, concern = asked.now, asked.data, asked.named()
    concerned = [concern]
    if "merge_into" in data:
        refuse_if(data["merge_into"] not in now.concerns, "unknown_reference")
        concerned.append(now.root(now.concerns[data["merge_into"]]))
    stages = concern.stages
    if "stages" in data:
        stages = [stage["name_zh"] for stage in data["stages"]]
    refuse_if("reached" in data and data["reached"] not in stages, "unknown_reference")
    refuse_if(any(one.state not in OPEN for one in concerned), "wrong_state")
    refuse_if(len({one.id for one in concerned}) < len(concerned), "wrong_state")
    refuse_if(any(data["by"] not in _assigners(asked, one) for one in concerned), "not_permitted")
    refuse_if(not now.registers.is_open(data["handler"]), "unknown_member")
    refuse_if(not now.registers.is_unit(data["handler_unit"]), "unknown_unit")
    if "pause" in data:
        refuse_if("reason" not in data, "reason_required")
        refuse_if(len(concern.pauses) == PAUSES_MAX, "pause_limit")


def _assigners(asked: Asked, concern: Seen) -> set[str]:
    registers, day = asked.now.registers, asked.day
    branch = registers.deciding(registers.branch_for(concern.unit, day), day)
    there = registers.holders(branch, day, "recorder") | registers.secretaries(branch, day)
    there |= registers.holders(concern.unit, day, "group_leader")
    return set(filter(registers.is_open, there)) | asked.now.upper(concern, day)


def _resolved(asked: Asked) -> None:
    now, data, concern = asked.now, asked.data, asked.named()
    refuse_if(concern.state not in ("assigned", "reopened"), "wrong_state")
    if concern.is_red_line:
        refuse_if(data["by"] not in now.upper(concern, asked.day), "not_permitted")
    else:
        assert concern.handler is not None
        handler = now.registers.identity(concern.handler)
        refuse_if(data["by"] != handler, "not_permitted")
    refuse_if(now.open_parts(concern), "children_open")
    refuse_if(not data.get("evidence"), "evidence_required")


def _confirmed(asked: Asked) -> None:
    now, data, named = asked.now, asked.data, asked.named()
    root = now.root(named)
    refuse_if(root.state not in CLOSED, "wrong_state")
    speaker = now.speaker(named, asked.fact)
    if root.is_red_line:
        by = data.get("by")
        speaker = by if by in now.upper(root, asked.day) else None
    said_so = speaker is not None and root.said.get(speaker) is True
    refuse_if(root.state == "confirmed" and said_so, "wrong_state")
    refuse_if(speaker is None, "not_raiser")


def _reopened(asked: Asked) -> None:
    now, data, named = asked.now, asked.data, asked.named()
    root = now.root(named)
    refuse_if(root.state not in CLOSED, "wrong_state")
    from_above = data.get("by") in now.upper(root, asked.day)
    refuse_if(not from_above and now.speaker(named, asked.fact) is None, "not_raiser")
    refuse_if("reason" not in data, "reason_required")


CHECKS = {
    "raised": _raised,
    "assigned": _assigned,
    "resolved": _resolved,
    "confirmed": _confirmed,
    "reopened": _reopened,
}


def is_paid_for_concern(item: Item) -> bool:
    return item.preliminary == "record" and item.measure_of == "help"


def is_help_project(item: Item) -> bool:
    return item.preliminary == "counterpart" and item.measure_of == "project"


def concern_fits(registers: Registers, claim: Claim, item: Item) -> bool:
    """Whether the concern that the claim rests on says what the claim says."""
    now = told(registers)
    concern = now.concerns.get(claim.deed)
    if is_help_project(item):
        accepted = concern is not None and concern.state == "confirmed"
        return concern is None or (accepted and concern.kind == "project")
    if concern is None or concern.state != "confirmed" or concern.in_use is None:
        return False
    assert concern.handler is not None
    mine = registers.identity(concern.handler) == registers.identity(claim.holder)
    return mine and concern.in_use <= min(concern.due, claim.day)


def resting_on(registers: Registers, claims: Mapping[str, Claim], fact: Fact) -> list[Claim]:
    """The verified claims that a reopening takes back: what counts last of a stack comes first."""
    was = {one.id: one.state for one in told(registers).concerns.values()}
    after = told(Registers(registers.scheme, [*registers.facts, fact], registers.documents))
    opened = {
        id_ for id_, one in after.concerns.items() if one.state == "reopened" and was[id_] in CLOSED
    }
    found = [
        claim
        for claim in claims.values()
        if claim.deed in opened and claim.state == "verified" and _rests(registers, claim)
    ]
    return sorted(found, key=_place, reverse=True)


def _place(claim: Claim) -> tuple[date, int, str, str]:
    return claim.day, -max(worth.value for worth in claim.worth.values()), claim.item, claim.id


def _rests(registers: Registers, claim: Claim) -> bool:
    document = registers.document_on(claim.day)
    assert document is not None
    items = [item for item in document.items if item.code == claim.item]
    return any(
        (item.preliminary, item.measure_of) in (("record", "help"), ("counterpart", "project"))
        for item in items
    )


def record_fits(registers: Registers, claim: Claim, item: Item) -> bool:
    """Whether the record that the item rests on, if any, exists and fits."""
    if is_paid_for_concern(item) or is_help_project(item):
        return concern_fits(registers, claim, item)
    return item.preliminary != "record"
