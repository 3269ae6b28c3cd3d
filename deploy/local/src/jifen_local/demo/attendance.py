"""The attendance system: monthly base facts of members, committees and units, and sign-ins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Final

from jifen_local.demo.filed import Filed, evidence, file_claim
from jifen_local.demo.messages import Desk, Message, Moment
from jifen_local.demo.rules import Rules
from jifen_local.demo.workdays import DECEMBER, days_of, month_end, month_start
from jifen_local.demo.world import Branch, World

_MEMBER_FACTS: Final = ("B01", "B02", "B03", "B05", "C01", "C05", "C08")
_COMMITTEE_FACTS: Final = ("A01", "A02", "A03", "A05", "A06")
_UNIT_FACTS: Final = ("A06", "C05")
# How many of each are due in a month where the scheme leaves it open.
_DUE: Final = {
    "A01": 3, "A02": 2, "A03": 5, "A05": 1, "A06": 4,
    "B01": 3, "B02": 2, "B03": 2, "B05": 2, "C01": 4, "C05": 4, "C08": 5,
}  # fmt: skip
_LATE_SHARE: Final = 0.004
_EXCUSED_SHARE: Final = 0.04
_UNIT_BENT: Final = 0.95
_CLOSING_S: Final = 18 * 3_600
_EXPORT_S: Final = 7 * 3_600
_EXPORT_STEP: Final = 8
_VOLUNTEERS: Final = (3, 10)
_OVERSTAYED_SHARE: Final = 0.03
_ACTIVITY_S: Final = 9 * 3_600
_SUNDAY: Final = 6


def attendance_messages(world: World, rules: Rules, seed: int) -> tuple[list[Message], list[Filed]]:
    """Return what the system sends in the year, and the claims that this opens."""
    system = _Attendance(world, rules, Random(f"attendance-{seed}"))  # noqa: S311 - repeatable
    filed: list[Filed] = []
    for month in range(1, DECEMBER + 1):
        filed += system.volunteers(month)
        filed += system.base_facts(month)
    return system.desk.messages, filed


class _Attendance:
    def __init__(self, world: World, rules: Rules, rng: Random) -> None:
        self.world = world
        self.rules = rules
        self.rng = rng
        self.desk = Desk("attendance", "at")
        self._rows: dict[date, count[int]] = {}

    def _exported(self, day: date) -> Moment:
        """Return the moment of the day's next row: the system exports each morning."""
        row = next(self._rows.setdefault(day, count()))
        return Moment(day, _EXPORT_S + row // _EXPORT_STEP)

    def base_facts(self, month: int) -> Iterator[Filed]:
        """File the month's facts on the first three days of the next, a few of them late."""
        last = month_end(month)
        for branch in self.world.branches.values():
            for member in self.world.members_on(branch, last):
                for item in _MEMBER_FACTS:
                    yield from self._fact(member, "member", item, branch, month)
                if self.world.post(member, last) is not None:
                    for item in _COMMITTEE_FACTS:
                        yield from self._fact(member, "committee", item, branch, month)
            for item in _UNIT_FACTS:
                yield from self._fact(branch.id, "unit", item, branch, month)

    def _fact(
        self, holder: str, capacity: str, item: str, branch: Branch, month: int
    ) -> Iterator[Filed]:
        last = month_end(month)
        post = self.world.post(holder, last)
        rule = self.rules.item(item, post, branch.unit_class)
        if rule is None or capacity not in rule.lines:
            return
        required = rule.lines[capacity].required
        due = _DUE[item] if required is None else required
        day = month_start(month + 1) + timedelta(days="BCA".index(item[0]))
        if self.rng.random() < _LATE_SHARE:
            day += timedelta(days=self.rng.randint(5, 40))
        yield file_claim(
            self.desk,
            Filed(
                claim=f"{item.lower()}-{last:%y%m}-{holder}",
                item=item,
                deed=f"{item.lower()}-{last:%Y-%m}",
                holder=holder,
                branch=branch,
                deed_on=last,
                filed_on=day,
                measure={capacity: self._ratio(holder, due)},
            ),
            self._exported(day),
            Moment(last, _CLOSING_S),
            stating={},
        )

    def _ratio(self, holder: str, due: int) -> dict[str, object]:
        person = self.world.people.get(holder)
        bent = _UNIT_BENT if person is None else person.diligence
        excused = int(due > 0 and self.rng.random() < _EXCUSED_SHARE)
        done = sum(self.rng.random() < bent for _ in range(due - excused))
        return {"required": due, "excused": excused, "done": done}

    def volunteers(self, month: int) -> Iterator[Filed]:
        """File the sign-ins of each branch's volunteer activity on a Sunday of the month."""
        sundays = [day for day in days_of(month) if day.weekday() == _SUNDAY]
        for branch in self.world.branches.values():
            day = self.rng.choice(sundays)
            there = self.world.members_on(branch, day)
            if len(there) <= _VOLUNTEERS[0]:
                continue
            leader, deputy = branch.committee["discipline"][0], branch.committee["secretary"][0]
            number = min(self.rng.randint(*_VOLUNTEERS), len(there))
            activity = f"vs-{day:%y%m%d}-{branch.id}"
            for member in self.rng.sample(there, number):
                host = deputy if member == leader else leader
                yield self._sign_in(member, branch, day, activity, host)

    def _sign_in(self, member: str, branch: Branch, day: date, activity: str, host: str) -> Filed:
        count_ = self.rng.randint(2, 4)
        added = self.rng.random() < _OVERSTAYED_SHARE
        return file_claim(
            self.desk,
            Filed(
                claim=f"d04-{day:%y%m%d}-{member}",
                item="D04",
                deed=f"{activity}-{member}",
                holder=member,
                branch=branch,
                deed_on=day,
                filed_on=day + timedelta(days=1),
                measure={"member": {"count": count_}},
                counterpart=(host,),
                group=activity,
            ),
            self._exported(day + timedelta(days=1)),
            Moment(day, _ACTIVITY_S + count_ * 1_800),
            stating={
                "signed": "added" if added else "self",
                "evidence": evidence("sign_in", f"{activity}-{member}"),
            },
        )
