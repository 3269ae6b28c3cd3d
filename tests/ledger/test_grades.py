"""`grade.decided`: people decide, with the proposal before them (domain.md §5.5, X06)."""

from typing import Any

import pytest

from tests.support.builders import (
    assigned,
    deduction,
    enrolled,
    fact,
    left,
    registered,
    reversal,
    verified,
)
from tests.support.folded import FoldedLedger
from tests.support.graded_branch import (
    BRANCH,
    OFFICERS,
    approved,
    graded_branch,
    scored_member,
)
from tests.support.judgements import graded, veto_lifted, vetoed
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.organisation import absent
from tests.support.people import (
    ANNA,
    COMMITTEE,
    RECORDER,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import TWIN

G20 = (950, 920, 910, 910, 900, 800, 800, 800, 800)
FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = (f"m-g-{number}" for number in range(1, 7))
GIVEN: dict[str, Any] = {"reason": "democratic_review"}
SEVERE = "c-severe"


def codes(ledger: Ledger, *payloads: bytes) -> list[str | None]:
    return [ledger.receive(payload).code for payload in payloads]


def test_g20_one_of_the_tied_two_with_reason_and_the_other_over_the_quota(ledger: Ledger) -> None:
    taken(ledger, graded_branch(G20))

    assert codes(
        ledger,
        graded(FIRST, "excellent"),
        graded(SECOND, "excellent"),
        graded(THIRD, "excellent"),
        graded(THIRD, "excellent", **GIVEN),
        graded(FOURTH, "excellent", **GIVEN),
        graded(FOURTH, "excellent", over_quota=True),
        graded(FOURTH, "excellent", over_quota=True, **GIVEN),
        graded(FIFTH, "qualified"),
    ) == [None, None, "reason_required", None, "quota_exceeded", "reason_required", None, None]


def test_e53_a_tied_member_who_stays_qualified_needs_no_reason(ledger: Ledger) -> None:
    taken(ledger, graded_branch(G20))

    assert codes(ledger, graded(THIRD, "qualified")) == [None]


def test_x06_another_grade_than_the_proposal_needs_a_reason(ledger: Ledger) -> None:
    taken(ledger, graded_branch((950, 800, 800)))

    assert codes(
        ledger,
        graded(FIRST, "qualified"),
        graded(SECOND, "basic"),
        graded(SECOND, "basic", **GIVEN),
        graded(SECOND, "qualified"),
    ) == ["reason_required", "reason_required", None, None]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (graded("m-nobody"), "unknown_member"),
        (graded(ANNA), "not_gradable"),
        (graded(SECOND, recorded="2023-12-31", told_on="2023-12-30"), "not_gradable"),
        (graded(SECOND, year="2022"), "not_gradable"),
        (graded(SECOND, deciders=(*OFFICERS, SECOND), basis=None), "self_review"),
        (graded(SECOND, deciders=(SECRETARY_Y, RECORDER), basis=None), "not_permitted"),
        (graded(SECOND, basis=None), "basis_required"),
        (graded(SECOND, told_on=None), "not_told"),
        (graded(SECOND, told_on="2024-01-23"), "not_told"),
        (graded(SECOND, "unqualified"), "reason_required"),
    ],
)
def test_a_grade_is_refused_by_its_first_fault(ledger: Ledger, payload: bytes, code: str) -> None:
    taken(ledger, graded_branch((800, 800, 800)))

    assert codes(ledger, payload) == [code]


def test_g8_a_probationary_member_is_not_gradable_and_not_in_n(ledger: Ledger) -> None:
    taken(ledger, graded_branch((950, 920, 910, *([800] * 7))))
    for number in (11, 12):
        taken(ledger, scored_member(f"m-g-{number}", 950, standing="probationary"))
    asked = [graded(f"m-g-{number}", "excellent", **GIVEN) for number in (11, 1, 2, 3, 4)]

    assert codes(ledger, *asked) == ["not_gradable", None, None, None, "quota_exceeded"]


def test_e39_full_on_the_last_day_of_the_year_is_what_counts(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            *graded_branch((800, 800, 800)),
            enrolled(FIRST, "probationary", since="2024-01-01", recorded="2024-01-02"),
            enrolled(SECOND, "probationary", since="2023-12-31", recorded="2024-01-02"),
        ],
    )

    assert codes(ledger, graded(FIRST), graded(SECOND)) == [None, "not_gradable"]


def test_who_had_no_home_at_the_end_of_the_year_gets_no_grade(ledger: Ledger) -> None:
    taken(ledger, [*graded_branch((800, 800, 800)), left(FIRST, "2023-12-31")])

    assert codes(ledger, graded(FIRST)) == ["not_gradable"]


