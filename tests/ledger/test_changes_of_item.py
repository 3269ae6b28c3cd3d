"""A reviewer may find that a claim is another item: who may say so, and what is asked of it."""

import pytest

from tests.support.builders import (
    assigned,
    count,
    decided,
    deduction,
    earned,
    enrolled,
    preliminary,
    rejected,
    returned,
    reversal,
    shares,
    tier,
    verified,
)
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    COMMITTEE,
    LEADER,
    PANEL_X,
    QUORUM,
    RECORDER,
    SPECIALIST,
    UPPER,
)
from tests.support.stored import Fields

ONE = {"member": count()}
GENERAL = {"member": tier("general")}
PLACE = {"member": tier("plant-1")}


def test_who_changes_the_item_decides_on_the_old_and_the_new_one(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1", "D03")])
    change: Fields = {"item": "D05", "reason": "a_visit"}
    codes = [
        ledger.receive(preliminary("c-1", deciders=deciders, **change)).code
        for deciders in ((SPECIALIST,), (RECORDER,), (UPPER,))
    ]

    assert codes == ["not_permitted", "not_permitted", None]
    assert ledger.claim("c-1").item == "D05"


def test_an_item_that_upper_confirms_is_made_and_unmade_by_upper_alone(ledger: Ledger) -> None:
    contest = earned("c-1", "C04", member=tier("plant-1"))
    snap = earned("c-2", "D03", deed="lamp")
    taken(ledger, [contest, preliminary("c-1", deciders=(RECORDER,))])
    taken(ledger, [snap, preliminary("c-2", deciders=(SPECIALIST,))])
    unmade: Fields = {"item": "D03", "measure": ONE, "reason": "other_item"}
    made: Fields = {"item": "C04", "measure": PLACE, "reason": "other_item"}
    codes = [
        ledger.receive(verified("c-1", deciders=QUORUM, **unmade)).code,
        ledger.receive(verified("c-2", deciders=QUORUM, **made)).code,
        ledger.receive(verified("c-1", deciders=(UPPER,), **unmade)).code,
        ledger.receive(verified("c-2", deciders=(UPPER,), **made)).code,
    ]

    assert codes == ["not_permitted", "not_permitted", None, None]


def test_naming_what_the_claim_already_is_changes_nothing(ledger: Ledger) -> None:
    half: Fields = {"points": {"member": "0.1"}, "reason": "partly_shown"}
    taken(ledger, [earned("c-1", "D03"), preliminary("c-1", deciders=(SPECIALIST,), **half)])
    record = ledger.receive(verified("c-1", deciders=QUORUM, item="D03", measure=ONE))

    assert record.status == "posted"
    assert ledger.balances()[f"member:{ANNA}:member"] == 1


def test_a_missing_right_over_either_item_goes_before_a_missing_quorum(ledger: Ledger) -> None:
    taken(ledger, [shares("pj-1", {ANNA: 50, BO: 50})])
    taken(ledger, [earned("c-1", "C06", member={}, project="pj-1")])
    change: Fields = {"item": "D03", "measure": ONE, "reason": "other_item"}

    review = preliminary("c-1", deciders=(PANEL_X[0],), **change)

    assert ledger.receive(review).code == "not_permitted"


def test_a_panel_that_changes_the_item_needs_its_quorum(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1", "D03"), preliminary("c-1", deciders=(SPECIALIST,))])
    change: Fields = {"item": "C09", "measure": GENERAL, "reason": "a_hazard"}

    assert ledger.receive(verified("c-1", deciders=QUORUM[:2], **change)).code == "quorum_not_met"
    assert ledger.receive(verified("c-1", deciders=QUORUM, **change)).status == "posted"


def test_a_counterpart_steps_back_where_the_new_item_is_not_for_counterparts(
    ledger: Ledger,
) -> None:
    taken(ledger, [earned("c-1", "D04", counterpart=[LEADER])])
    change: Fields = {"item": "D05", "measure": ONE, "reason": "a_visit"}

    assert ledger.receive(preliminary("c-1", deciders=(LEADER,), **change)).code == "recused"
    assert ledger.receive(preliminary("c-1", deciders=(LEADER,))).code is None


def test_a_claim_without_shares_cannot_be_moved_to_an_item_by_shares(ledger: Ledger) -> None:
    taken(ledger, [shares("pj-1", {ANNA: 50, PANEL_X[0]: 50})])
    taken(ledger, [earned("c-1", "D03", project="pj-1")])
    taken(ledger, [preliminary("c-1", deciders=(SPECIALIST,))])
    change: Fields = {"item": "D01", "measure": {"member": {}}, "reason": "a_project"}

    assert ledger.receive(verified("c-1", deciders=QUORUM, **change)).code == "shares_missing"
    assert ledger.receive(verified("c-1", deciders=QUORUM)).code is None


def test_a_changed_item_is_asked_for_reason_item_deed_and_measure_in_this_order(
    ledger: Ledger,
) -> None:
    taken(ledger, [earned("c-1", "D05", deed="lamp"), earned("c-2", "D03", deed="lamp")])
    changes: list[Fields] = [
        {"item": "D99"},
        {"item": "D99", "reason": "other_item"},
        {"item": "D05", "measure": {"unit": count()}, "reason": "other_item"},
        {"item": "C09", "measure": {"unit": count()}, "reason": "other_item"},
        {"item": "A01", "measure": ONE, "reason": "other_item"},
        {"item": "C02", "measure": ONE, "reason": "other_item"},
        {"item": "D01", "measure": {"member": {}}, "reason": "other_item"},
        {"item": "C09", "reason": "other_item"},
        {"item": "D02", "reason": "other_item"},
        {"item": "C09", "measure": GENERAL, "reason": "other_item"},
    ]
    codes = [
        ledger.receive(preliminary("c-2", deciders=(UPPER,), **change)).code for change in changes
    ]

    assert codes == [
        "reason_required",
        "unknown_item",
        "duplicate_deed",
        "capacity_not_held",
        "item_not_applicable",
        "pact_not_in_force",
        "shares_missing",
        "measure_invalid",
        "record_mismatch",
        None,
    ]


def test_the_new_item_has_only_the_evidence_that_the_claim_brought(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1", "D03", evidence=[])])
    change: Fields = {"item": "C04", "measure": PLACE, "reason": "a_contest"}

    refused = ledger.receive(preliminary("c-1", deciders=(UPPER,), **change))

    assert refused.code == "evidence_required"


def test_a_deduction_never_becomes_something_else_nor_the_other_way(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1", "D03", basis="finding"), deduction("c-2")])
    changes: list[tuple[str, Fields]] = [
        ("c-1", {"item": "B06", "measure": {"member": tier("absent")}}),
        ("c-2", {"item": "D03", "measure": ONE}),
        ("c-2", {"item": "D07", "measure": {"member": tier("complaint")}}),
    ]
    codes = [
        ledger.receive(preliminary(claim, deciders=(UPPER,), reason="other_item", **change)).code
        for claim, change in changes
    ]

    assert codes == ["item_not_applicable", "item_not_applicable", None]


@pytest.mark.parametrize(
    ("standing", "code"), [("full", "shares_missing"), ("staff", "capacity_not_held")]
)
def test_where_no_home_branch_is_left_the_standing_alone_makes_the_member(
    ledger: Ledger, standing: str, code: str
) -> None:
    led = earned("c-1", "C01", COMMITTEE, committee=count())
    come = assigned(COMMITTEE, "member", BRANCH_X, since="2023-08-10", recorded="2023-08-12")
    taken(ledger, [led, come, enrolled(COMMITTEE, standing, recorded="2023-08-12")])
    change: Fields = {"item": "D01", "measure": {"member": {}}, "reason": "a_project"}

    moved = preliminary("c-1", COMMITTEE, deciders=(UPPER,), recorded="2023-08-13", **change)

    assert ledger.receive(moved).code == code


def test_a_copy_is_not_verified_beside_a_later_claim_of_the_same_deed(ledger: Ledger) -> None:
    taken(ledger, decided(earned("c-1", "D03", BO, deed="hole")))
    copy = earned("c-2", "D03", deed="hole")
    taken(ledger, [copy, rejected("c-2", deciders=(SPECIALIST,), duplicate_of="c-1")])
    taken(ledger, [reversal("c-1", BO), earned("c-3", "D03", deed="hole")])
    beside = ledger.receive(verified("c-2", recorded="2023-08-21"))
    taken(ledger, [rejected("c-3", deciders=(SPECIALIST,), recorded="2023-08-22")])

    assert beside.code == "duplicate_deed"
    assert ledger.receive(verified("c-2", recorded="2023-08-23")).status == "posted"


@pytest.mark.parametrize("other", [{"deed": "lantern"}, {"item": "C09", "member": tier("general")}])
def test_a_claim_handed_in_again_for_something_else_leaves_the_first_deed_free(
    ledger: Ledger, other: Fields
) -> None:
    first: Fields = {"item": "D03", "deed": "lamp", "member": count()}
    back = returned("c-1", deciders=(SPECIALIST,))
    again: Fields = {"recorded": "2023-08-05"}
    taken(ledger, [earned("c-1", **first), back, earned("c-1", **(first | other | again))])

    anew = ledger.receive(earned("c-2", **(first | again)))
    assert (anew.code, "near_duplicate" in anew.notices) == (None, "deed" in other)
    assert ledger.receive(earned("c-3", **(first | other | again))).code == "duplicate_deed"


@pytest.mark.parametrize(("points", "rewarded"), [("0", 0), ("0.1", 50)])
def test_what_a_reviewer_finds_worthless_gives_no_incentive(
    ledger: Ledger, points: str, rewarded: int
) -> None:
    said: Fields = {"points": {"member": points}, "reason": "not_valid"}
    taken(ledger, [earned("c-1", "D03"), preliminary("c-1", deciders=(SPECIALIST,), **said)])
    taken(ledger, [verified("c-1")])

    assert ledger.balances().get(f"wallet:{ANNA}", 0) == rewarded
