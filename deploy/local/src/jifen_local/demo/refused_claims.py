"""Claims that the fold has to refuse: what a person or a machine gets wrong when filing."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Final

from jifen_local.demo.filed import Measure, evidence, file_hash
from jifen_local.demo.messages import Desk, Message, Moment
from jifen_local.demo.workdays import DECEMBER, working_days_of
from jifen_local.demo.world import Branch, World

_EACH: Final = 4
_HOLDERS: Final = 3
_MORNING_S: Final = 8 * 3_600
_FILING_S: Final = 14 * 3_600 + 3_000
_STRANGER: Final = "m-nobody"
_ONE: Final[Measure] = {"member": {"count": 1}}
_BOTH: Final[Measure] = {"member": {"count": 1}, "committee": {"count": 1}}
_JUST_BEFORE_OFFICE: Final = date(2025, 4, 8)


def refused_claims(world: World, seed: int) -> list[Message]:
    """Return what the people's desk files in vain, each with the code it meets."""
    clerk = _Clerk(world, Random(f"refused-claims-{seed}"))  # noqa: S311 - repeatable
    for _ in range(_EACH):
        clerk.strangers()
        clerk.wrong_dates()
        clerk.wrong_capacities()
        clerk.missing_ground()
        clerk.wrong_measures()
        clerk.twice()
    clerk.file("D05", world.appointed[0], _JUST_BEFORE_OFFICE, _BOTH, "capacity_not_held")
    return clerk.desk.messages


class _Clerk:
    def __init__(self, world: World, rng: Random) -> None:
        self.world = world
        self.rng = rng
        self.desk = Desk("review-desk", "rc")
        self._numbers = count(1)

    def file(
        self,
        item: str,
        holder: str,
        day: date,
        measure: Measure,
        fold: str | None,
        *,
        deed_at: Moment | None = None,
        by: str | None = None,
        **more: object,
    ) -> dict[str, object]:
        """File a claim on the day; a fold of None is one that is in order."""
        number = f"{item.lower()}-x{next(self._numbers):04}"
        data = {"claim": number, "item": item, "deed": f"{number}-deed", "measure": measure,
                "by": by or holder} | more  # fmt: skip
        self.desk.send("points.earned", holder, Moment(day, _FILING_S), data,
                       deed=deed_at or Moment(day, _MORNING_S), fold=fold)  # fmt: skip
        return data

    def strangers(self) -> None:
        branch, day = self._branch(), self._day()
        self.file("D03", _STRANGER, day, _ONE, "unknown_member", by=branch.recorder)
        self.file("D03", self.world.applicant, day, _ONE, "not_active")
        self.file("A99", branch.plain[0], day, _ONE, "unknown_item")

    def wrong_dates(self) -> None:
        holder = self._branch().plain[0]
        spring, autumn = self.rng.choice(working_days_of(2)), self.rng.choice(working_days_of(9))
        deed = Moment(spring, _MORNING_S)
        self.file("D05", holder, autumn, _ONE, "too_late", deed_at=deed)
        before = Moment(date(2024, 12, 31) - timedelta(days=self.rng.randrange(9)), _MORNING_S)
        january = self.rng.choice(working_days_of(1))
        self.file("D05", holder, january, _ONE, "scheme_not_published", deed_at=before)
        day = self._day()
        later_today = Moment(day, _FILING_S + 3_600)
        self.file("D05", holder, day, _ONE, "in_future", deed_at=later_today)

    def wrong_capacities(self) -> None:
        branch, day = self._branch(), self._day()
        self.file("D05", branch.plain[0], day, _BOTH, "capacity_not_held")
        self.file("D05", branch.secretary, day, _ONE, "dual_incomplete")
        committee_only: Measure = {"committee": {"count": 1}}
        self.file("D03", branch.secretary, day, committee_only, "item_not_applicable")

    def missing_ground(self) -> None:
        branch, day = self._branch(), self._day()
        holder, *others = branch.plain[-3:]
        self.file("C02", branch.secretary, day, _ONE, "pact_not_in_force", counterpart=others)
        paper = evidence("document", f"{holder}-{day}")
        self.file("C06", holder, day, {"member": {}}, "shares_missing", project="pj-unheard-of",
                  evidence=paper)  # fmt: skip
        self.file("C04", holder, day, {"member": {"tier": "plant-1"}}, "evidence_required")
        self.file("B06", holder, day, {"member": {"tier": "absent"}}, "basis_required",
                  by=branch.recorder)  # fmt: skip
        self.file("D02", branch.secretary, day, _BOTH, "record_mismatch", deed="concern-unheard-of")

    def wrong_measures(self) -> None:
        branch, day = self._branch(), self._day()
        holder = branch.plain[0]
        self.file("D04", holder, day, {"member": {"count": 9}}, "measure_invalid", signed="self",
                  counterpart=[branch.secretary])  # fmt: skip
        self.file("C09", holder, day, {"member": {"tier": "enormous"}}, "measure_invalid")
        self.file("D05", holder, day, _ONE, "points_mismatch", points={"member": "5"})
        survey: Measure = {"committee": {"tier": "p90", "answers": 3}}
        self.file("D06", branch.secretary, day, survey, "measure_invalid",
                  evidence=[{"kind": "survey", "sha256": file_hash(f"survey-{day}")}])  # fmt: skip

    def twice(self) -> None:
        """File in order, then the same claim id again, then the same deed under a new id."""
        holder, day = self._branch().plain[1], self._day()
        first = self.file("D05", holder, day, _ONE, None)
        other = f"{first['claim']}-other"
        self.file("D05", holder, day, _ONE, "duplicate_claim", claim=first["claim"], deed=other)
        self.file("D05", holder, day, _ONE, "duplicate_deed", deed=first["deed"])

    def _branch(self) -> Branch:
        return self.rng.choice(
            [one for one in self.world.branches.values() if len(one.plain) >= _HOLDERS]
        )

    def _day(self) -> date:
        return self.rng.choice(working_days_of(self.rng.randint(2, DECEMBER)))
