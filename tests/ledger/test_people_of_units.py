"""Who was ever assigned to a unit: the fold's index from a unit to its people."""

from tests.support.builders import world
from tests.support.folded import FoldedLedger
from tests.support.organisation import assigned, enrolled, left
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, CHEN, GROUP_X1, GROUP_X2, LEADER
from tests.support.people import SCHEME as ROOT


def receiving(*payloads: bytes) -> FoldedLedger:
    ledger = FoldedLedger(ROOT)
    for payload in (*world(), *payloads):
        ledger.receive(payload)
    return ledger


def test_a_unit_knows_everyone_with_a_role_in_it_once_in_stream_order() -> None:
    ledger = receiving()

    assert ledger.state.people_of.get(GROUP_X1) == (ANNA, BO, LEADER)
    assert ledger.state.people_of.get("u-nobody-is-here") == ()


def test_whoever_moved_left_or_was_corrected_away_stays_among_the_people_of_the_unit() -> None:
    ledger = receiving(
        assigned(CHEN, "group_member", GROUP_X1, assignment="as-chen"),
        assigned(CHEN, "group_member", GROUP_X2, assignment="as-chen"),
        left(BO, "2023-07-20"),
        enrolled("m-new"),
        assigned("m-new", "member", BRANCH_Y, since="2023-08-01"),
    )

    assert ledger.state.people_of.get(GROUP_X1) == (ANNA, BO, LEADER, CHEN)
    assert ledger.state.people_of.get(GROUP_X2) == (CHEN,)
    assert ledger.state.people_of.get(BRANCH_Y)[-1] == "m-new"


def test_a_refused_assignment_adds_nobody() -> None:
    ledger = receiving(assigned(ANNA, "member", BRANCH_Y, assignment="as-second-home"))

    assert ledger.records[-1].code == "assignment_overlap"
    assert ANNA not in ledger.state.people_of.get(BRANCH_Y)
    assert ANNA in ledger.state.people_of.get(BRANCH_X)
