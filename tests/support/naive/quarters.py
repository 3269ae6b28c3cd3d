"""Where a branch's quarter stands, told from the accepted steps alone (domain.md §5.3)."""

from dataclasses import dataclass
from datetime import date

from tests.support.naive.facts import Fact
from tests.support.naive.registers import Registers


@dataclass(frozen=True)
class Quarter:
    registers: Registers
    branch: str
    name: str

    @property
    def steps(self) -> list[tuple[int, Fact]]:
        """Every accepted step with its place among all accepted facts."""
        return [
            (place, fact)
            for place, fact in enumerate(self.registers.facts)
            if fact["type"] == "jifen.period.advanced.v1"
            and (fact["subject"], fact["data"]["period"]) == (self.branch, self.name)
        ]

    @property
    def state(self) -> str:
        return self.steps[-1][1]["data"]["to"] if self.steps else "open"

    @property
    def bulletins(self) -> list[tuple[int, Fact]]:
        """The steps that froze a revision."""
        found, state = [], "open"
        for place, fact in self.steps:
            to = fact["data"]["to"]
            if to == "published" or state == "final":
                found.append((place, fact))
            state = to
        return found

    @property
    def is_published(self) -> bool:
        return bool(self.bulletins)

    @property
    def window_end(self) -> date:
        """The last day on which the first bulletin may be objected to."""
        day = self.registers.local_day(self.bulletins[0][1]["recordedtime"])
        days = self.registers.calendar_document(day).calendar.objection_days
        return self.registers.working_days_after(day, days, day)

    @property
    def preliminary_at(self) -> int:
        """The place of the preliminary step that stands."""
        return max(place for place, fact in self.steps if fact["data"]["to"] == "preliminary")

    @property
    def decided_by(self) -> set[str]:
        """Who verified, published or revised it, since it was last opened."""
        bulletins, people = [place for place, _ in self.bulletins], set[str]()
        for place, fact in self.steps:
            data = fact["data"]
            if data["to"] == "open":
                people = set()
            elif data["to"] == "verified" or place in bulletins:
                people |= {data["by"], *data.get("deciders", ())}
        return people
