"""Who and what is known: every answer is computed anew from the list of accepted facts."""

from collections.abc import Iterator
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

    def above(self, unit: str) -> Iterator[str]:
        seen = {unit}
        while unit != self.scheme:
            unit = self.said("unit.registered", unit)[-1]["data"]["parent"]
            if unit in seen:
                return
            seen.add(unit)
            yield unit

    def branch_for(self, unit: str) -> str:
        """The unit itself or the nearest branch above it; itself if there is none."""
        line = (unit, *self.above(unit))
        return next((name for name in line if self.kind_of(name) == "branch"), unit)

    # Members

    def is_member(self, name: str) -> bool:
        return bool(self.said("member.enrolled", name))

    def is_closed(self, member: str) -> bool:
        """Joined into another record of the same person."""
        joins = self.said("member.enrolled")
        return any(fact["data"].get("same_as") == member for fact in joins)

    def standing(self, member: str, day: date) -> str | None:
        known = self.said("member.enrolled", member)
        begun = [fact for fact in known if date.fromisoformat(fact["data"]["from"]) <= day]
        return begun[-1]["data"]["standing"] if begun else None

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

    def home(self, member: str, day: date) -> str | None:
        homes = self.held(member, day, "member")
        return homes[0].unit if homes else None

    def branch(self, holder: str, day: date) -> str | None:
        """The branch that decides about the holder's deeds of the day."""
        return self.branch_for(holder) if self.is_unit(holder) else self.home(holder, day)

    def capacities(self, holder: str, day: date) -> set[str]:
        if self.is_unit(holder):
            return {"unit"}
        held = {"committee"} if self.held(holder, day, "committee", "secretary") else set()
        scored = self.standing(holder, day) in SCORED_STANDINGS
        return held | ({"member"} if self.home(holder, day) and scored else set())

    def catalogue(self, holder: str, day: date) -> Catalogue:
        """What the scheme says for this holder on this day."""
        document = self.document_on(day)
        assert document is not None
        if self.is_unit(holder):
            return effective_catalogue(document, frozenset(), self.class_of(holder, day))
        offices = self.held(holder, day, "committee", "secretary")
        posts = {
            held.post or ("secretary" if held.role == "secretary" else None) for held in offices
        }
        home = self.home(holder, day)
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

    def project(self, name: str | None) -> Fact | None:
        declared = [
            fact for fact in self.said("shares.declared") if fact["data"]["project"] == name
        ]
        return declared[-1] if declared else None
