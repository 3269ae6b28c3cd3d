"""Builders of concerns: raised, assigned, resolved, confirmed, reopened, and claims on them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.builders import count, earned, preliminary, shares, verified
from tests.support.people import ANNA, BO, BRANCH_X, COMMITTEE, DORA, PANEL_X, RECORDER
from tests.support.quarters import published_quarter
from tests.support.stored import Fields, event, sha

RAISED = "2023-07-10"
HANDLED = "2023-07-11"
IN_USE = "2023-07-12"
CONFIRMED = "2023-07-14"


def raised(
    concern: str = "cn-1",
    *,
    unit: str = BRANCH_X,
    kind: str = "concern",
    urgency: str = "urgent",
    parent: str | None = None,
    origin: str | None = None,
    by: str | None = ANNA,
    on: str = RAISED,
    **envelope: Any,
) -> bytes:
    """An urgent concern of Anna about her branch."""
    data: Fields = {"concern": concern, "kind": kind, "urgency": urgency}
    data |= {"parent": parent, "origin": origin, "by": by}
    return event("concern.raised", unit, data, time=on, **envelope)


def handed(
    concern: str = "cn-1",
    *,
    unit: str = BRANCH_X,
    handler: str = COMMITTEE,
    handler_unit: str | None = None,
    urgency: str | None = None,
    stages: Mapping[str, str] | None = None,
    reached: str | None = None,
    pause: tuple[str, str] | None = None,
    merge_into: str | None = None,
    reason: str | None = None,
    by: str = RECORDER,
    on: str = HANDLED,
    **envelope: Any,
) -> bytes:
    """`concern.assigned` by the recorder of branch X, to its committee member."""
    data: Fields = {"concern": concern, "handler": handler, "handler_unit": handler_unit or unit}
    data |= {"urgency": urgency, "reached": reached, "merge_into": merge_into}
    data |= {"reason": reason, "by": by}
    if stages is not None:
        data["stages"] = [{"name_zh": name, "promise": day} for name, day in stages.items()]
    if pause is not None:
        data["pause"] = {"from": pause[0], "to": pause[1]}
    return event("concern.assigned", unit, data, time=on, **envelope)


def resolved(
    concern: str = "cn-1",
    *,
    unit: str = BRANCH_X,
    in_use: str = IN_USE,
    evidence: Sequence[Mapping[str, str]] | None = None,
    by: str = COMMITTEE,
    on: str | None = None,
    **envelope: Any,
) -> bytes:
    proof = [{"kind": "photo", "sha256": sha(f"mended {concern}")}]
    shown = proof if evidence is None else [dict(one) for one in evidence]
    data: Fields = {"concern": concern, "in_use": in_use, "by": by, "evidence": shown or None}
    return event("concern.resolved", unit, data, time=on or in_use, **envelope)


def confirmed(
    concern: str = "cn-1",
    *,
    unit: str = BRANCH_X,
    satisfaction: int = 1,
    by: str | None = ANNA,
    survey_code: str | None = None,
    on: str = CONFIRMED,
    **envelope: Any,
) -> bytes:
    data: Fields = {"concern": concern, "satisfaction": satisfaction}
    data |= {"by": by, "survey_code": survey_code}
    return event("concern.confirmed", unit, data, time=on, **envelope)


def reopened(
    concern: str = "cn-1",
    *,
    unit: str = BRANCH_X,
    reason: str | None = "still_cold",
    by: str | None = ANNA,
    survey_code: str | None = None,
    on: str = CONFIRMED,
    **envelope: Any,
) -> bytes:
    data: Fields = {"concern": concern, "reason": reason, "by": by, "survey_code": survey_code}
    return event("concern.reopened", unit, data, time=on, **envelope)


def handled(concern: str = "cn-1", *, confirmed_by: str | None = ANNA, **more: Any) -> list[bytes]:
    """A concern raised, assigned, resolved on time and confirmed."""
    life = [raised(concern, **more), handed(concern), resolved(concern)]
    return life if confirmed_by is None else [*life, confirmed(concern, by=confirmed_by)]


def paid_for(claim: str = "c-1", concern: str = "cn-1", **more: Any) -> bytes:
    """A claim of the committee member for a concern handled at once (D02), in both capacities."""
    more = {"holder": COMMITTEE, "on": CONFIRMED, "member": count(), "committee": count()} | more
    return earned(claim, "D02", deed=concern, **more)


def reopened_after_publication() -> list[bytes]:
    """A help project that pays its handler twice, reopened when its quarter is published.

    The handler's share is worth less than the concern handled at once, the organiser's line more.
    """
    weights = {ANNA: 48, BO: 48, COMMITTEE: 4}
    hut: Fields = {"item": "D01", "pool": "large", "organisers": [COMMITTEE], "by": RECORDER}
    told: Fields = {"project": "pj-hut", "deed": "cn-1", "counterpart": [DORA], "member": {}}
    told |= {"holder": COMMITTEE, "committee": count(), "on": CONFIRMED}
    return [
        shares("pj-hut", weights, **hut),
        *handled(kind="project"),
        earned("c-1", "D01", **told),
        preliminary("c-1", COMMITTEE, deciders=(DORA,)),
        verified("c-1", COMMITTEE, deciders=PANEL_X[2:]),
        paid_for("c-2"),
        verified("c-2", COMMITTEE),
        *published_quarter(),
        reopened(on="2023-10-20"),
    ]