@pytest.mark.parametrize(
    ("deciders", "by", "code"),
    [
        ((UPPER,), None, None),
        (OFFICERS, None, None),
        ((SECRETARY,), None, "not_permitted"),
        ((SECRETARY, SECOND, THIRD), None, None),
        ((SECRETARY, SECOND, THIRD), SECOND, "not_permitted"),
        ((SECRETARY, UPPER), UPPER, None),
        ((SECOND, THIRD), None, "not_permitted"),
        ((SECRETARY, ANNA), None, "not_permitted"),
        ((SECRETARY, COMMITTEE), None, "not_permitted"),
        (OFFICERS, UPPER, "not_permitted"),
    ],
)
def test_a_committee_a_meeting_or_the_level_above_decides(
    ledger: Ledger, deciders: tuple[str, ...], by: str | None, code: str | None
) -> None:
    taken(ledger, graded_branch((800, 800, 800)))

    assert codes(ledger, graded(FIRST, deciders=deciders, by=by)) == [code]


def test_a_probationary_member_has_no_vote_in_the_meeting(ledger: Ledger) -> None:
    taken(
        ledger, [*graded_branch((800, 800, 800)), *scored_member("m-g-4", standing="probationary")]
    )

    assert codes(ledger, graded(FIRST, deciders=(SECRETARY, "m-g-4"))) == ["not_permitted"]


def test_only_the_level_above_goes_over_the_quota(ledger: Ledger) -> None:
    taken(ledger, [*graded_branch((950, 950, 800)), graded(FIRST, "excellent", **GIVEN)])
    more: dict[str, Any] = {"over_quota": True, **GIVEN}

    assert codes(
        ledger,
        graded(SECOND, "excellent", deciders=OFFICERS, **more),
        graded(SECOND, "excellent", deciders=(UPPER, SECRETARY), **more),
        graded(SECOND, "excellent", **more),
    ) == ["not_permitted", "not_permitted", None]


def test_a_later_grade_supersedes_and_frees_the_place(ledger: Ledger) -> None:
    taken(ledger, [*graded_branch((950, 920, 800)), graded(FIRST, "excellent")])
    refused = codes(ledger, graded(SECOND, "excellent", **GIVEN))
    taken(ledger, [graded(FIRST, "qualified", recorded="2024-02-01", **GIVEN)])

    assert refused == ["quota_exceeded"]
    assert codes(ledger, graded(SECOND, "excellent", recorded="2024-02-02", **GIVEN)) == [None]


def test_a_grade_decided_again_does_not_stand_in_its_own_way(ledger: Ledger) -> None:
    taken(ledger, [*graded_branch((950, 920, 800)), graded(FIRST, "excellent")])

    assert codes(ledger, graded(FIRST, "excellent", recorded="2024-02-01")) == [None]


def test_a_branch_of_two_shares_the_quota_of_the_branches_pooled_with_it(ledger: Ledger) -> None:
    taken(ledger, graded_branch((950, 800)))
    taken(ledger, graded_branch((920, 800), "u-sister", "s"))
    pooled: dict[str, Any] = {"pool": [BRANCH, "u-sister"]}

    assert codes(
        ledger,
        graded(FIRST, "excellent", **GIVEN),
        graded(FIRST, "excellent", deciders=OFFICERS, pool=["u-sister"]),
        graded(FIRST, "excellent", pool=["u-x1"]),
        graded(FIRST, "excellent", pool=["u-nowhere"]),
        graded(FIRST, "excellent", **pooled),
        graded("m-s-1", "excellent", pool=[BRANCH], **GIVEN),
    ) == [
        "quota_exceeded",
        "not_permitted",
        "not_permitted",
        "not_permitted",
        None,
        "quota_exceeded",
    ]


def test_a_branch_of_three_has_its_own_quota_and_no_other(ledger: Ledger) -> None:
    taken(ledger, graded_branch((950, 920, 800)))
    taken(ledger, [*graded_branch((800, 800, 800), "u-sister", "s"), graded(FIRST, "excellent")])

    assert codes(ledger, graded(SECOND, "excellent", pool=["u-sister"], **GIVEN)) == [
        "quota_exceeded"
    ]


def test_only_who_is_above_a_branch_pools_it(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            *graded_branch((950, 800)),
            *graded_branch((800, 800), "u-sister", "s"),
            registered("u-section", "section"),
            registered(BRANCH, "branch", "u-section", since="2023-02-01"),
            assigned(COMMITTEE, "upper", "u-section"),
        ],
    )
    pool: dict[str, Any] = {"pool": ["u-sister"]}

    assert codes(
        ledger,
        graded(FIRST, "excellent", deciders=(COMMITTEE,), **pool),
        graded(FIRST, "excellent", deciders=(UPPER,), **pool),
    ) == ["not_permitted", None]


@pytest.mark.parametrize("effect", ["zero", "block"])
def test_no_excellent_grade_while_a_veto_lasts(ledger: Ledger, effect: str) -> None:
    taken(
        ledger,
        [
            *graded_branch((950, 800, 800)),
            vetoed(FIRST, "2024-01-10", effect=effect, recorded="2024-01-10"),
        ],
    )
    during = codes(ledger, graded(FIRST, "excellent", over_quota=True, **GIVEN), graded(FIRST))
    taken(ledger, [veto_lifted(FIRST, recorded="2024-02-01")])

    assert during == ["veto_in_force", None]
    assert codes(ledger, graded(FIRST, "excellent", recorded="2024-02-02")) == [None]


