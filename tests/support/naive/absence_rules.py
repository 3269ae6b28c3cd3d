"""Which absences are accepted, and who is away on a day."""

from datetime import date

from tests.support.naive.facts import Fact, refuse_if
from tests.support.naive.registers import Registers, day_of


def absence_recorded(registers: Registers, fact: Fact) -> None:
    data = fact["data"]
    refuse_if(not registers.is_open(fact["subject"]), "unknown_member")
    refuse_if(data["to"] <= data["from"], "dates_invalid")
    refuse_if(data["kind"] == "exempt" and "basis" not in data, "basis_required")


def spans_away(registers: Registers, member: str) -> list[tuple[date, date]]:
    """The last word on each absence."""
    last = {fact["data"]["absence"]: fact for fact in registers.said("absence.recorded", member)}
    spans = [(day_of(one["data"]["from"]), day_of(one["data"]["to"])) for one in last.values()]
    return [(since, to) for since, to in spans if since and to]


def is_away(registers: Registers, member: str, day: date) -> bool:
    return any(since <= day < to for since, to in spans_away(registers, member))
