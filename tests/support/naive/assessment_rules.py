"""The three levels of self-assessment: what is accepted, who is asked, what the stream shows."""

from collections.abc import Iterator
from datetime import date, timedelta

from jifen_contracts.periods import end_day, first_day
from tests.support.naive.absence_rules import is_away
from tests.support.naive.facts import Fact, refuse_if
from tests.support.naive.registers import SCORED_STANDINGS, Registers

DAY = timedelta(days=1)


def assessment_submitted(registers: Registers, fact: Fact) -> frozenset[str]:
    """Refuse the assessment, or say whether it came too late."""
    subject, data = fact["subject"], fact["data"]
    recorded = registers.local_day(fact["recordedtime"])
    listed = [entry["id"] for entry in data.get("missing", ())]
    is_members_own = data["level"] == "member"
    refuse_if(is_members_own and not registers.is_open(subject), "unknown_member")
    for name in listed:
        refuse_if(not registers.is_member(name) and not registers.is_unit(name), "unknown_member")
    if not is_members_own:
        kind = _kind_at_end(registers, subject, data["month"])
        refuse_if(kind != data["level"], "unknown_unit")
    refuse_if(
        data["by"] not in _speakers(registers, subject, data["level"], recorded), "not_permitted"
    )
    document = registers.document_on(end_day(data["month"]) - DAY)
    codes = {item.code for item in document.items} if document else set()
    named = {value["item"] for value in data["values"]}
    refuse_if(document is None or named - codes, "unknown_item")
    if not is_members_own:
        excused = registers.identities(listed)
        for name in below(registers, subject, data["month"]):
            is_in = bool(_said(registers, name, data["month"]))
            refuse_if(not is_in and name not in excused, "lower_level_missing")
    return frozenset({"late"} if _is_late(registers, fact) else ())


def below(registers: Registers, unit: str, month: str) -> set[str]:
    """Who has to assess before the unit: its members, or its groups and who is in none."""
    people = {name for name in _people(registers) if _is_asked(registers, name, month)}
    if _kind_at_end(registers, unit, month) == "group":
        return {name for name in people if group_of(registers, name, month) == unit}
    mine = {name for name in people if registers.home(name, end_day(month) - DAY) == unit}
    return {group_of(registers, name, month) or name for name in mine}


def owes(registers: Registers, branch: str, month: str) -> bool:
    """Whether a branch has people to assess in the month, and has not done so."""
    is_branch = _kind_at_end(registers, branch, month) == "branch"
    has_items = registers.document_on(end_day(month) - DAY) is not None
    is_asked = is_branch and has_items and bool(below(registers, branch, month))
    return is_asked and not _said(registers, branch, month)


def group_of(registers: Registers, member: str, month: str) -> str | None:
    """The home group: of the groups of the home branch the one entered first."""
    day = end_day(month) - DAY
    found = [
        (held.since, held.id, held.unit)
        for held in registers.held(member, day, "group_member")
        if _kind_at_end(registers, held.unit, month) == "group"
        and registers.branch_for(held.unit, day) == registers.home(member, day)
    ]
    return min(found)[2] if found else None


def shown(registers: Registers, holder: str, month: str, recorded: date) -> tuple[int, int] | None:
    """How many assessments of the month are done in time, and excused; None: not yet known."""
    if any(not _is_late(registers, fact) for fact in _said(registers, holder, month)):
        return 1, 0
    if registers.is_member(holder) and _is_away_throughout(registers, holder, month):
        return 0, 1
    return (0, 0) if recorded > registers.claims_deadline(month, recorded) else None


def _said(registers: Registers, subject: str, month: str) -> list[Fact]:
    """Every assessment of the subject's month, under whichever id of the person."""
    return [
        fact
        for fact in registers.said("assessment.submitted")
        if fact["data"]["month"] == month and registers.identity(fact["subject"]) == subject
    ]


def _is_late(registers: Registers, fact: Fact) -> bool:
    recorded = registers.local_day(fact["recordedtime"])
    return recorded > registers.claims_deadline(fact["data"]["month"], recorded)


def _kind_at_end(registers: Registers, unit: str, month: str) -> str | None:
    day = end_day(month) - DAY
    fact = registers.unit_on(unit, day)
    if fact is None or not registers.unit_in_force(unit, day):
        return "plant" if unit == registers.scheme else None
    return str(fact["data"]["kind"])


def _speakers(registers: Registers, subject: str, level: str, recorded: date) -> set[str]:
    if level == "member":
        return {subject}
    unit = registers.deciding(subject, recorded)
    if level == "group":
        speakers = registers.holders(unit, recorded, "group_leader")
    else:
        speakers = registers.secretaries(unit, recorded)
    return {name for name in speakers if not registers.is_closed(name)}


def _people(registers: Registers) -> set[str]:
    return {fact["subject"] for fact in registers.said("member.enrolled")}


def _is_asked(registers: Registers, member: str, month: str) -> bool:
    """An active member at the month's end who was not away on every day of the month."""
    day = end_day(month) - DAY
    is_scored = registers.standing(member, day) in SCORED_STANDINGS
    is_active = is_scored and registers.home(member, day) is not None
    is_one = is_active and not registers.is_closed(member)
    return is_one and not _is_away_throughout(registers, member, month)


def _is_away_throughout(registers: Registers, member: str, month: str) -> bool:
    return all(is_away(registers, member, day) for day in _days(month))


def _days(month: str) -> Iterator[date]:
    day = first_day(month)
    while day < end_day(month):
        yield day
        day += DAY
