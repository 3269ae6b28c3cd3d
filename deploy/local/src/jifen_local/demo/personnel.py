"""The personnel system: scheme, units, people, roles, panels, and what changes in the year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from typing import Final

from jifen_local.demo.messages import SCHEME, Desk, Message, Moment
from jifen_local.demo.world import PLANT_EN, PLANT_ZH, Branch, Pact, Transfer, World

FOUNDED: Final = "2020-01-01"
SETUP_DAY: Final = date(2024, 12, 30)
EFFECTIVE_FROM: Final = "2025-01-01"

_SINCE: Final = "2024-01-01"
_PANEL_UNTIL: Final = "2026-07-01"
_PACT_FROM: Final = "2025-01-01"
_PACT_UNTIL: Final = "2026-01-01"
_NEW_GROUP: Final = ("u-b04-g3", "第三党小组", "Oil Production Team 4 Group 3", date(2025, 7, 1))
_NOTICE: Final = timedelta(days=7)
_OPENS_S: Final = 6 * 3_600


def personnel_messages(world: World, document: Mapping[str, object]) -> list[Message]:
    """Return what personnel sends: everything before the year, then each change on its day."""
    office = _Personnel(world)
    office.publish(document)
    office.register_units()
    office.enrol_everyone()
    office.assign_everyone()
    office.form_panels()
    office.tell_changes()
    return office.desk.messages


class _Personnel:
    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = Desk("personnel", "pe")
        self._seconds = count(_OPENS_S)

    def _now(self, day: date | None = None) -> Moment:
        return Moment(day or SETUP_DAY, next(self._seconds))

    def publish(self, document: Mapping[str, object]) -> None:
        data = {"version": 1, "effective_from": EFFECTIVE_FROM, "document": document}
        note = {"note": "31 items in 4 categories, for the year 2025"}
        self.desk.send("scheme.published", SCHEME, self._now(), data | note)

    def register_units(self) -> None:
        names = {"name_zh": PLANT_ZH, "name_en": PLANT_EN, "from": FOUNDED}
        self.desk.send(
            "unit.registered", SCHEME, self._now(), {"kind": "plant", "parent": SCHEME, **names}
        )
        for branch in self.world.branches.values():
            self._register(
                branch.id,
                "branch",
                SCHEME,
                branch.name_zh,
                branch.name_en,
                {"class": branch.unit_class},
            )
        for branch in self.world.branches.values():
            for group in branch.groups:
                self._register(group.id, "group", branch.id, group.name_zh, group.name_en, {})

    def _register(
        self, unit: str, kind: str, parent: str, zh: str, en: str, more: dict[str, str]
    ) -> None:
        data = {"kind": kind, "parent": parent, "name_zh": zh, "name_en": en, "from": FOUNDED}
        self.desk.send("unit.registered", unit, self._now(), data | more)

    def enrol_everyone(self) -> None:
        for person in self.world.people.values():
            if person.id not in self.world.joiners:
                self._enrol(person.id, person.standing, _SINCE, self._now())

    def _enrol(self, member: str, standing: str, since: str, moment: Moment) -> None:
        self.desk.send("member.enrolled", member, moment, {"standing": standing, "from": since})

    def _assign(self, member: str, role: str, unit: str, moment: Moment, **more: object) -> None:
        data: dict[str, object] = {"role": role, "unit": unit, "from": _SINCE} | more
        data.setdefault("assignment", f"as-{role.replace('_', '-')}-{member}")
        if "from_" in data:
            data["from"] = data.pop("from_")
        self.desk.send("member.assigned", member, moment, data)

    def assign_everyone(self) -> None:
        for upper in self.world.uppers:
            self._assign(upper, "upper", SCHEME, self._now())
        for specialist in self.world.specialists:
            self._assign(specialist, "specialist", SCHEME, self._now())
        for branch in self.world.branches.values():
            self._staff_branch(branch)
        for pact in self.world.pacts:
            self._agree(pact)

    def _staff_branch(self, branch: Branch) -> None:
        for member in branch.members:
            self._assign(member, "member", branch.id, self._now())
        for post, holders in branch.committee.items():
            role = "secretary" if post == "secretary" else "committee"
            for member in holders:
                self._assign(member, role, branch.id, self._now(), post=post)
        self._assign(branch.recorder, "recorder", branch.id, self._now())
        for group in branch.groups:
            self._assign(group.leader, "group_leader", group.id, self._now())
            for member in group.members:
                self._assign(member, "group_member", group.id, self._now())

    def _agree(self, pact: Pact) -> None:
        span = {"assignment": pact.id, "from_": _PACT_FROM, "to": _PACT_UNTIL}
        others = {"of": list(pact.of)} if pact.of else {}
        self._assign(pact.member, pact.role, pact.unit, self._now(), **span, **others)

    def form_panels(self) -> None:
        for branch in self.world.branches.values():
            panel = branch.panel
            data: dict[str, object] = {
                "panel": f"pn-{branch.id}-1",
                "from": _PACT_FROM,
                "to": _PANEL_UNTIL,
                "chair": panel.chair,
                "members": [{"member": one, "kind": kind} for one, kind in panel.kinds.items()],
            }
            if panel.recusals:
                data["recusals"] = [
                    {"member": one, "towards": towards} for one, towards in panel.recusals
                ]
            self.desk.send("panel.formed", branch.id, self._now(), data)

    def tell_changes(self) -> None:
        """Send each change of the year on the working day it was known."""
        for transfer in self.world.transfers:
            self._transfer(transfer)
        for member, on in self.world.leavers.items():
            data = {"on": on.isoformat(), "why": "other"}
            self.desk.send("member.left", member, self._now(on - timedelta(days=1)), data)
        for member, (branch, on) in self.world.joiners.items():
            moment = self._now(on - timedelta(days=1))
            self._enrol(member, self.world.people[member].standing, on.isoformat(), moment)
            self._assign(member, "member", branch, self._now(moment.day), from_=on.isoformat())
        member, on = self.world.appointed
        unit = self.world.start_branch[member]
        self._assign(
            member,
            "committee",
            unit,
            self._now(on - timedelta(days=1)),
            post="publicity",
            from_=on.isoformat(),
        )
        self._split_a_group()

    def _transfer(self, transfer: Transfer) -> None:
        member, on = transfer.member, transfer.on.isoformat()
        sent = transfer.on - _NOTICE
        self._assign(member, "member", transfer.origin, self._now(sent), to=on)
        self._assign(member, "group_member", self._group_of(member), self._now(sent), to=on)
        self._assign(
            member,
            "member",
            transfer.target,
            self._now(sent),
            from_=on,
            sent=sent.isoformat(),
            assignment=f"as-member-{member}-2",
        )
        target = self.world.branches[transfer.target].groups[0].id
        self._assign(
            member,
            "group_member",
            target,
            self._now(sent),
            from_=on,
            assignment=f"as-group-member-{member}-2",
        )

    def _split_a_group(self) -> None:
        group, name_zh, name_en, on = _NEW_GROUP
        day, since = on - timedelta(days=1), on.isoformat()
        leader, *_ = self.world.regrouped
        branch = self.world.start_branch[leader]
        data = {
            "kind": "group",
            "parent": branch,
            "name_zh": name_zh,
            "name_en": name_en,
            "from": since,
        }
        self.desk.send("unit.registered", group, self._now(day), data)
        for member in self.world.regrouped:
            self._assign(member, "group_member", self._group_of(member), self._now(day), to=since)
            self._assign(
                member,
                "group_member",
                group,
                self._now(day),
                from_=since,
                assignment=f"as-group-member-{member}-2",
            )
        self._assign(leader, "group_leader", group, self._now(day), from_=since)

    def _group_of(self, member: str) -> str:
        branch = self.world.branches[self.world.start_branch[member]]
        return next(group.id for group in branch.groups if member in group.members)
