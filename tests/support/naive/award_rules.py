"""Which awards are granted and revoked (domain.md §2.2, §6.3)."""

from collections.abc import Iterable
from datetime import date

from jifen_contracts.periods import first_day
from tests.support.naive.facts import Fact, refuse_if
from tests.support.naive.registers import Registers
from tests.support.naive.veto_rules import branch_of_person, is_above, is_vetoed, uppers


def awards(registers: Registers, holder: str) -> list[Fact]:
    """What was granted to the holder, under whichever id of theirs."""
    granted = registers.said("award.granted")
    return [fact for fact in granted if registers.identity(fact["subject"]) == holder]


def revocation(registers: Registers, award: str) -> Fact | None:
    revoked = registers.said("award.revoked")
    return next((fact for fact in revoked if fact["data"]["award"] == award), None)


def award_granted(registers: Registers, fact: Fact) -> None:
    holder, data = fact["subject"], fact["data"]
    day = registers.local_day(fact["recordedtime"])
    if data["kind"] == "unit_award":
        refuse_if(not registers.is_unit(holder), "unknown_unit")
    else:
        refuse_if(not registers.is_open(holder), "unknown_member")
    granted = {one["data"]["award"] for one in registers.said("award.granted")}
    refuse_if(data["award"] in granted, "already_exists")
    committee = _committee(registers, holder, day)
    is_permitted = data["by"] in committee or _is_upper(registers, data["by"], holder, day)
    refuse_if(not is_permitted, "not_permitted")
    refuse_if("basis" not in data, "basis_required")
    judged = {day}
    if data["kind"] == "benefit":
        first = first_day(_month(data))
        judged.add(first)
        badges = [one for one in awards(registers, holder) if one["data"]["kind"] == "badge"]
        is_over = badges and all(_is_over(registers, badge, first) for badge in badges)
        refuse_if(is_over, "basis_required")
    refuse_if(any(is_vetoed(registers, holder, one) for one in judged), "veto_in_force")
    refuse_if(
        data["kind"] == "benefit" and _key(data) in _keys(awards(registers, holder)),
        "already_granted",
    )


def award_revoked(registers: Registers, fact: Fact) -> None:
    holder, data = fact["subject"], fact["data"]
    day = registers.local_day(fact["recordedtime"])
    granted = [one["data"]["award"] for one in awards(registers, holder)]
    refuse_if(data["award"] not in granted, "unknown_reference")
    refuse_if(revocation(registers, data["award"]), "wrong_state")
    refuse_if(not _is_upper(registers, data["by"], holder, day), "not_permitted")
    refuse_if("reason" not in data, "reason_required")


def _committee(registers: Registers, holder: str, day: date) -> set[str]:
    """The committee that may reward the holder: never about itself."""
    if registers.is_unit(holder):
        branch = registers.branch_for(holder, day)
        if branch == holder:
            return set()
        found = registers.holders(branch, day, "committee", "secretary")
    else:
        branch = branch_of_person(registers, holder, day)
        found = registers.holders(branch, day, "committee", "secretary")
    return {person for person in found if registers.identity(person) == person != holder}


def _is_upper(registers: Registers, officer: str, holder: str, day: date) -> bool:
    if not registers.is_unit(holder):
        return is_above(registers, officer, holder, day)
    above = uppers(registers, registers.branch_for(holder, day), day)
    return officer in above and not registers.is_closed(officer)


def _month(data: Fact) -> str:
    return str(data.get("month", data["from"][:7]))


def _key(data: Fact) -> tuple[str, str]:
    return data["name_zh"], _month(data)


def _keys(facts: Iterable[Fact]) -> set[tuple[str, str]]:
    return {_key(fact["data"]) for fact in facts if fact["data"]["kind"] == "benefit"}


def _is_over(registers: Registers, badge: Fact, day: date) -> bool:
    ends = [badge["data"]["to"]] if "to" in badge["data"] else []
    revoked = revocation(registers, badge["data"]["award"])
    if revoked:
        ends.append(registers.local_day(revoked["recordedtime"]).isoformat())
    return any(date.fromisoformat(end) <= day for end in ends)
