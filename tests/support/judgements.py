"""Builders of what is decided about people: vetoes, awards, grades, erasure."""

from collections.abc import Sequence
from typing import Any

from tests.support.people import ANNA, SCHEME, UPPER, UPPER_TWO
from tests.support.stored import Fields, event, sha


def vetoed(
    member: str = ANNA,
    since: str = "2023-08-15",
    to: str | None = None,
    *,
    veto: str = "ve-1",
    kind: str = "V3",
    effect: str = "zero",
    basis: str | None = "finding",
    by: str = UPPER,
    recorded: str = "2023-08-20",
    **envelope: Any,
) -> bytes:
    data: Fields = {"veto": veto, "kind": kind, "effect": effect, "from": since, "to": to, "by": by}
    data |= {"basis": {"sha256": sha(basis)} if basis else None}
    return event("veto.imposed", member, data, time=recorded, **envelope)


def veto_lifted(
    member: str = ANNA,
    *,
    veto: str = "ve-1",
    on: str | None = None,
    reason: str | None = "appeal_upheld",
    by: str = UPPER_TWO,
    recorded: str = "2023-09-01",
    **envelope: Any,
) -> bytes:
    """Without a day it is annulled."""
    data: Fields = {"veto": veto, "on": on, "annul": True if on is None else None}
    data |= {"reason": reason, "by": by}
    return event("veto.lifted", member, data, time=recorded, **envelope)


def awarded(
    holder: str = ANNA,
    kind: str = "title",
    *,
    award: str = "aw-1",
    name: str = "标兵",
    level: str | None = None,
    month: str | None = None,
    since: str = "2023-08-01",
    to: str | None = None,
    basis: str | None = "decision",
    by: str = UPPER,
    recorded: str = "2023-08-20",
    **envelope: Any,
) -> bytes:
    data: Fields = {"award": award, "kind": kind, "name_zh": name, "name_en": f"{name} (en)"}
    data |= {"level": level, "month": month, "from": since, "to": to, "by": by}
    data |= {"basis": {"sha256": sha(basis)} if basis else None}
    return event("award.granted", holder, data, time=recorded, **envelope)


def revoked(
    holder: str = ANNA,
    *,
    award: str = "aw-1",
    reason: str | None = "conduct",
    by: str = UPPER,
    recorded: str = "2023-09-10",
    **envelope: Any,
) -> bytes:
    data: Fields = {"award": award, "reason": reason, "by": by}
    return event("award.revoked", holder, data, time=recorded, **envelope)


def erased(
    member: str = ANNA, *, recorded: str = "2023-09-12", basis: str = "request", **envelope: Any
) -> bytes:
    data: Fields = {"basis": {"sha256": sha(basis)}}
    return event("person.erased", member, data, time=recorded, **envelope)


def continued(*, recorded: str = "2023-01-01", **envelope: Any) -> bytes:
    data: Fields = {"origin": "ledger.example/jifen/lost", "checkpoint": "ledger.example\n4\n"}
    return event("log.continued", SCHEME, data, time=recorded, **envelope)


def graded(
    member: str = ANNA,
    grade: str = "qualified",
    *,
    year: str = "2023",
    told_on: str | None = "2024-01-20",
    basis: str | None = "democratic review",
    reason: str | None = None,
    pool: Sequence[str] | None = None,
    over_quota: bool = False,
    deciders: Sequence[str] = (UPPER,),
    by: str | None = None,
    recorded: str = "2024-01-22",
    **envelope: Any,
) -> bytes:
    """By the level above, unless deciders are named."""
    data: Fields = {"year": year, "grade": grade, "told_on": told_on, "reason": reason}
    data |= {"basis": {"sha256": sha(basis)} if basis else None}
    data |= {"pool": list(pool) if pool is not None else None, "over_quota": over_quota or None}
    data |= {"by": by or deciders[0], "deciders": list(deciders)}
    return event("grade.decided", member, data, time=recorded, **envelope)