def test_a_veto_of_the_year_that_has_ended_is_no_proposal_but_people_may(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            *graded_branch((950, 800, 800)),
            vetoed(FIRST, "2023-03-01", "2023-04-01", effect="block", recorded="2023-03-01"),
        ],
    )

    assert codes(
        ledger, graded(FIRST, "excellent"), graded(FIRST), graded(FIRST, "excellent", **GIVEN)
    ) == ["reason_required", None, None]


def test_a_zero_veto_in_the_year_proposes_unqualified(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            *graded_branch((950, 800, 800)),
            vetoed(FIRST, "2023-03-01", "2023-04-01", recorded="2023-03-01"),
        ],
    )

    assert codes(ledger, graded(FIRST), graded(FIRST, "unqualified")) == ["reason_required", None]


def test_a_serious_deduction_bars_from_the_proposal_until_it_is_reversed(ledger: Ledger) -> None:
    severe = deduction("c-severe", "C11", FIRST, key="serious", on="2023-07-02")
    taken(
        ledger,
        [
            *graded_branch((950, 800, 800)),
            *approved(severe, "c-severe", FIRST)[:2],
            verified("c-severe", FIRST, deciders=(UPPER_TWO,), recorded="2023-07-20"),
        ],
    )
    with_it = codes(ledger, graded(FIRST, "excellent"))
    taken(ledger, [reversal("c-severe", FIRST, deciders=(UPPER,), recorded="2024-01-25")])

    assert with_it == ["reason_required"]
    assert codes(ledger, graded(FIRST, "excellent", recorded="2024-01-26")) == [None]


def test_e03_an_adjustment_after_the_grade_changes_nothing_by_itself(ledger: Ledger) -> None:
    taken(ledger, [*graded_branch((950, 920, 800)), graded(FIRST, "excellent")])
    taken(
        ledger,
        [reversal(f"c-{FIRST}-prize-0", FIRST, deciders=(UPPER,), recorded="2024-02-01")],
    )
    other = codes(ledger, graded(SECOND, "excellent", recorded="2024-02-02"))
    anew = codes(
        ledger,
        graded(FIRST, "qualified", recorded="2024-02-03"),
        graded(SECOND, "excellent", recorded="2024-02-04"),
    )

    assert (other, anew) == (["quota_exceeded"], [None, None])


def test_a_year_weighs_its_quarters_by_the_days_that_absences_leave(ledger: Ledger) -> None:
    """80.0 for 92 days and 50.0 for 92: mean 65.0, basic; without most of the second: qualified."""
    events = graded_branch((800, 800, 800))
    for month in ("10", "11", "12"):
        for item in ("B01", "B02"):
            name = f"c-{FIRST}-{item.lower()}-{month}"
            missed = fact(name, item, FIRST, period=f"2023-{month}", required=2, done=1, by=None)
            events += approved(missed, name, FIRST)
    taken(ledger, events)
    before = codes(ledger, graded(FIRST, "qualified"), graded(FIRST, "basic"))
    taken(ledger, [absent(FIRST, "2023-10-01", "2023-12-25", kind="sick")])

    assert before == ["reason_required", None]
    assert codes(ledger, graded(FIRST, "qualified", recorded="2024-01-23")) == [None]


def test_invariant_18_excellent_grades_stay_within_a_third_unless_over_quota(
    ledger: Ledger,
) -> None:
    taken(ledger, graded_branch((950, 950, 920, 910, 900, 900, 830)))
    found = codes(
        ledger, *(graded(f"m-g-{number}", "excellent", **GIVEN) for number in range(1, 8))
    )

    assert found == [None, None, *["quota_exceeded"] * 5]


def test_e46_the_grade_of_a_joined_record_stays_with_the_person(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            *graded_branch((950, 920, 800)),
            graded(FIRST, "excellent"),
            enrolled(TWIN, recorded="2024-01-25"),
            assigned(TWIN, "member", BRANCH),
            enrolled(TWIN, same_as=FIRST, recorded="2024-01-26"),
        ],
    )

    assert codes(
        ledger,
        graded(FIRST, "qualified", recorded="2024-02-01", **GIVEN),
        graded(SECOND, "excellent", recorded="2024-02-01", **GIVEN),
    ) == ["unknown_member", "quota_exceeded"]


def test_the_grade_keeps_what_was_proposed_and_the_figure_of_then() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    taken(ledger, [*graded_branch((950, 800, 800)), graded(FIRST, "qualified", **GIVEN)])
    grade = ledger.state.grades.get((FIRST, "2023"))

    assert grade is not None
    assert (grade.grade, grade.proposal, grade.figure) == ("qualified", "excellent", 950)


def test_the_officers_of_the_root_decide_where_a_branch_has_nobody(ledger: Ledger) -> None:
    taken(ledger, graded_branch((800, 800, 800)))

    assert codes(ledger, graded(FIRST, deciders=(UPPER_TWO, UPPER))) == [None]
