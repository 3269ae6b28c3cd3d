"""What people file at their branch's desk: visits, pacts, contests, duties led, deductions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from random import Random
from typing import Final

from jifen_local.demo.filed import Filed, Measure, evidence, file_claim, file_hash
from jifen_local.demo.messages import Desk, Moment
from jifen_local.demo.rules import Rules
from jifen_local.demo.workdays import working_days_of
from jifen_local.demo.world import Branch, Pact, World

VISITS_A_MONTH: Final = (2, 4)
_PLAIN_VISITOR_SHARE: Final = 0.3
_CONTESTS_A_MONTH: Final = 3
_CONTEST_TIERS: Final = ("plant-1", "plant-2", "plant-3", "plant-3", "company-2", "company-3")
_BOTH_PROGRESSED_SHARE: Final = 0.7
_LED_SHARE: Final = 0.32
_TEAM_SHARE: Final = 0.62
_SATISFIED_SHARE: Final = 0.6
_QUARTER_ENDS: Final = (3, 6, 9, 12)
_HALF_YEAR_ENDS: Final = (6, 12)
_DECEMBER: Final = 12
_DEED_S: Final = (8 * 3_600, 13 * 3_600)
_FILING_S: Final = (14 * 3_600, 14 * 3_600 + 2_999)


class OwnClaims:
    """The claims of one year that a person files, each in the afternoon of the deed's day."""

    def __init__(self, world: World, rules: Rules, desk: Desk, rng: Random) -> None:
        """File at the desk, with the drawn luck of `rng`."""
        self.world = world
        self.rules = rules
        self.desk = desk
        self.rng = rng
        self._numbers = count(1)

    def of_month(self, month: int) -> Iterator[Filed]:
        """File everything of the month."""
        days = working_days_of(month)
        for branch in self.world.branches.values():
            yield from self._visits(branch, days)
            yield from self._led(branch, days[-1])
        for pact in self.world.pacts:
            yield from self._pact(pact, days, last=month == _DECEMBER)
        yield from self._contests(days)
        if month in _QUARTER_ENDS:
            yield from self._surveys(days[-1], month)
            yield from self._awards(days[-2], month)
            yield from self._deductions(days[-3], half_year=month in _HALF_YEAR_ENDS)

    def file(  # noqa: PLR0913 - what a claim may state
        self,
        item: str,
        holder: str,
        branch: Branch,
        day: date,
        measure: Measure,
        *,
        by: str | None = None,
        counterpart: tuple[str, ...] = (),
        group: str | None = None,
        participants: frozenset[str] = frozenset(),
        fold: str | None = None,
        **more: object,
    ) -> Filed:
        """File one claim; `by` is the holder unless another person speaks for a unit."""
        number = f"{item.lower()}-{day:%y%m%d}-d{next(self._numbers):05}"
        filed = Filed(
            number,
            item,
            f"{number}-deed",
            holder,
            branch,
            day,
            day,
            measure,
            counterpart,
            group,
            participants,
            by_person=True,
        )
        deed = Moment(day, self.rng.randint(*_DEED_S))
        recorded = Moment(day, self.rng.randint(*_FILING_S))
        return file_claim(
            self.desk, filed, recorded, deed, stating={"by": by or holder, **more}, fold=fold
        )

    def _visits(self, branch: Branch, days: tuple[date, ...]) -> Iterator[Filed]:
        for _ in range(self.rng.randint(*VISITS_A_MONTH)):
            day = self.rng.choice(days)
            there = self.world.members_on(branch, day)
            plain = self.rng.random() < _PLAIN_VISITOR_SHARE
            visitors = there if plain else self._committee(branch, day)
            visitor = self.rng.choice(visitors)
            measure = {one: {"count": 1} for one in self.world.capacities(visitor, day)}
            yield self.file("D05", visitor, branch, day, measure)

    def _committee(self, branch: Branch, day: date) -> tuple[str, ...]:
        there = self.world.members_on(branch, day)
        return tuple(one for one in there if self.world.post(one, day) is not None)

    def _led(self, branch: Branch, day: date) -> Iterator[Filed]:
        """File what committee members led in the month: tasks, drills, the team they answer for."""
        for leader in self._committee(branch, day):
            for item in ("C01", "C08"):
                if self.rng.random() < _LED_SHARE:
                    yield self.file(item, leader, branch, day, {"committee": {"count": 1}})
            post = self.world.post(leader, day)
            answers_for_a_team = self.rules.item("C05", post, branch.unit_class) is not None
            if answers_for_a_team and self.rng.random() < _TEAM_SHARE:
                tier = self.rng.choice(("good", "good", "excellent"))
                yield self.file("C05", leader, branch, day, {"committee": {"tier": tier}})

    def _pact(self, pact: Pact, days: tuple[date, ...], *, last: bool) -> Iterator[Filed]:
        branch = self.world.branches[pact.branch]
        match pact.role:
            case "delegate":
                host = self.world.branches[pact.unit].secretary
                for day in self.rng.sample(days, 2):
                    measure = {one: {"count": 1} for one in self.world.capacities(pact.member, day)}
                    yield self.file(
                        "A04",
                        pact.member,
                        branch,
                        day,
                        measure,
                        counterpart=(host,),
                        evidence=evidence("record", f"duty-{pact.id}-{day}"),
                    )
            case "helper":
                yield self._helped(pact, branch, days[-1])
            case _:
                tier = "completed" if last else "one-apprentice"
                yield self.file(
                    "C03",
                    pact.member,
                    branch,
                    days[-1],
                    {"member": {"tier": tier}},
                    counterpart=pact.of,
                )

    def _helped(self, pact: Pact, branch: Branch, day: date) -> Filed:
        both = self.rng.random() < _BOTH_PROGRESSED_SHARE
        helped = pact.of if both else pact.of[:1]
        measure: dict[str, dict[str, object]] = {"member": {"count": len(helped)}}
        if both and self.world.post(pact.member, day) is not None:
            measure["committee"] = {"count": 1}
        return self.file("C02", pact.member, branch, day, measure, counterpart=helped)

    def _contests(self, days: tuple[date, ...]) -> Iterator[Filed]:
        for _ in range(_CONTESTS_A_MONTH):
            day = self.rng.choice(days)
            branch = self._branch()
            winner = self.rng.choice(self.world.members_on(branch, day))
            contest = f"ct-{day:%y%m%d}-{branch.id}"
            tier = self.rng.choice(_CONTEST_TIERS)
            yield self.file(
                "C04",
                winner,
                branch,
                day,
                {"member": {"tier": tier}},
                group=contest,
                evidence=evidence("document", f"{contest}-{tier}-{winner}"),
            )

    def _surveys(self, day: date, month: int) -> Iterator[Filed]:
        for branch in self.world.branches.values():
            for holder in (branch.id, *self._committee(branch, day)):
                if self.rng.random() > _SATISFIED_SHARE:
                    continue
                capacity = "unit" if holder == branch.id else "committee"
                tier = self.rng.choice(("p90", "p80", "p80"))
                measure = {capacity: {"tier": tier, "answers": self.rng.randint(9, 60)}}
                yield self.file(
                    "D06",
                    holder,
                    branch,
                    day,
                    measure,
                    by=branch.recorder,
                    evidence=evidence("survey", f"survey-{branch.id}-{month}-{holder}"),
                )

    def _awards(self, day: date, month: int) -> Iterator[Filed]:
        gold = self._branch()
        yield self.file(
            "C07",
            gold.id,
            gold,
            day,
            {"unit": {"tier": "gold"}},
            by=gold.recorder,
            evidence=evidence("document", f"gold-unit-{month}"),
        )
        for number in range(6):
            branch = self._branch()
            winner = self.rng.choice(self.world.members_on(branch, day))
            tier = "company" if number == 0 else "plant"
            yield self.file(
                "C07",
                winner,
                branch,
                day,
                {"member": {"tier": tier}},
                evidence=evidence("document", f"labour-{month}-{number}"),
            )

    def _deductions(self, day: date, *, half_year: bool) -> Iterator[Filed]:
        branch = self._branch()
        absent = self.rng.choice(branch.members)
        if self.world.home(absent, day) is branch:
            yield self._deduction("B06", absent, branch, day, {"member": {"tier": "absent"}})
        if half_year:
            upper = self.world.uppers[0]
            finding = {"unit": {"tier": "missed-meeting"}}
            yield self._deduction("A07", branch.id, branch, day, finding, by=upper)
            blamed = branch.committee["discipline"][0]
            complaint = {"committee": {"tier": "complaint"}}
            yield self._deduction("D07", blamed, branch, day, complaint, by=branch.panel.chair)

    def _deduction(
        self,
        item: str,
        holder: str,
        branch: Branch,
        day: date,
        measure: Measure,
        by: str | None = None,
    ) -> Filed:
        paper = f"finding-{item}-{holder}-{day}"
        return self.file(
            item,
            holder,
            branch,
            day,
            measure,
            by=by or branch.recorder,
            basis={"sha256": file_hash(paper)},
            evidence=evidence("document", paper),
        )

    def _branch(self) -> Branch:
        large = [branch for branch in self.world.branches.values() if branch.groups]
        return self.rng.choice(large)
