"""Who and what is known: every answer is computed anew from the list of accepted facts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from jifen_contracts.periods import end_day
from jifen_contracts.scheme.catalogue import Catalogue, effective_catalogue
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.times import instant_ms, local_date, offset_minutes
from tests.support.naive.facts import Fact

SATURDAY = 5
SCORED_STANDINGS = ("full", "probationary")


@dataclass(frozen=True)
class Assignment:
    id: str
    member: str
    role: str
    unit: str
    of: tuple[str, ...]
    post: str | None
    since: date
    to: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.to is None or day < self.to)

    def meets(self, since: date, to: date | None) -> bool:
        starts_before = to is None or self.since < to
        ends_after = self.to is None or since < self.to
        nonempty = self.to is None or self.since < self.to
        return starts_before and ends_after and nonempty


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_scan(data: Fact) -> bool:
    return "channel" in data and data["standing"] == "applicant"


@dataclass
class Registers:
    scheme: str
    facts: list[Fact] = field(default_factory=list)
    documents: list[SchemeDocument] = field(default_factory=list)

    def said(self, verb: str, subject: str | None = None) -> list[Fact]:
        kind = f"jifen.{verb}.v1"
        named = [fact for fact in self.facts if fact["type"] == kind]
        return [fact for fact in named if subject is None or fact["subject"] == subject]

    # Time and scheme

    def local_day(self, time: str) -> date:
        offset = self.documents[0].utc_offset if self.documents else "+00:00"
        return local_date(instant_ms(time), offset_minutes(offset))

    def document_on(self, day: date) -> SchemeDocument | None:
        found = None
        for fact, document in zip(self.said("scheme.published"), self.documents, strict=True):
            if date.fromisoformat(fact["data"]["effective_from"]) <= day:
                found = document
        return found

    def calendar_document(self, recorded: date) -> SchemeDocument:
        return self.document_on(recorded) or self.documents[0]

    def is_working(self, day: date, recorded: date) -> bool:
        calendar = self.calendar_document(recorded).calendar
        if day.isoformat() in calendar.days_on:
            return True
        return day.weekday() < SATURDAY and day.isoformat() not in calendar.days_off

    def working_days_after(self, day: date, number: int, recorded: date) -> date:
        while number:
            day += timedelta(days=1)
            number -= self.is_working(day, recorded)
        return day

    def claims_deadline(self, month: str, recorded: date) -> date:
        claims_day = self.calendar_document(recorded).calendar.claims_day
        day = end_day(month) + timedelta(days=claims_day - 1)
        while not self.is_working(day, recorded):
            day += timedelta(days=1)
        return day

    # Units

    def is_unit(self, name: str) -> bool:
        return name == self.scheme or bool(self.said("unit.registered", name))

    def unit_on(self, unit: str, day: date) -> Fact | None:
        """The registration that says what the unit is on the day, whether or not in force."""
        known = self.said("unit.registered", unit)
        begun = [fact for fact in known if date.fromisoformat(fact["data"]["from"]) <= day]
        return begun[-1] if begun else None

    def unit_in_force(self, unit: str, day: date) -> bool:
        if unit == self.scheme:
            return True
        fact = self.unit_on(unit, day)
        if fact is None:
            return False
        to = day_of(fact["data"].get("to"))
        return to is None or day < to

    def kind_of(self, unit: str) -> str:
        known = self.said("unit.registered", unit)
        return str(known[-1]["data"]["kind"]) if known else "plant"

    def class_of(self, unit: str, day: date) -> str | None:
        fact = self.unit_on(unit, day)
        return fact["data"].get("class") if fact else None

    def above(self, unit: str, day: date) -> Iterator[str]:
        seen = {unit}
        while unit != self.scheme:
            fact = self.unit_on(unit, day) or self.said("unit.registered", unit)[0]
            unit = fact["data"]["parent"]
            if unit in seen:
                return
            seen.add(unit)
            yield unit

    def branch_for(self, unit: str, day: date) -> str:
        """The unit itself or the nearest branch above it; itself if there is none."""
        line = (unit, *self.above(unit, day))
        return next((name for name in line if self.kind_of(name) == "branch"), unit)

    def deciding(self, branch: str, day: date) -> str:
        """The branch itself, or what came after it where it is not in force on the day."""
        if self.unit_in_force(branch, day):
            return branch
        seen, ended = {branch}, [branch]
        while ended:
            heirs = [unit for unit in self._heirs(ended.pop(0)) if unit not in seen]
            in_force = [unit for unit in heirs if self.unit_in_force(unit, day)]
            if in_force:
                return in_force[0]
            seen.update(heirs)
            ended += heirs
        return branch

    def _heirs(self, branch: str) -> list[str]:
        """The units whose last registration says that they came from the branch, in its order."""
        last = {fact["subject"]: fact for fact in self.said("unit.registered")}
        order = [fact for fact in self.said("unit.registered") if last[fact["subject"]] is fact]
        return [fact["subject"] for fact in order if branch in fact["data"].get("came_from", ())]

    # Members

    def is_member(self, name: str) -> bool:
        return bool(self.said("member.enrolled", name))

    def is_closed(self, member: str) -> bool:
        """Joined into another record of the same person."""
        return self.identity(member) != member

    def is_open(self, name: str) -> bool:
        """A member that may still be named."""
        return self.is_member(name) and not self.is_closed(name)

    def identity(self, member: str) -> str:
        """The id that survives of all the records of this person."""
        for fact in self.said("member.enrolled"):
            if fact["data"].get("same_as") == member:
                return self.identity(fact["subject"])
        return member

    def identities(self, members: Iterable[str]) -> set[str]:
        return {self.identity(member) for member in members}

    def standing(self, member: str, day: date) -> str | None:
        begun = [standing for since, standing in self.standings(member) if since <= day]
        return begun[-1] if begun else None

    def standings(self, member: str) -> list[tuple[date, str]]:
        """In the order in which they begin; what began on one day as it was recorded."""
        told = [fact["data"] for fact in self.said("member.enrolled", member)]
        # A call-up code scanned by somebody who is registered registers nobody.
        later = [data for data in told[1:] if not _is_scan(data)]
        known = [*told[:1], *later]
        spans = [(date.fromisoformat(data["from"]), str(data["standing"])) for data in known]
        return sorted(spans, key=lambda span: span[0])

    def assignments(self, role: str | None = None) -> list[Assignment]:
        """The last word on each assignment, ended by its member's leaving."""
        found: dict[str, Assignment] = {}
        for fact in self.facts:
            data = fact["data"]
            if fact["type"] == "jifen.member.assigned.v1":
                found[data["assignment"]] = Assignment(
                    data["assignment"],
                    fact["subject"],
                    data["role"],
                    data["unit"],
                    tuple(data.get("of", ())),
                    data.get("post"),
                    date.fromisoformat(data["from"]),
                    day_of(data.get("to")),
                )
            if fact["type"] == "jifen.member.left.v1":
                on = date.fromisoformat(data["on"])
                for name, held in found.items():
                    if held.member == fact["subject"]:
                        found[name] = replace(held, to=min(held.to or on, on))
        return [held for held in found.values() if role in (None, held.role)]

    def held(self, member: str, day: date, *roles: str) -> list[Assignment]:
        mine = [held for held in self.assignments() if held.member == member]
        return [held for held in mine if held.role in roles and held.covers(day)]

    def holders(self, unit: str, day: date, *roles: str) -> set[str]:
        there = [held for held in self.assignments() if held.unit == unit]
        return {held.member for held in there if held.role in roles and held.covers(day)}

    def secretaries(self, branch: str, day: date) -> set[str]:
        by_post = [held for held in self.assignments("committee") if held.post == "secretary"]
        there = {held.member for held in by_post if held.unit == branch and held.covers(day)}
        return there | self.holders(branch, day, "secretary")

    def home(self, member: str, day: date) -> str | None:
        homes = self.held(member, day, "member")
        return homes[0].unit if homes else None

    def branch(self, holder: str, day: date) -> str | None:
        """The branch to which the holder's deeds of the day belong."""
        return self.branch_for(holder, day) if self.is_unit(holder) else self.home(holder, day)

    def capacities(self, holder: str, day: date, home: str | None) -> set[str]:
        if self.is_unit(holder):
            return {"unit"}
        held = {"committee"} if self.held(holder, day, "committee", "secretary") else set()
        scored = self.standing(holder, day) in SCORED_STANDINGS
        return held | ({"member"} if home and scored else set())

    def catalogue(self, holder: str, day: date, home: str | None) -> Catalogue:
        """What the scheme says for this holder on this day."""
        document = self.document_on(day)
        assert document is not None
        if self.is_unit(holder):
            return effective_catalogue(document, frozenset(), self.class_of(holder, day))
        offices = self.held(holder, day, "committee", "secretary")
        posts = {
            held.post or ("secretary" if held.role == "secretary" else None) for held in offices
        }
        unit_class = self.class_of(home, day) if home else None
        return effective_catalogue(document, frozenset(filter(None, posts)), unit_class)

    # Panels and shares

    def panel(self, branch: str, day: date) -> Fact | None:
        found = None
        for fact in self.said("panel.formed", branch):
            since, to = (date.fromisoformat(fact["data"][key]) for key in ("from", "to"))
            if since <= day:  # It replaces the panels before it, also once it has ended.
                found = fact["data"] if day < to else None
        return found

    def has_shares(self, item: str, day: date) -> bool:
        """Whether a claim of the item rests on a project."""
        document = self.document_on(day)
        found = [entry for entry in document.items if entry.code == item] if document else []
        lines = [line for entry in found for line in entry.lines.by_capacity().values()]
        return any(line.mode == "S" for line in lines)

    def project(self, name: str | None) -> Fact | None:
        declared = [
            fact for fact in self.said("shares.declared") if fact["data"]["project"] == name
        ]
        return declared[-1] if declared else None
