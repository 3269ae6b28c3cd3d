"""The plant of the demo: its branches, its people and what happens to them during the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

PLANT_ZH: Final = "河东采油厂"
PLANT_EN: Final = "Hedong Oil Production Plant"
POSTS: Final = ("secretary", "organisation", "publicity", "discipline", "other")


@dataclass(frozen=True, slots=True)
class Person:
    """A member or staff, with the names for the directory and a bent for doing the duties."""

    id: str
    name_zh: str
    name_en: str
    standing: str
    diligence: float


@dataclass(frozen=True, slots=True)
class Group:
    """A Party group (党小组) at the beginning of the year; its leader is one of the members."""

    id: str
    name_zh: str
    name_en: str
    leader: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A branch's assessment group (考核小组): kinds by member, and declared recusals."""

    chair: str
    kinds: Mapping[str, str] = field(hash=False)
    recusals: tuple[tuple[str, str], ...]

    @property
    def quorum(self) -> int:
        """The fewest eligible deciders."""
        return len(self.kinds) // 2 + 1


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch (党支部) as the year begins; `committee` is keyed by post."""

    id: str
    name_zh: str
    name_en: str
    unit_class: str
    members: tuple[str, ...]
    committee: Mapping[str, tuple[str, ...]] = field(hash=False)
    groups: tuple[Group, ...]
    panel: Panel
    users_delegate: str
    plain: tuple[str, ...]

    @property
    def secretary(self) -> str:
        """The branch secretary (支部书记)."""
        return self.committee["secretary"][0]

    @property
    def recorder(self) -> str:
        """The committee member who keeps the branch's records."""
        return self.committee["organisation"][0]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A member moves to another branch in mid-quarter."""

    member: str
    origin: str
    target: str
    on: date


@dataclass(frozen=True, slots=True)
class Pact:
    """What a member agreed with others: `delegate` (a host unit), `helper` or `mentor`."""

    id: str
    role: str
    member: str
    branch: str
    unit: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everything the four upstream systems know about the plant."""

    people: Mapping[str, Person] = field(hash=False)
    branches: Mapping[str, Branch] = field(hash=False)
    uppers: tuple[str, ...]
    specialists: tuple[str, ...]
    applicant: str
    transfers: tuple[Transfer, ...]
    leavers: Mapping[str, date] = field(hash=False)
    joiners: Mapping[str, tuple[str, date]] = field(hash=False)
    appointed: tuple[str, date]
    regrouped: tuple[str, ...]
    pacts: tuple[Pact, ...]
    start_branch: Mapping[str, str] = field(hash=False)
    start_posts: Mapping[str, str] = field(hash=False)
    moved: Mapping[str, Transfer] = field(hash=False)
    group_leaders: Mapping[str, str] = field(hash=False)

    def home(self, member: str, day: date) -> Branch | None:
        """Return the member's home branch on the day."""
        if day >= self.leavers.get(member, date.max):
            return None
        if member in self.joiners:
            branch, since = self.joiners[member]
            return self.branches[branch] if day >= since else None
        transfer = self.moved.get(member)
        if transfer is not None and day >= transfer.on:
            return self.branches[transfer.target]
        return self.branches[self.start_branch[member]] if member in self.start_branch else None

    def post(self, member: str, day: date) -> str | None:
        """Return the member's post in the branch committee on the day."""
        if member == self.appointed[0] and day >= self.appointed[1]:
            return "publicity"
        return self.start_posts.get(member)

    def capacities(self, member: str, day: date) -> tuple[str, ...]:
        """Return the capacities the member holds on the day."""
        both = self.post(member, day) is not None
        return ("committee", "member") if both else ("member",)

    def members_on(self, branch: Branch, day: date) -> tuple[str, ...]:
        """Return the branch's members on the day, those of the year's beginning first."""
        arrived = [move.member for move in self.transfers if move.target == branch.id]
        joined = [member for member, (target, _) in self.joiners.items() if target == branch.id]
        return tuple(
            member
            for member in (*branch.members, *arrived, *joined)
            if self.home(member, day) is branch
        )

    def group_leader(self, member: str) -> str | None:
        """Return who leads the group the member has been in all year, if it stayed so."""
        if member in self.moved or member in self.regrouped:
            return None
        return self.group_leaders.get(member)
