"""Builders of the quarter's life: its steps, what is objected to, and the answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jifen_contracts.periods import months_of
from jifen_contracts.scheme.default import default_document
from tests.support.people import (
    ANNA,
    BRANCH_X,
    BRANCH_Y,
    HOMES,
    PANEL_X,
    PANEL_Y,
    POSTS,
    RECORDER,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.stored import Fields, event

Q3 = "2023-Q3"
Q4 = "2023-Q4"
# Who takes which step in branch X; the upper level verifies where something is waived.
USUAL: Mapping[tuple[str, str], str] = {
    (BRANCH_X, "preliminary"): RECORDER,
    (BRANCH_X, "verified"): PANEL_X[0],
    (BRANCH_X, "published"): SECRETARY,
    (BRANCH_X, "final"): SECRETARY,
    (BRANCH_Y, "preliminary"): SECRETARY_Y,
    (BRANCH_Y, "verified"): PANEL_Y[0],
    (BRANCH_Y, "published"): SECRETARY_Y,
    (BRANCH_Y, "final"): SECRETARY_Y,
}


def advanced(
    to: str,
    quarter: str = Q3,
    branch: str = BRANCH_X,
    *,
    revision: int | None = None,
    objections: Sequence[str] | None = None,
    waive: Mapping[str, object] | None = None,
    reason: str | None = None,
    by: str | None = None,
    deciders: Sequence[str] | None = None,
    recorded: str = "2023-10-10",
    **envelope: Any,
) -> bytes:
    """A step of the quarter by its usual person."""
    usual = UPPER if waive is not None else USUAL.get((branch, to), UPPER)
    data: Fields = {"period": quarter, "to": to, "revision": revision, "reason": reason}
    data |= {"objections": list(objections) if objections is not None else None}
    data |= {"waive": dict(waive) if waive is not None else None, "by": by or usual}
    data |= {"deciders": list(deciders) if deciders is not None else None}
    return event("period.advanced", branch, data, time=recorded, **envelope)


def revised(revision: int, **more: Any) -> bytes:
    """A revision by the chair of the panel."""
    usual: dict[str, Any] = {"revision": revision, "reason": "corrected", "by": PANEL_X[0]}
    return advanced("published", **(usual | more))


def base_items(capacity: str) -> list[str]:
    """The items that want a fact every month."""
    named = [(item.code, item.lines.by_capacity()) for item in default_document().items]
    return [code for code, lines in named if capacity in lines and lines[capacity].mode == "R"]


def due_facts(quarter: str = Q3, branch: str = BRANCH_X) -> list[tuple[str, str, str, str]]:
    """Holder, capacity, item and month of every base fact of the small world's branch."""
    office = {member for member, role, _ in POSTS if role in ("committee", "secretary")}
    held = [(branch, "unit")]
    for member in HOMES[branch]:
        held += [(member, "member"), *([(member, "committee")] if member in office else [])]
    return [
        (holder, capacity, item, month)
        for month in months_of(quarter)
        for holder, capacity in held
        for item in base_items(capacity)
    ]


def waiver(
    quarter: str = Q3,
    branch: str = BRANCH_X,
    *,
    but: Iterable[tuple[str, str, str]] = (),
    also: Iterable[str] = (),
    assessments: bool = True,
) -> Fields:
    """A waiver of every base fact of the branch and of its assessments.

    `but` names facts that are not waived, `also` members who have come to the branch.
    """
    facts = {(holder, item, month) for holder, _, item, month in due_facts(quarter, branch)}
    months = months_of(quarter)
    facts |= {
        (one, item, month) for one in also for item in base_items("member") for month in months
    }
    facts -= set(but)
    named = [{"holder": one[0], "item": one[1], "period": one[2]} for one in sorted(facts)]
    own = [{"holder": branch, "month": month} for month in months]
    return {"facts": named, "assessments": own if assessments else [], "reason": "trial"}


def published_quarter(
    quarter: str = Q3, branch: str = BRANCH_X, *, recorded: str = "2023-10-10", **more: Any
) -> list[bytes]:
    """The quarter from open to its first bulletin, everything that is due being waived."""
    at: dict[str, Any] = {"quarter": quarter, "branch": branch, "recorded": recorded}
    return [
        advanced("preliminary", **at),
        advanced("verified", **at, waive=waiver(quarter, branch, **more)),
        advanced("published", **at),
    ]


def objected(
    objection: str = "ob-1",
    *,
    claim: str | None = None,
    unit: str | None = None,
    quarter: str = Q3,
    subject: str | None = None,
    kind: str = "objection",
    by: str | None = ANNA,
    recorded: str = "2023-10-12",
    **envelope: Any,
) -> bytes:
    """An objection about a claim of Anna's, or about the quarter of a unit."""
    about: Fields = {"unit": unit, "period": quarter} if unit else {"claim": claim or "c-1"}
    data: Fields = {"objection": objection, "kind": kind, "about": about, "by": by}
    return event("objection.filed", subject or unit or ANNA, data, time=recorded, **envelope)


def statement(claim: str, holder: str = ANNA, **more: Any) -> bytes:
    """The holder answers the notice of a deduction."""
    usual: dict[str, Any] = {"objection": f"st-{claim}", "kind": "statement"}
    return objected(claim=claim, **(usual | {"by": holder, "subject": holder} | more))


def answered(
    objection: str = "ob-1",
    decision: str = "upheld",
    *,
    subject: str = ANNA,
    corrects: Sequence[str] | None = None,
    deciders: Sequence[str] = (UPPER_TWO,),
    by: str | None = None,
    reason: str | None = "wrong_list",
    recorded: str = "2023-10-16",
    **envelope: Any,
) -> bytes:
    data: Fields = {"objection": objection, "decision": decision, "reason": reason}
    data |= {"corrects": list(corrects) if corrects is not None else None}
    data |= {"by": by or deciders[0], "deciders": list(deciders)}
    return event("objection.decided", subject, data, time=recorded, **envelope)
