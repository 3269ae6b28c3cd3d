"""Builds the plant of the demo from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from jifen_local.demo.names import people_names
from jifen_local.demo.world import POSTS, Branch, Group, Pact, Panel, Person, Transfer, World

# (short id, names, class, members); the last one is too small for a comparison.
_BRANCHES: Final = (
    ("u-b01", "采油一队党支部", "Oil Production Team 1", "frontline", 25),
    ("u-b02", "采油二队党支部", "Oil Production Team 2", "frontline", 23),
    ("u-b03", "采油三队党支部", "Oil Production Team 3", "frontline", 22),
    ("u-b04", "采油四队党支部", "Oil Production Team 4", "frontline", 21),
    ("u-b05", "井下作业队党支部", "Well Service Team", "frontline", 19),
    ("u-b06", "联合站党支部", "Gathering Station", "frontline", 18),
    ("u-b07", "注水队党支部", "Water Injection Team", "frontline", 18),
    ("u-b08", "维修队党支部", "Maintenance Team", "support", 17),
    ("u-b09", "电力队党支部", "Power Team", "support", 15),
    ("u-b10", "地质研究所党支部", "Geological Institute", "office", 16),
    ("u-b11", "机关党支部", "Plant Office", "office", 20),
    ("u-b12", "小车队党支部", "Motor Pool", "support", 4),
)
_OFFICE: Final = "u-b11"
_GROUP_SIZE: Final = 8
_SMALL: Final = 8
_SMALL_COMMITTEE: Final = ("secretary", "organisation", "discipline")
# The largest branch has one more on its committee.
_ONE_MORE: Final = {"u-b01": ("other",)}
_PACT_MEMBERS: Final = 5
# Lowest, highest and most frequent bent for the duties; from 1 on all are done.
_MOST_PEOPLE: Final = (0.72, 1.04, 0.96)
_COMMITTEE: Final = (0.9, 1.1, 1.02)
_UPPERS: Final = 5
_SPECIALISTS: Final = 4
_TRANSFERS: Final = (
    ("u-b01", "u-b03", date(2025, 2, 17)),
    ("u-b02", "u-b06", date(2025, 5, 16)),
    ("u-b05", "u-b01", date(2025, 8, 18)),
    ("u-b10", "u-b11", date(2025, 11, 17)),
)
_LEAVERS: Final = (
    ("u-b03", date(2025, 3, 20)),
    ("u-b06", date(2025, 6, 30)),
    ("u-b11", date(2025, 9, 15)),
)
_JOINERS: Final = (
    ("u-b02", date(2025, 3, 3)),
    ("u-b04", date(2025, 6, 2)),
    ("u-b08", date(2025, 7, 1)),
    ("u-b10", date(2025, 9, 1)),
)
_APPOINTED: Final = ("u-b02", date(2025, 4, 10))
_REGROUPED: Final = ("u-b04", 5)
_DELEGATES: Final = (("u-b10", "u-b01"), ("u-b11", "u-b05"), ("u-b08", "u-b02"), ("u-b07", "u-b03"))
_NUMERALS: Final = "一二三四"


@dataclass(slots=True)
class _Register:
    """People by id, ids drawn at random: nothing about a person can be read from one."""

    rng: Random
    names: Iterator[tuple[str, str]]
    people: dict[str, Person] = field(default_factory=dict)

    def enrol(self, standing: str, bent: tuple[float, float, float] = _MOST_PEOPLE) -> str:
        """Add a person with a bent drawn between the first two figures; return the id."""
        prefix = "s" if standing in {"staff", "applicant"} else "m"
        while (id_ := f"{prefix}-{self.rng.randrange(1 << 20):05x}") in self.people:
            pass
        diligence = min(1.0, self.rng.triangular(*bent))
        self.people[id_] = Person(id_, *next(self.names), standing, diligence)
        return id_


def build_world(seed: int) -> World:
    """Return the plant; the same seed gives the same plant."""
    rng = Random(f"world-{seed}")  # noqa: S311 - repeatable, guards nothing
    register = _Register(rng, people_names(rng))
    uppers = tuple(register.enrol("full") for _ in range(_UPPERS))
    branches = {row[0]: _branch(register, row, uppers) for row in _BRANCHES}
    idle = {id_: list(branch.plain) for id_, branch in branches.items()}
    transfers = tuple(
        Transfer(idle[origin].pop(), origin, target, on) for origin, target, on in _TRANSFERS
    )
    leavers = {idle[branch].pop(): on for branch, on in _LEAVERS}
    appointed = (idle[_APPOINTED[0]].pop(), _APPOINTED[1])
    joiners = {register.enrol("probationary"): (branch, on) for branch, on in _JOINERS}
    regrouped = tuple(idle[_REGROUPED[0]].pop() for _ in range(_REGROUPED[1]))
    return World(
        people=register.people,
        branches=branches,
        uppers=uppers,
        specialists=tuple(register.enrol("staff") for _ in range(_SPECIALISTS)),
        applicant=register.enrol("applicant"),
        transfers=transfers,
        leavers=leavers,
        joiners=joiners,
        appointed=appointed,
        regrouped=regrouped,
        pacts=_pacts(branches, idle),
        start_branch={one: branch.id for branch in branches.values() for one in branch.members},
        start_posts={
            one: post
            for branch in branches.values()
            for post, holders in branch.committee.items()
            for one in holders
        },
        moved={transfer.member: transfer for transfer in transfers},
        group_leaders={
            one: group.leader
            for branch in branches.values()
            for group in branch.groups
            for one in group.members
        },
    )


def _branch(
    register: _Register, row: tuple[str, str, str, str, int], uppers: tuple[str, ...]
) -> Branch:
    id_, name_zh, name_en, unit_class, size = row
    small = size < _SMALL
    posts = _SMALL_COMMITTEE if small else (*POSTS, *_ONE_MORE.get(id_, ()))
    seats = [register.enrol("full", _COMMITTEE) for _ in posts]
    rest = [register.enrol("full") for _ in range(size - len(seats))]
    members = [*seats, *rest]
    committee: dict[str, tuple[str, ...]] = {}
    for post, one in zip(posts, seats, strict=True):
        committee[post] = (*committee.get(post, ()), one)
    leaders_count = 0 if small else max(2, size // _GROUP_SIZE)
    leaders, rest = rest[:leaders_count], rest[leaders_count:]
    delegates, plain = rest[:3], rest[3:]
    everyone = (*members, *(uppers if id_ == _OFFICE else ()))
    staff = [register.enrol("staff") for _ in range(3)]
    kinds: dict[str, str] = dict.fromkeys(delegates, "member_delegate")
    kinds |= dict.fromkeys(staff[:2], "staff_delegate")
    if not small:
        kinds |= {leaders[-1]: "group_leader", committee["discipline"][0]: "committee"}
    return Branch(
        id=id_,
        name_zh=name_zh,
        name_en=f"{name_en} Branch",
        unit_class=unit_class,
        members=everyone,
        committee=committee,
        groups=_groups(id_, name_en, leaders, [one for one in everyone if one not in leaders]),
        panel=Panel(
            chair=delegates[0],
            kinds=kinds,
            recusals=() if small else ((delegates[1], plain[0]),),
        ),
        users_delegate=staff[2],
        plain=tuple(plain),
    )


def _groups(
    branch: str, name_en: str, leaders: Sequence[str], others: Sequence[str]
) -> tuple[Group, ...]:
    return tuple(
        Group(
            id=f"{branch}-g{number}",
            name_zh=f"第{_NUMERALS[number - 1]}党小组",
            name_en=f"{name_en} Group {number}",
            leader=leader,
            members=(leader, *others[number - 1 :: len(leaders)]),
        )
        for number, leader in enumerate(leaders, start=1)
    )


def _pacts(branches: Mapping[str, Branch], idle: dict[str, list[str]]) -> tuple[Pact, ...]:
    """Return the year's postings, helping pacts and mentor agreements, nobody twice in a kind."""
    found = [
        Pact(f"as-delegate-{n}", "delegate", branches[home].committee["other"][0], home, host, ())
        for n, (home, host) in enumerate(_DELEGATES, start=1)
    ]
    for branch in branches.values():
        if len(idle[branch.id]) < _PACT_MEMBERS:
            continue
        helper = branch.committee["publicity"][0]
        mentor = idle[branch.id][0]
        one, two, three, four = idle[branch.id][1:5]
        number = branch.id.removeprefix("u-")
        found.append(
            Pact(f"as-helper-{number}", "helper", helper, branch.id, branch.id, (one, two))
        )
        found.append(
            Pact(f"as-helper-{number}-2", "helper", mentor, branch.id, branch.id, (three, four))
        )
        found.append(Pact(f"as-mentor-{number}", "mentor", mentor, branch.id, branch.id, (one,)))
    return tuple(found)
