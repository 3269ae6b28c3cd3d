"""Builders of what is decided about people: vetoes."""

from typing import Any

from tests.support.people import ANNA, UPPER, UPPER_TWO
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
