"""What the accepted facts say of concerns, told anew from the first of them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.support.naive.facts import Fact
from tests.support.naive.registers import Registers

DUE_AFTER = {"at_once": 0, "urgent": 3, "ordinary": 15}
CLOSED = ("resolved", "confirmed")
OPEN = ("raised", "assigned", "reopened")


@dataclass
class Seen:
    """One concern; `said` holds yes or no by raiser, since it was last resolved."""

    id: str
    unit: str
    kind: str
    urgency: str
    by: str | None
    source: str
    parent: str | None
    origin: str
    first: date
    due: date
    state: str = "raised"
    merged_into: str | None = None
    handler: str | None = None
    handler_unit: str | None = None
    stages: list[str] = field(default_factory=list)
    pauses: list[tuple[date, date]] = field(default_factory=list)
    in_use: date | None = None
    code: str | None = None
    said: dict[str, bool] = field(default_factory=dict)

    @property
    def is_red_line(self) -> bool:
        return self.kind == "fix" and self.origin.startswith("H")


@dataclass
class Told:
    """All concerns, and the registers, as they were after the same facts."""

    registers: Registers
    concerns: dict[str, Seen]

    def root(self, concern: Seen) -> Seen:
        return self.concerns[concern.merged_into] if concern.merged_into else concern

    def group(self, root: Seen) -> list[Seen]:
        return [one for one in self.concerns.values() if self.root(one) is root]

    def open_parts(self, root: Seen) -> list[Seen]:
        whole = {one.id for one in self.group(root)}
        parts = [self.root(one) for one in self.concerns.values() if one.parent in whole]
        return [part for part in parts if part is not root and part.state in OPEN]

    def wholes(self, root: Seen) -> set[str]:
        """Every closed concern of which this one is a part, however far above."""
        found: set[str] = set()
        for one in self.group(root):
            whole = self.root(self.concerns[one.parent]) if one.parent else None
            if whole is not None and whole.state in CLOSED:
                found.add(whole.id)
        return found

    def raiser(self, concern: Seen) -> str:
        return self.registers.identity(concern.by) if concern.by else f"unnamed {concern.id}"

    def speaker(self, named: Seen, fact: Fact) -> str | None:
        """Which raiser says this, if it is one."""
        data, group = fact["data"], self.group(self.root(named))
        if "by" in data:
            raisers = {self.raiser(one) for one in group if one.by}
            return data["by"] if data["by"] in raisers else None
        code = data.get("survey_code")
        if code is None:
            return None
        alias = hashlib.sha256(code.encode()).hexdigest()
        if alias in {one.by for one in group}:
            return alias
        fits = named.by is None and named.source == fact["source"]
        return self.raiser(named) if fits and named.code in (None, code) else None

    def votes(self, root: Seen) -> tuple[int, int, int]:
        """How many raisers, how many yes, how many no."""
        raisers = {self.raiser(one) for one in self.group(root)}
        said = {self.registers.identity(raiser): word for raiser, word in root.said.items()}
        words = [said[raiser] for raiser in raisers if raiser in said]
        return len(raisers), words.count(True), words.count(False)

    def upper(self, concern: Seen, day: date) -> set[str]:
        branch = self.registers.deciding(self.registers.branch_for(concern.unit, day), day)
        above = tuple(self.registers.above(branch, day)) or (branch,)
        there = set().union(*(self.registers.holders(unit, day, "upper") for unit in above))
        return set(filter(self.registers.is_open, there))


def told(registers: Registers) -> Told:
    """Everything that the facts say."""
    concerns: dict[str, Seen] = {}
    for number, fact in enumerate(registers.facts, start=1):
        if fact["type"].startswith("jifen.concern."):
            _tell(Told(_until(registers, number), concerns), fact)
    return Told(registers, concerns)


def _until(registers: Registers, number: int) -> Registers:
    facts = registers.facts[:number]
    published = sum(fact["type"] == "jifen.scheme.published.v1" for fact in facts)
    return Registers(registers.scheme, facts, registers.documents[:published])


def _tell(then: Told, fact: Fact) -> None:
    data, day = fact["data"], then.registers.local_day(fact["recordedtime"])
    verb = fact["type"].split(".")[2]
    if verb == "raised":
        then.concerns[data["concern"]] = _raised(then, fact, day)
        return
    named = then.concerns[data["concern"]]
    root = then.root(named)
    if verb == "assigned":
        _assigned(then, named, data)
    elif verb == "resolved":
        root.state, root.in_use, root.said = "resolved", date.fromisoformat(data["in_use"]), {}
    else:
        _spoken(then, named, fact, day)


def _raised(then: Told, fact: Fact, day: date) -> Seen:
    data = fact["data"]
    concern = Seen(
        data["concern"],
        fact["subject"],
        data["kind"],
        data["urgency"],
        data.get("by"),
        fact["source"],
        data.get("parent"),
        data.get("origin", ""),
        day,
        day,
    )
    concern.due = due_day(then.registers, concern)
    return concern


def _assigned(then: Told, concern: Seen, data: Fact) -> None:
    concern.state, concern.handler = "assigned", data["handler"]
    concern.handler_unit = data["handler_unit"]
    concern.urgency = data.get("urgency", concern.urgency)
    if "stages" in data:
        concern.stages = [stage["name_zh"] for stage in data["stages"]]
    if "pause" in data:
        ends = (date.fromisoformat(data["pause"][end]) for end in ("from", "to"))
        concern.pauses.append((next(ends), next(ends)))
    concern.due = due_day(then.registers, concern)
    if "merge_into" in data:
        into = then.root(then.concerns[data["merge_into"]])
        for one in then.group(concern):
            one.merged_into, one.state = into.id, "merged"
        if concern.first < into.first:
            into.first = concern.first
            into.due = due_day(then.registers, into)


def _spoken(then: Told, named: Seen, fact: Fact, day: date) -> None:
    """A raiser's yes or no, or the word from above."""
    root, by = then.root(named), fact["data"].get("by")
    satisfied = "satisfaction" in fact["data"]
    speaker = then.speaker(named, fact)
    if by is None and named.by is None and speaker == then.raiser(named):
        named.code = fact["data"]["survey_code"]
    decides = by in then.upper(root, day) and (not satisfied or root.is_red_line)
    root.said[speaker or by or ""] = satisfied
    raisers, yes, no = then.votes(root)
    if satisfied:
        root.state = "confirmed" if decides or yes > raisers - yes else root.state
    elif decides or no >= raisers - no or (root.state == "confirmed" and yes <= raisers - yes):
        for one in opened_again(then, root):
            one.state, one.in_use = "reopened", None


