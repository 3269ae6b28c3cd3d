"""`person.erased` and `log.continued` (domain.md §2.2, §7, E42; tlog.md §10.3)."""

from collections.abc import Callable

import pytest

from tests.support.builders import (
    assigned,
    decided,
    earned,
    enrolled,
    left,
    preliminary,
    verified,
    world,
)
from tests.support.judgements import continued, erased
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import ANNA, BO, BRANCH_X, SPECIALIST
from tests.support.plots import TWIN


def test_e42_the_id_of_an_erased_person_is_never_used_again(ledger: Ledger) -> None:
    taken(ledger, [erased()])
    again = [
        enrolled(ANNA, recorded="2023-10-01"),
        enrolled(BO, same_as=ANNA, recorded="2023-10-01"),
    ]

    assert [ledger.receive(one).code for one in again] == ["erased", "erased"]


def test_e42_totals_stay_and_late_decisions_still_post(ledger: Ledger) -> None:
    taken(ledger, [*decided(earned("c-1", recorded="2023-07-12")), earned("c-2", deed="lamp")])
    before = ledger.balances()
    taken(ledger, [left(ANNA, "2023-09-10", why="died"), erased()])
    after = ledger.balances()
    first = preliminary("c-2", deciders=(SPECIALIST,), recorded="2023-09-20")
    statuses = [
        ledger.receive(one).status for one in (first, verified("c-2", recorded="2023-09-21"))
    ]

    assert (after, statuses) == (before, ["recorded", "posted"])


@pytest.mark.parametrize("payload", [erased("m-nobody"), erased(BRANCH_X)])
def test_only_a_member_can_be_erased(ledger: Ledger, payload: bytes) -> None:
    assert ledger.receive(payload).code == "unknown_member"


def test_erasing_again_is_no_fault_nor_is_erasing_a_record_that_was_joined(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            enrolled(TWIN),
            assigned(TWIN, "member", BRANCH_X),
            enrolled(ANNA, same_as=TWIN, recorded="2023-08-01"),
        ],
    )

    assert [
        ledger.receive(one).status
        for one in (erased(TWIN), erased(), erased(recorded="2024-01-01"))
    ] == ["recorded"] * 3


def test_a_log_says_which_it_follows_in_its_first_event_only(
    empty_ledger: Callable[[], Ledger],
) -> None:
    ledger = empty_ledger()
    first = ledger.receive(continued())
    taken(ledger, world())
    later = ledger.receive(continued(recorded="2023-02-01"))

    assert (first.status, later.code) == ("recorded", "wrong_state")
