"""Which vetoes are accepted and lifted, and whom they cover on a day (domain.md §2.2, §4.5)."""

from dataclasses import dataclass
from datetime import date

from jifen_contracts.periods import end_day, first_day
from tests.support.naive.facts import Fact, refuse_if
from tests.support.naive.registers import Registers, day_of


@dataclass(frozen=True)
class Veto:
    member: str
    effect: str
    by: str
    since: date
    to: date | None
    is_annulled: bool

    def covers(self, day: date) -> bool:
        return not self.is_annulled and self.since <= day and (self.to is None or day < self.to)

    def meets(self, period: str) -> bool:
        first, end = first_day(period), end_day(period)
        starts_before, ends_after = self.since < end, self.to is None or self.to > first
        return not self.is_annulled and starts_before and ends_after


def vetoes(registers: Registers) -> dict[str, Veto]:
    """Every veto with what was made of it; a joined member's go with the person."""
    found = {}
    for fact in registers.said("veto.imposed"):
        data = fact["data"]
        lifts = [
            lift["data"]
            for lift in registers.said("veto.lifted")
            if lift["data"]["veto"] == data["veto"]
        ]
        days = [day_of(lift["on"]) for lift in lifts if "on" in lift]
        found[data["veto"]] = Veto(
            registers.identity(fact["subject"]),
            data["effect"],
            data["by"],
            date.fromisoformat(data["from"]),
            days[-1] if days else day_of(data.get("to")),
            any("annul" in lift for lift in lifts),
        )
    return found


def is_vetoed(registers: Registers, member: str, day: date) -> bool:
    mine = [veto for veto in vetoes(registers).values() if veto.member == member]
    return any(veto.covers(day) for veto in mine)


def is_zeroed(registers: Registers, member: str, period: str) -> bool:
    mine = [veto for veto in vetoes(registers).values() if veto.member == member]
    return any(veto.effect == "zero" and veto.meets(period) for veto in mine)


def branch_of_person(registers: Registers, member: str, day: date) -> str:
    """Home, the last home before, or the first to come; the whole scheme of who never had one."""
    homes = [held for held in registers.assignments("member") if held.member == member]
    spans = sorted((held for held in homes if held.to != held.since), key=lambda held: held.since)
    before = [held for held in spans if held.since <= day]
    known = before[::-1] or spans
    return registers.deciding(known[0].unit, day) if known else registers.scheme


def is_above(registers: Registers, officer: str, member: str, day: date) -> bool:
    if registers.identity(officer) == member or registers.is_closed(officer):
        return False
    return officer in uppers(registers, branch_of_person(registers, member, day), day)


def uppers(registers: Registers, branch: str, day: date) -> set[str]:
    """The officers above a branch; nobody is above the root but its own."""
    above = tuple(registers.above(branch, day)) or (branch,)
    return set().union(*(registers.holders(unit, day, "upper") for unit in above))


def veto_imposed(registers: Registers, fact: Fact) -> None:
    member, data = fact["subject"], fact["data"]
    day = registers.local_day(fact["recordedtime"])
    refuse_if(not registers.is_open(member), "unknown_member")
    refuse_if(data["veto"] in vetoes(registers), "already_exists")
    refuse_if(not is_above(registers, data["by"], member, day), "not_permitted")
    refuse_if("basis" not in data, "basis_required")
    refuse_if("to" in data and data["to"] <= data["from"], "dates_invalid")


def veto_lifted(registers: Registers, fact: Fact) -> None:
    member, data = fact["subject"], fact["data"]
    day = registers.local_day(fact["recordedtime"])
    veto = vetoes(registers).get(data["veto"])
    refuse_if(veto is None or veto.member != member, "unknown_reference")
    assert veto is not None
    on = day_of(data.get("on"))
    refuse_if(veto.is_annulled, "wrong_state")
    if on is not None:
        takes_days = veto.since < on and (veto.to is None or on < veto.to)
        refuse_if(not takes_days, "wrong_state")
    is_same = registers.identity(data["by"]) == registers.identity(veto.by)
    refuse_if(is_same, "same_reviewer")
    refuse_if(not is_above(registers, data["by"], member, day), "not_permitted")
    refuse_if("reason" not in data, "reason_required")
