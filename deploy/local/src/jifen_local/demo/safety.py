"""The safety-report system (随手拍): snap reports, hazards, suggestions and rare deductions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Final

from jifen_local.demo.filed import Filed, evidence, file_claim, file_hash
from jifen_local.demo.messages import Desk, Message, Moment
from jifen_local.demo.rules import Rules
from jifen_local.demo.workdays import DECEMBER, days_of, later, working_days_of
from jifen_local.demo.world import Branch, World

# Reports per member and month: most send few, some send more than the cap lets count.
_REPORTS: Final = ((0, 61), (1, 24), (2, 8), (3, 3), (5, 3), (6, 1))
_HAZARDS_A_MONTH: Final = 34
_BOTH_SHARE: Final = 0.18
_SEEN_TWICE_SHARE: Final = 0.05
_SUGGESTIONS_A_MONTH: Final = 12
_EFFECTIVE_SHARE: Final = 0.4
_HAZARD_TIERS: Final = (("general", 88), ("larger", 10), ("major", 2))
_FINDINGS_A_QUARTER: Final = 3
_MONTHS_OF_A_QUARTER: Final = 3
_MORNING_S: Final = (7 * 3_600, 13 * 3_600)
_UPLOAD_S: Final = (40, 600)


def safety_messages(world: World, rules: Rules, seed: int) -> tuple[list[Message], list[Filed]]:
    """Return what the system sends in the year, and the claims that this opens."""
    system = _Safety(world, rules, Random(f"safety-{seed}"))  # noqa: S311 - repeatable
    filed: list[Filed] = []
    for month in range(1, DECEMBER + 1):
        filed += system.snap_reports(month)
        filed += system.hazards(month)
        filed += system.suggestions(month)
        if month % _MONTHS_OF_A_QUARTER == 0:
            filed += system.findings(month)
    return system.desk.messages, filed


class _Safety:
    def __init__(self, world: World, rules: Rules, rng: Random) -> None:
        self.world = world
        self.rules = rules
        self.rng = rng
        self.desk = Desk("safety", "sa")
        self._numbers = count(1)

    def _file(
        self,
        item: str,
        holder: str,
        day: date,
        measure: dict[str, dict[str, object]],
        *,
        deed: str | None = None,
        group: str | None = None,
        **more: object,
    ) -> Filed:
        number = f"{item.lower()}-{day:%y%m%d}-{next(self._numbers):05}"
        branch = self.world.home(holder, day)
        assert branch is not None
        second = self.rng.randint(*_MORNING_S)
        filed = Filed(
            number, item, deed or f"{number}-deed", holder, branch, day, day, measure, group=group
        )
        recorded = Moment(day, second + self.rng.randint(*_UPLOAD_S))
        return file_claim(self.desk, filed, recorded, Moment(day, second), stating=more)

    def snap_reports(self, month: int) -> Iterator[Filed]:
        days = days_of(month)
        numbers, weights = zip(*_REPORTS, strict=True)
        for branch in self.world.branches.values():
            for member in self.world.members_on(branch, days[0]):
                for _ in range(self.rng.choices(numbers, weights)[0]):
                    yield from self._snap(member, branch, self.rng.choice(days))

    def _snap(self, member: str, branch: Branch, day: date) -> Iterator[Filed]:
        if self.world.home(member, day) is None:
            return
        snap = self._snap_report(member, day, None)
        yield snap
        if self.rng.random() < _SEEN_TWICE_SHARE:
            next_day = day + timedelta(days=1)
            other = self.rng.choice(self.world.members_on(branch, day))
            at_home = self.world.home(other, next_day) is not None
            if other != member and at_home and next_day.year == day.year:
                yield self._snap_report(other, next_day, snap.deed)

    def _snap_report(self, member: str, day: date, problem: str | None) -> Filed:
        photo = evidence("photo", f"{member}-{day}-{self.rng.randrange(1 << 30)}")
        count_one: dict[str, dict[str, object]] = {"member": {"count": 1}}
        return self._file("D03", member, day, count_one, deed=problem, evidence=photo)

    def hazards(self, month: int) -> Iterator[Filed]:
        """File hazards; some finders report the same problem as a snap report too."""
        tiers = [tier for tier, _ in _HAZARD_TIERS]
        weights = [weight for _, weight in _HAZARD_TIERS]
        for _ in range(_HAZARDS_A_MONTH):
            day = self.rng.choice(days_of(month))
            member = self._someone(day)
            tier = self.rng.choices(tiers, weights)[0]
            photo = evidence("photo", f"hazard-{member}-{day}-{self.rng.randrange(1 << 30)}")
            hazard = self._file("C09", member, day, {"member": {"tier": tier}}, evidence=photo)
            yield hazard
            if self.rng.random() < _BOTH_SHARE:
                yield self._snap_report(member, day, hazard.deed)

    def suggestions(self, month: int) -> Iterator[Filed]:
        """File adopted suggestions; some take effect later and are claimed at the higher tier."""
        for _ in range(_SUGGESTIONS_A_MONTH):
            day = self.rng.choice(working_days_of(month))
            member = self._someone(day)
            first = self._suggestion(member, day, "adopted", None)
            yield first
            effect = later(day, self.rng.randint(25, 60))
            this_year = effect.year == day.year and self.world.home(member, effect) is not None
            if this_year and self.rng.random() < _EFFECTIVE_SHARE:
                yield self._suggestion(member, effect, "effective", first.group)

    def _suggestion(self, member: str, day: date, tier: str, group: str | None) -> Filed:
        measure: dict[str, dict[str, object]] = {
            capacity: {"tier": tier} for capacity in self.world.capacities(member, day)
        }
        name = group or f"sg-{day:%y%m%d}-{self.rng.randrange(1 << 20):05x}"
        paper = evidence("document", f"{name}-{tier}")
        return self._file("C10", member, day, measure, group=name, evidence=paper)

    def findings(self, month: int) -> Iterator[Filed]:
        """File the quarter's few official findings: a deduction needs a basis document."""
        for _ in range(_FINDINGS_A_QUARTER):
            day = self.rng.choice(working_days_of(month))
            member = self._someone(day)
            tier = self.rng.choice(("general", "general", "serious"))
            basis = {"sha256": file_hash(f"finding-{member}-{day}")}
            yield self._file(
                "C11",
                member,
                day,
                {"member": {"tier": tier}},
                basis=basis,
                evidence=evidence("document", f"finding-{member}-{day}"),
            )

    def _someone(self, day: date) -> str:
        branch = self.rng.choice(list(self.world.branches.values()))
        return self.rng.choice(self.world.members_on(branch, day))
