"""Registers and splits that the fold has to refuse: slips of the office and of projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Final

from jifen_local.demo.messages import SCHEME, Desk, Message, Moment
from jifen_local.demo.personnel import FOUNDED
from jifen_local.demo.projects import Project
from jifen_local.demo.workdays import later, month_start
from jifen_local.demo.world import World

_OFFICE_S: Final = 6 * 3_600 + 2_400
_PROJECT_S: Final = 13 * 3_600 + 600
_SINCE: Final = "2025-06-01"
_MONTHS: Final = (3, 6, 9)
_USED_BY_THEN: Final = 45


def refused_registers(world: World, document: Mapping[str, object]) -> list[Message]:
    """Return what the personnel office sends in vain, three times in the year."""
    office = _Slips(world, document)
    for month in _MONTHS:
        office.day = later(month_start(month), 2)
        office.scheme()
        office.units()
        office.people()
        office.pacts_and_panels()
    return office.desk.messages


def refused_splits(projects: Sequence[Project]) -> list[Message]:
    """Return declared splits that do not stand: too greedy, not agreed, too late."""
    desk = Desk("review-desk", "rs")
    for project in projects:
        slip = {**project.data, "project": f"{project.id}-x"}
        greedy, *others = project.participants
        shares = [{"member": greedy, "weight": len(others) + 1}]
        shares += [{"member": one, "weight": 1} for one in others]
        _declare(desk, project, {**slip, "shares": shares}, project.on, "share_too_large")
        _declare(desk, project, {**slip, "agreed_by": [project.organiser]}, project.on,
                 "shares_not_agreed")  # fmt: skip
        after = later(project.on, _USED_BY_THEN)
        _declare(desk, project, project.data, after, "shares_in_use")
    return desk.messages


def _declare(
    desk: Desk, project: Project, data: Mapping[str, object], day: date, fold: str
) -> None:
    desk.send("shares.declared", project.branch.id, Moment(day, _PROJECT_S), data, fold=fold)


class _Slips:
    def __init__(self, world: World, document: Mapping[str, object]) -> None:
        self.world = world
        self.document = document
        self.desk = Desk("personnel", "px")
        self.day = month_start(1)
        self._seconds = count(_OFFICE_S)
        self._numbers = count(1)

    def _send(self, kind: str, subject: str, data: Mapping[str, object], fold: str) -> None:
        self.desk.send(kind, subject, Moment(self.day, next(self._seconds)), data, fold=fold)

    def scheme(self) -> None:
        data = {"version": 3, "effective_from": "2026-01-01", "document": self.document,
                "note": "a number was skipped"}  # fmt: skip
        self._send("scheme.published", SCHEME, data, "version_not_next")
        data |= {"version": 2, "effective_from": "2026-01-15"}
        self._send("scheme.published", SCHEME, data, "effective_date_invalid")
        items = self.document["items"]
        assert isinstance(items, list)
        data |= {"effective_from": "2026-01-01", "document": {**self.document, "items": items[1:]}}
        self._send("scheme.published", SCHEME, data, "scheme_invalid")

    def units(self) -> None:
        branch = next(iter(self.world.branches.values()))
        names = {"name_zh": "临时党小组", "name_en": "Provisional Group", "from": FOUNDED}
        self._send("unit.registered", branch.plain[0], {"kind": "group", "parent": SCHEME, **names},
                   "already_exists")  # fmt: skip
        self._send("unit.registered", "u-x1", {"kind": "group", "parent": "u-b99", **names},
                   "unknown_unit")  # fmt: skip
        self._send(
            "unit.registered",
            branch.id,
            {"kind": "branch", "parent": branch.groups[0].id, **names},
            "unit_cycle",
        )
        self._send(
            "unit.registered",
            "u-x1",
            {"kind": "group", "parent": branch.id, **names, "to": FOUNDED},
            "dates_invalid",
        )

    def people(self) -> None:
        first, second, *_ = self.world.branches.values()
        member = first.plain[0]
        data = {"assignment": f"as-x{next(self._numbers)}", "role": "member", "unit": second.id,
                "from": _SINCE}  # fmt: skip
        self._send("member.assigned", member, data, "assignment_overlap")
        self._send("member.assigned", "m-nobody", data, "unknown_member")
        self._send("member.assigned", member, {**data, "unit": "u-b99"}, "unknown_unit")
        self._send("member.assigned", member, {**data, "to": _SINCE}, "dates_invalid")
        self._send("member.left", "m-nobody", {"on": _SINCE, "why": "other"}, "unknown_member")

    def pacts_and_panels(self) -> None:
        branch = next(iter(self.world.branches.values()))
        helper, *helped = branch.plain[-4:]
        data = {"assignment": f"as-x{next(self._numbers)}", "role": "helper", "unit": branch.id,
                "of": helped, "from": _SINCE}  # fmt: skip
        self._send("member.assigned", helper, data, "pact_invalid")
        seats = [one for holders in branch.committee.values() for one in holders][:4]
        panel = {
            "panel": "pn-x", "from": _SINCE, "to": "2026-06-01", "chair": branch.plain[0],
            "members": [{"member": one, "kind": "committee"} for one in seats]
            + [{"member": branch.plain[0], "kind": "member_delegate"}],
        }  # fmt: skip
        self._send("panel.formed", branch.id, panel, "panel_invalid")
