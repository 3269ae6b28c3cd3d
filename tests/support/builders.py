"""Stored events with defaults, as canonical bytes: a test names only what it is about."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from jifen_contracts.canonical import decode
from jifen_contracts.scheme.default import default_document
from tests.support.organisation import (
    assigned,
    enrolled,
    left,
    panel,
    published,
    registered,
    shares,
    world,
)
from tests.support.people import (
    ANNA,
    QUORUM,
    RECORDER,
    SCHEME,
    SECRETARY,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.stored import SOURCE, Fields, changed, event, imported, later, sha

__all__ = [
    "SOURCE",
    "assigned",
    "changed",
    "count",
    "decided",
    "deduction",
    "earned",
    "enrolled",
    "event",
    "evidence_for",
    "fact",
    "imported",
    "later",
    "left",
    "panel",
    "preliminary",
    "published",
    "ratio",
    "registered",
    "rejected",
    "returned",
    "reversal",
    "reviewed",
    "reviewers",
    "sha",
    "shares",
    "tier",
    "verified",
    "withdrawal",
    "world",
]

EVIDENCE_KINDS = ("photo", "document", "record", "sign_in", "survey", "other")

Measure = Mapping[str, object]


def count(number: int = 1) -> Measure:
    return {"count": number}


def tier(key: str, answers: int | None = None) -> Measure:
    return {"tier": key} if answers is None else {"tier": key, "answers": answers}


def ratio(required: int, done: int, excused: int = 0) -> Measure:
    return {"required": required, "excused": excused, "done": done}


def evidence_for(deed: str) -> list[Fields]:
    """One file of each kind, so that no item lacks its evidence."""
    return [{"kind": kind, "sha256": sha(f"{deed}/{kind}")} for kind in EVIDENCE_KINDS]


def earned(
    claim: str,
    item: str = "D03",
    holder: str = ANNA,
    *,
    member: Measure | None = None,
    committee: Measure | None = None,
    unit: Measure | None = None,
    on: str = "2023-07-12",
    recorded: str | None = None,
    deed: str | None = None,
    group: str | None = None,
    counterpart: Sequence[str] | None = None,
    project: str | None = None,
    signed: str | None = "self",
    evidence: Sequence[Mapping[str, str]] | None = None,
    basis: str | None = None,
    replaces: str | None = None,
    admitted: Mapping[str, object] | None = None,
    points: Mapping[str, str] | None = None,
    by: str | None = None,
    **envelope: Any,
) -> bytes:
    """A claim of one snap report by Anna on 12 July, recorded at once, unless it says else."""
    named = {"member": member, "committee": committee, "unit": unit}
    measure = {capacity: dict(value) for capacity, value in named.items() if value is not None}
    name = deed or f"deed-{claim}"
    data: Fields = {
        "claim": claim,
        "item": item,
        "deed": name,
        "measure": measure or {"member": count()},
        "group": group,
        "counterpart": list(counterpart) if counterpart is not None else None,
        "project": project,
        "signed": signed,
        "evidence": evidence_for(name) if evidence is None else [dict(entry) for entry in evidence],
        "basis": {"sha256": sha(basis)} if basis else None,
        "replaces": replaces,
        "admitted": dict(admitted) if admitted is not None else None,
        "points": dict(points) if points is not None else None,
        "by": by or (None if holder == SCHEME or holder.startswith("u-") else holder),
    }
    return event("points.earned", holder, data, time=on, recorded=recorded, **envelope)


def fact(
    claim: str,
    item: str = "B01",
    holder: str = ANNA,
    *,
    required: int = 1,
    done: int = 1,
    excused: int = 0,
    capacity: str = "member",
    period: str = "2023-07",
    **more: Any,
) -> bytes:
    """A base fact of one period, with the deed id that the period demands."""
    last_month = int(period[6:]) * 3 if "Q" in period else int(period[5:])
    first = date(int(period[:4]), last_month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    more = {"on": last.isoformat(), capacity: ratio(required, done, excused)} | more
    return earned(claim, item, holder, deed=f"{item}-{period}".lower(), **more)


def deduction(
    claim: str, item: str = "B06", holder: str = ANNA, *, key: str = "absent", **more: Any
) -> bytes:
    more = {"basis": f"finding {claim}", "by": RECORDER} | more
    named = more.keys() & {"member", "committee", "unit"}
    return earned(claim, item, holder, **(more if named else more | {"member": tier(key)}))


def reviewed(
    claim: str,
    holder: str,
    stage: str,
    *,
    deciders: Sequence[str],
    decision: str = "accept",
    by: str | None = None,
    item: str | None = None,
    measure: Mapping[str, Measure] | None = None,
    points: Mapping[str, str] | None = None,
    reason: str | None = None,
    until: str | None = None,
    duplicate_of: str | None = None,
    recorded: str,
    **envelope: Any,
) -> bytes:
    data: Fields = {
        "claim": claim,
        "stage": stage,
        "decision": decision,
        "item": item,
        "measure": {key: dict(value) for key, value in measure.items()} if measure else None,
        "points": dict(points) if points is not None else None,
        "reason": reason,
        "until": until,
        "duplicate_of": duplicate_of,
        "by": by or deciders[0],
        "deciders": list(deciders) if len(deciders) > 1 else None,
    }
    return event("points.reviewed", holder, data, time=recorded, **envelope)


def preliminary(
    claim: str,
    holder: str = ANNA,
    *,
    deciders: Sequence[str] = (RECORDER,),
    recorded: str = "2023-08-04",
    **more: Any,
) -> bytes:
    return reviewed(claim, holder, "preliminary", deciders=deciders, recorded=recorded, **more)


def verified(
    claim: str,
    holder: str = ANNA,
    *,
    deciders: Sequence[str] = QUORUM,
    recorded: str = "2023-08-08",
    **more: Any,
) -> bytes:
    return reviewed(claim, holder, "verified", deciders=deciders, recorded=recorded, **more)


def returned(claim: str, holder: str = ANNA, **more: Any) -> bytes:
    return preliminary(claim, holder, **({"decision": "return", "reason": "unclear"} | more))


def rejected(claim: str, holder: str = ANNA, **more: Any) -> bytes:
    return preliminary(claim, holder, **({"decision": "reject", "reason": "not_shown"} | more))


def reversal(
    claim: str,
    holder: str = ANNA,
    *,
    cause: str = "error",
    deciders: Sequence[str] = QUORUM,
    by: str | None = None,
    reason: str | None = "wrong_value",
    objection: str | None = None,
    recorded: str = "2023-08-20",
    **envelope: Any,
) -> bytes:
    data: Fields = {"claim": claim, "cause": cause, "reason": reason, "by": by or deciders[0]}
    data |= {"objection": objection}
    data |= {"deciders": list(deciders) if len(deciders) > 1 else None}
    return event("points.reversed", holder, data, time=recorded, **envelope)


def withdrawal(claim: str, holder: str = ANNA, *, by: str | None = None, **more: Any) -> bytes:
    return reversal(
        claim,
        holder,
        **({"cause": "withdrawn", "deciders": (by or holder,), "reason": "mistaken"} | more),
    )


def reviewers(
    item: str, holder: str = ANNA, counterpart: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who of branch X takes the first and the second step for a claim."""
    roles = next(entry for entry in default_document().items if entry.code == item)
    first: Mapping[str | None, tuple[str, ...]] = {
        "recorder": (RECORDER,),
        "specialist": (SPECIALIST,),
        "counterpart": tuple(counterpart) or (UPPER,),
        "panel": QUORUM,
        "upper": (UPPER,),
        "record": (UPPER,),
    }
    one_level_up = roles.confirm == "upper" or holder == SECRETARY or holder.startswith("u-")
    return first[roles.preliminary], (UPPER_TWO,) if one_level_up else QUORUM


def decided(claim: bytes) -> list[bytes]:
    """The claim and the two reviews that the people of branch X give it.

    The preliminary review follows a day later, the verification after a fortnight, when the
    holder of a deduction has had the time to answer.
    """
    said = decode(claim)
    data: Any = said["data"]
    who = (data["claim"], str(said["subject"]))
    first, second = reviewers(data["item"], who[1], data.get("counterpart", ()))
    return [
        claim,
        preliminary(*who, deciders=first, recorded=later(claim, 1)),
        verified(*who, deciders=second, recorded=later(claim, 14)),
    ]
