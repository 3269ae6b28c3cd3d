"""Projects whose points are shared: the declared split, then each participant's own claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from jifen_local.demo.filed import Filed, evidence
from jifen_local.demo.messages import Desk, Moment
from jifen_local.demo.own_claims import OwnClaims
from jifen_local.demo.workdays import working_days_of
from jifen_local.demo.world import Branch, World

PROJECT_MONTHS: Final = (2, 3, 5, 6, 8, 9, 11)
_POOLS: Final = {"C06": ("accepted", "benefit", "plant-wide"), "D01": ("small", "large")}
_WEIGHTS: Final = ((50, 30, 20), (40, 35, 25), (30, 30, 20, 20), (50, 50), (1, 1, 1))
# The project of the report: its largest share, 15.0, is above the cap of 12.0 a quarter.
SHOWN_MONTH: Final = 11
SHOWN_WEIGHTS: Final = (50, 30, 20)
SHOWN_POOL: Final = "plant-wide"
_DECLARED_S: Final = 13 * 3_600


@dataclass(frozen=True, slots=True)
class Project:
    """A project whose split was declared on the day."""

    id: str
    item: str
    branch: Branch
    on: date
    data: dict[str, object] = field(hash=False)
    participants: tuple[str, ...]
    organiser: str


class Projects:
    """Two projects in a month: one technical breakthrough (攻关), one practical help (办实事)."""

    def __init__(self, world: World, desk: Desk, own: OwnClaims, rng: Random) -> None:
        """Declare at the desk and file through `own`."""
        self.world = world
        self.desk = desk
        self.own = own
        self.rng = rng
        self.declared: list[Project] = []

    def of_month(self, month: int) -> Iterator[Filed]:
        """Declare the month's projects and file the claims that rest on them."""
        if month not in PROJECT_MONTHS:
            return
        for item in _POOLS:
            project = self._declare(item, month)
            self.declared.append(project)
            yield from self._claims(project)

    def _declare(self, item: str, month: int) -> Project:
        branch = self.rng.choice(
            [one for one in self.world.branches.values() if len(one.plain) > len(_WEIGHTS)]
        )
        day = self.rng.choice(working_days_of(month)[5:-2])
        weights, pool = self.rng.choice(_WEIGHTS), self.rng.choice(_POOLS[item])
        if (item, month) == ("C06", SHOWN_MONTH):
            weights, pool = SHOWN_WEIGHTS, SHOWN_POOL
        there = [one for one in branch.plain if self.world.home(one, day) is branch]
        participants = tuple(self.rng.sample(there, len(weights)))
        organiser = branch.committee["publicity"][0]
        shares = zip(participants, weights, strict=True)
        data: dict[str, object] = {
            "project": f"pj-{item.lower()}-{day:%y%m}",
            "item": item,
            "pool": pool,
            "shares": [{"member": one, "weight": weight} for one, weight in shares],
            "organisers": [organiser],
            "agreed_by": [*participants, organiser],
            "by": participants[0],
        }
        self.desk.send("shares.declared", branch.id, Moment(day, _DECLARED_S), data)
        return Project(str(data["project"]), item, branch, day, data, participants, organiser)

    def _claims(self, project: Project) -> Iterator[Filed]:
        everyone = frozenset({*project.participants, project.organiser})
        users = (project.branch.users_delegate,) if project.item == "D01" else ()
        for holder in (*project.participants, project.organiser):
            organised = holder == project.organiser
            measure: dict[str, dict[str, object]] = (
                {"committee": {"count": 1}} if organised else {"member": {}}
            )
            yield self.own.file(
                project.item, holder, project.branch, project.on, measure,
                counterpart=users, participants=everyone, project=project.id,
                evidence=evidence("document", f"{project.id}-{holder}"),
            )  # fmt: skip
