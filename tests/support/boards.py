"""Builders of boards: members of two branches with the scores that a test names."""

from collections.abc import Iterable, Mapping
from typing import Any

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support import builders as build
from tests.support.bulletins import MONTHS
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    PANEL_X,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import due_facts, published_quarter

LATER = "2024-02-01T10:00:00.000+08:00"
MOVED = "2023-08-15"
OLD = (ANNA, BO, CHEN, *PANEL_X[:3])
# All duties of a member are worth 80.0; each of these adds its bonus in the third quarter.
BONUS = {800: None, 830: "plant-1", 850: "company-2", 860: "company-1", 900: "province-1"}


def people(scores: Iterable[int], prefix: str) -> dict[str, int]:
    return {f"m-{prefix}-{number}": score for number, score in enumerate(scores, start=1)}


def member(person: str, score: int, branch: str, *, mover: bool = False) -> list[bytes]:
    """Someone with all duties of the third quarter done, and a prize for what is above 80."""
    until = MOVED if mover else None
    events = [
        build.enrolled(person),
        build.assigned(person, "member", branch, to=until, assignment=f"as-{person}-1"),
    ]
    if mover:
        events.append(
            build.assigned(person, "member", BRANCH_Y, since=MOVED, assignment=f"as-{person}-2")
        )
    for month in ("07", "08", "09"):
        for item in ("B01", "B02"):
            claim = f"c-{person}-{item.lower()}-{month}"
            fact = build.fact(claim, item, person, period=f"2023-{month}", by=None)
            events += approved(claim, person, fact)
    if (prize := BONUS[score]) is not None:
        claim = f"c-{person}-prize"
        events += approved(
            claim,
            person,
            build.earned(claim, "C04", person, member=build.tier(prize), on="2023-08-10"),
        )
    return events


def approved(claim: str, person: str, payload: bytes) -> list[bytes]:
    """Upper officers stand in at both stages, so that the branch does not matter."""
    return [
        payload,
        build.preliminary(claim, person, deciders=(UPPER,), recorded=build.later(payload, 1)),
        build.verified(claim, person, deciders=(UPPER_TWO,), recorded=build.later(payload, 2)),
    ]


def with_members(scores: Iterable[int], document: Mapping[str, Any] | None = None) -> list[bytes]:
    world = build.world()
    if document is not None:
        world[0] = build.published(document=document)
    found = people(scores, "x")
    return world + [
        one for person, score in found.items() for one in member(person, score, BRANCH_X)
    ]


def with_policy(policy: str) -> dict[str, Any]:
    document = document_object(default_document())
    return document | {"ranking": {"policy": {"member": policy}}}


def two_branches(in_x: int) -> list[bytes]:
    """Branch X with members at 80.0, Y with five at 85.0, and one who moved at 90.0."""
    events = build.world()
    for person, score in people([800] * in_x, "x").items():
        events += member(person, score, BRANCH_X)
    for person, score in people([850] * 5, "y").items():
        events += member(person, score, BRANCH_Y)
    return [*events, *member("m-mover", 900, BRANCH_X, mover=True)]


def published(came: Iterable[str], branch: str = BRANCH_X) -> list[bytes]:
    """The third quarter of a branch published, with the members who have come to it.

    A waiver has room for 300 facts, so most of the others have retired before the quarter.
    """
    came = list(came)
    stated = [(one, item, month) for one in came for item in ("B01", "B02") for month in MONTHS]
    stated += [(one, item, month) for one, _, item, month in due_facts(branch=branch) if one in OLD]
    retired = [build.enrolled(one, "retired", since="2023-07-01") for one in OLD]
    return [*retired, *published_quarter(branch=branch, also=came, but=stated)]
