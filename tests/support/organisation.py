"""Builders of the registers: scheme, units, members, panels, shares, and the whole small world."""

from collections.abc import Mapping, Sequence
from typing import Any

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.people import (
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    CLASSES,
    GROUP_X1,
    GROUP_X2,
    GROUPS,
    HOMES,
    LEADER,
    PANEL_X,
    PANEL_Y,
    POSTS,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    STAFF,
    TASKS,
    UNITS,
)
from tests.support.stored import Fields, event, sha

BEGINNING = "2023-01-01"
# Level, and who submits it: the group X2 has no leader of its own in the small world.
ASSESSED_UNITS = {
    GROUP_X1: ("group", LEADER),
    GROUP_X2: ("group", CHEN),
    BRANCH_X: ("branch", SECRETARY),
    BRANCH_Y: ("branch", SECRETARY_Y),
}


def published(
    version: int = 1,
    effective_from: str = BEGINNING,
    *,
    document: Mapping[str, object] | None = None,
    retroactive: str | None = None,
    recorded: str = BEGINNING,
    **envelope: Any,
) -> bytes:
    data: Fields = {
        "version": version,
        "effective_from": effective_from,
        "document": document_object(default_document()) if document is None else dict(document),
        "note": f"version {version}",
        "retroactive": {"reason": retroactive} if retroactive else None,
    }
    return event("scheme.published", SCHEME, data, time=recorded, **envelope)


def registered(
    unit: str,
    kind: str = "branch",
    parent: str = SCHEME,
    *,
    since: str = BEGINNING,
    to: str | None = None,
    unit_class: str | None = None,
    came_from: Sequence[str] | None = None,
    recorded: str = BEGINNING,
    **envelope: Any,
) -> bytes:
    data: Fields = {"kind": kind, "parent": parent, "name_zh": unit, "name_en": unit}
    data |= {"from": since, "to": to, "class": unit_class}
    data |= {"came_from": list(came_from) if came_from is not None else None}
    return event("unit.registered", unit, data, time=recorded, **envelope)


def enrolled(
    member: str,
    standing: str = "full",
    *,
    since: str = BEGINNING,
    same_as: str | None = None,
    recorded: str = BEGINNING,
    **envelope: Any,
) -> bytes:
    data: Fields = {"standing": standing, "from": since, "same_as": same_as}
    return event("member.enrolled", member, data, time=recorded, **envelope)


def assigned(
    member: str,
    role: str = "member",
    unit: str = BRANCH_X,
    *,
    since: str = BEGINNING,
    to: str | None = None,
    of: Sequence[str] | None = None,
    post: str | None = None,
    assignment: str | None = None,
    recorded: str = BEGINNING,
    **envelope: Any,
) -> bytes:
    """The default assignment id says member, role and unit: building it again corrects it."""
    data: Fields = {"role": role, "unit": unit, "from": since, "to": to, "post": post}
    data |= {"assignment": assignment or f"as-{member}-{role.replace('_', '-')}-{unit}"}
    data |= {"of": list(of) if of is not None else None}
    return event("member.assigned", member, data, time=recorded, **envelope)


def left(member: str, on: str, *, why: str = "resigned", **envelope: Any) -> bytes:
    return event("member.left", member, {"on": on, "why": why}, time=on, **envelope)


def absent(
    member: str,
    since: str,
    to: str,
    *,
    kind: str = "leave",
    absence: str | None = None,
    basis: str | None = None,
    recorded: str | None = None,
    **envelope: Any,
) -> bytes:
    """The default absence id says member and first day: building it again corrects it."""
    data: Fields = {"absence": absence or f"ab-{member}-{since}", "kind": kind}
    data |= {"from": since, "to": to, "basis": {"sha256": sha(basis)} if basis else None}
    return event("absence.recorded", member, data, time=recorded or since, **envelope)


def assessment(
    subject: str,
    by: str | None = None,
    *,
    level: str | None = None,
    month: str = "2023-07",
    values: Sequence[tuple[str, str, str]] = (("B01", "member", "4"),),
    missing: Mapping[str, str] | None = None,
    recorded: str = "2023-08-02",
    **envelope: Any,
) -> bytes:
    """The July of a subject, in time; who speaks for a unit of the small world is known."""
    listed = [{"id": name, "reason": reason} for name, reason in (missing or {}).items()]
    data: Fields = {
        "level": level or ASSESSED_UNITS.get(subject, ("member", ""))[0],
        "month": month,
        "values": [
            {"item": item, "capacity": capacity, "points": points}
            for item, capacity, points in values
        ],
        "missing": listed or None,
        "by": by or ASSESSED_UNITS.get(subject, ("", subject))[1],
    }
    return event("assessment.submitted", subject, data, time=recorded, **envelope)


def panel(
    branch: str = BRANCH_X,
    members: Sequence[str] = PANEL_X,
    *,
    chair: str | None = None,
    kind: str = "member_delegate",
    since: str = BEGINNING,
    to: str = "2024-12-31",
    recusals: Sequence[tuple[str, str]] = (),
    name: str = "pl-1",
    recorded: str = BEGINNING,
    **envelope: Any,
) -> bytes:
    pairs = [{"member": member, "towards": towards} for member, towards in recusals]
    data: Fields = {
        "panel": name,
        "from": since,
        "to": to,
        "chair": chair or members[0],
        "members": [{"member": member, "kind": kind} for member in members],
        "recusals": pairs or None,
    }
    return event("panel.formed", branch, data, time=recorded, **envelope)


def shares(
    project: str,
    weights: Mapping[str, int],
    *,
    item: str = "C06",
    pool: str = "plant-wide",
    unit: str = BRANCH_X,
    organisers: Sequence[str] | None = None,
    agreed_by: Sequence[str] | None = None,
    by: str | None = None,
    time: str = "2023-07-10",
    **envelope: Any,
) -> bytes:
    data: Fields = {
        "project": project,
        "item": item,
        "pool": pool,
        "shares": [{"member": member, "weight": weight} for member, weight in weights.items()],
        "organisers": list(organisers) if organisers is not None else None,
        "agreed_by": list(weights if agreed_by is None else agreed_by),
        "by": by or next(iter(weights)),
    }
    return event("shares.declared", unit, data, time=time, **envelope)


def world() -> list[bytes]:
    """The default scheme and the units, people and panels of `people`, in force from 2023."""
    standing = {CHEN: "probationary"}
    homes = [(member, branch) for branch, members in HOMES.items() for member in members]
    groups = [(member, group) for group, members in GROUPS.items() for member in members]
    return [
        published(),
        *(registered(*unit, unit_class=CLASSES.get(unit[0])) for unit in UNITS),
        *(enrolled(member, standing.get(member, "full")) for member, _ in homes),
        *(enrolled(member, "staff") for member in STAFF),
        *(assigned(member, "member", branch) for member, branch in homes),
        *(assigned(member, "group_member", group) for member, group in groups),
        *(assigned(*held, post=TASKS.get(held[:2])) for held in POSTS),
        panel(BRANCH_X, PANEL_X),
        panel(BRANCH_Y, PANEL_Y, name="pl-2"),
    ]