def opened_again(then: Told, root: Seen) -> list[Seen]:
    """The concern itself, and everything closed that it is a part of."""
    found, waiting = [root.id], [root.id]
    while waiting:
        for whole in sorted(then.wholes(then.concerns[waiting.pop()])):
            if whole not in found:
                found.append(whole)
                waiting.append(whole)
    return [then.concerns[id_] for id_ in found]


def due_day(registers: Registers, concern: Seen) -> date:
    """The last day, counted off one by one; a pause begun after it comes too late."""
    due = _after(registers, concern.first, concern.first, DUE_AFTER[concern.urgency])
    over: set[date] = set()
    for since, to in sorted(concern.pauses):
        fresh = [day for day in _days(since, to) if day not in over]
        over.update(fresh)
        if fresh and fresh[0] <= due:
            lost = [day for day in fresh if day >= concern.first]
            number = sum(_works(registers, day, concern.first) for day in lost)
            due = _after(registers, due, concern.first, number)
    return due


def _days(since: date, to: date) -> Iterator[date]:
    return (since + timedelta(days=number) for number in range((to - since).days))


def _works(registers: Registers, day: date, first: date) -> bool:
    if not registers.documents:
        return day.isoweekday() < 6
    return registers.is_working(day, first)


def _after(registers: Registers, day: date, first: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= _works(registers, day, first)
    return day
