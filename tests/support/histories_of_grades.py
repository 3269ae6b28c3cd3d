"""Random histories of a year's grades: small branches, and what changes their quota and ranks."""

from typing import Any

from hypothesis import strategies as st

from tests.support.builders import (
    assigned,
    deduction,
    enrolled,
    left,
    published,
    registered,
    reversal,
    verified,
    world,
)
from tests.support.graded_branch import BRANCH, OFFICERS, approved, graded_branch, scored_member
from tests.support.judgements import graded, veto_lifted, vetoed
from tests.support.organisation import absent
from tests.support.people import ANNA, UPPER, UPPER_TWO

SISTER = "u-sister"
TURNS_MAX = 16
ONE, TWO, THREE, FOUR = (f"m-g-{number}" for number in range(1, 5))
SISTER_ONE, SISTER_TWO = "m-s-1", "m-s-2"
PROBATIONARY = "m-g-p"
SEVERE = deduction("c-severe", "C11", ONE, key="accident", on="2023-07-02")

BEGINNING: tuple[bytes, ...] = (
    *graded_branch((950, 920, 920, 800)),
    *graded_branch((950, 900), SISTER, "s"),
    *scored_member(PROBATIONARY, 950, standing="probationary"),
    *approved(SEVERE, "c-severe", ONE)[:2],
)
_GIVEN: dict[str, Any] = {"reason": "democratic_review"}
GRADES: tuple[bytes, ...] = (
    *(
        graded(member, "excellent", **_GIVEN)
        for member in (ONE, TWO, THREE, FOUR, SISTER_ONE, PROBATIONARY)
    ),
    *(graded(member, "excellent") for member in (ONE, TWO, SISTER_ONE)),
    *(graded(member, "qualified", recorded="2024-02-01") for member in (ONE, TWO, FOUR)),
    graded(SISTER_ONE, "excellent", pool=[BRANCH]),
    graded(SISTER_ONE, "excellent", pool=[BRANCH], **_GIVEN),
    graded(SISTER_TWO, "excellent", pool=[SISTER, BRANCH], deciders=(UPPER_TWO,), **_GIVEN),
    graded(SISTER_TWO, "excellent", pool=[BRANCH], deciders=OFFICERS, **_GIVEN),
    graded(TWO, "excellent", pool=[SISTER], **_GIVEN),
    graded(THREE, "excellent", over_quota=True, **_GIVEN),
    graded(THREE, "excellent", over_quota=True, deciders=OFFICERS, **_GIVEN),
    graded(FOUR, "qualified", deciders=OFFICERS),
    graded(FOUR, "unqualified", deciders=(*OFFICERS, TWO), reason="conduct"),
    graded(FOUR, "qualified", deciders=(*OFFICERS, FOUR)),
    graded(FOUR, "qualified", deciders=(OFFICERS[0], PROBATIONARY)),
    graded(FOUR, told_on="2024-01-23"),
    graded(FOUR, basis=None),
    graded(ONE, year="2024"),
)
CHANGES: tuple[bytes, ...] = (
    verified("c-severe", ONE, deciders=(UPPER_TWO,), recorded="2023-07-20"),
    reversal("c-severe", ONE, deciders=(UPPER,), recorded="2024-01-15"),
    reversal(f"c-{ONE}-prize-0", ONE, deciders=(UPPER,), recorded="2024-01-15"),
    reversal(f"c-{FOUR}-b01-07", FOUR, deciders=(UPPER,), recorded="2024-01-15"),
    vetoed(ONE, "2023-12-01", "2024-01-10", effect="block", veto="ve-1", recorded="2023-12-01"),
    vetoed(TWO, "2023-09-30", veto="ve-2", recorded="2023-10-05"),
    veto_lifted(TWO, veto="ve-2", recorded="2024-01-15"),
    veto_lifted(TWO, veto="ve-2", on="2024-01-05", recorded="2024-01-15"),
    absent(ONE, "2023-07-01", "2023-10-01"),
    absent(TWO, "2023-07-01", "2023-09-01"),
    enrolled(FOUR, "retired", since="2023-12-31", recorded="2024-01-05"),
    enrolled(PROBATIONARY, since="2023-12-01", recorded="2023-12-01"),
    enrolled(SISTER_TWO, same_as=FOUR, recorded="2024-01-10"),
    enrolled(ANNA, same_as=ONE, recorded="2024-01-23"),
    enrolled(TWO, same_as=ANNA, recorded="2024-01-24"),
    assigned(THREE, "member", BRANCH, to="2023-12-01", recorded="2024-01-05"),
    assigned(THREE, "member", SISTER, since="2023-12-01", recorded="2024-01-05"),
    assigned(FOUR, "committee", BRANCH, since="2023-07-01", recorded="2023-12-01"),
    left(FOUR, "2023-11-01"),
    registered(BRANCH, to="2024-01-10", recorded="2024-01-02"),
    registered("u-heir", came_from=[BRANCH], since="2024-01-10", recorded="2024-01-02"),
    assigned(OFFICERS[0], "committee", "u-heir", since="2024-01-10", recorded="2024-01-11"),
    published(2, "2023-10-01", recorded="2023-09-20"),
)


def turns_of_grades() -> st.SearchStrategy[list[bytes]]:
    """What may follow on `world()` and `BEGINNING`."""
    turns = st.one_of(st.sampled_from(GRADES), st.sampled_from(CHANGES), st.sampled_from(GRADES))
    return st.lists(turns, max_size=TURNS_MAX)


def grade_histories() -> st.SearchStrategy[list[bytes]]:
    """Whole streams, from the first message on."""
    return turns_of_grades().map(lambda turns: [*world(), *BEGINNING, *turns])
