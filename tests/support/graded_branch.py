"""A branch of which every member has a year score: all duties of a quarter, and what is above."""

from collections.abc import Mapping, Sequence

from tests.support.builders import (
    assigned,
    earned,
    enrolled,
    fact,
    later,
    preliminary,
    registered,
    tier,
    verified,
)
from tests.support.people import RECORDER, SECRETARY, UPPER, UPPER_TWO

BRANCH = "u-graded"
OFFICERS = (SECRETARY, RECORDER)
# Duty alone is 80.0; these contest results add the rest.
PRIZES: Mapping[int, Sequence[tuple[str, str]]] = {
    800: (),
    830: (("C04", "plant-1"),),
    900: (("C04", "province-1"),),
    910: (("C04", "province-1"), ("C09", "general"), ("C09", "general")),
    920: (("C04", "nation-2"),),
    950: (("C04", "nation-1"),),
}


def approved(claim: bytes, name: str, holder: str) -> list[bytes]:
    """Officers of the plant stand in at both stages, so that the branch does not matter."""
    return [
        claim,
        preliminary(name, holder, deciders=(UPPER,), recorded=later(claim, 1)),
        verified(name, holder, deciders=(UPPER_TWO,), recorded=later(claim, 2)),
    ]


def duties_done(person: str, months: Sequence[str] = ("07", "08", "09")) -> list[bytes]:
    """The least that a scored quarter needs, all done."""
    events: list[bytes] = []
    for month in months:
        for item in ("B01", "B02"):
            name = f"c-{person}-{item.lower()}-{month}"
            duty = fact(name, item, person, period=f"2023-{month}", by=None)
            events += approved(duty, name, person)
    return events


def scored_member(
    person: str, score: int = 800, branch: str = BRANCH, standing: str = "full"
) -> list[bytes]:
    """Somebody whose member's score of 2023 is the one asked for."""
    events = [enrolled(person, standing), assigned(person, "member", branch), *duties_done(person)]
    for number, (item, key) in enumerate(PRIZES[score]):
        name = f"c-{person}-prize-{number}"
        prize = earned(name, item, person, member=tier(key), on="2023-08-10", deed=name)
        events += approved(prize, name, person)
    return events


def graded_branch(scores: Sequence[int], branch: str = BRANCH, prefix: str = "g") -> list[bytes]:
    """The branch, its committee from elsewhere, and members `m-<prefix>-1` on with the scores."""
    events = [registered(branch), *(assigned(one, "committee", branch) for one in OFFICERS)]
    for number, score in enumerate(scores, start=1):
        events += scored_member(f"m-{prefix}-{number}", score, branch)
    return events
