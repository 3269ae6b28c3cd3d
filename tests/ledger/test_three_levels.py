"""Self-assessment on three levels: who may submit what, and who must have before (§6.4, E45)."""

import pytest

from tests.support.builders import assigned, enrolled, left, registered
from tests.support.ledgers import Ledger
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import taken
from tests.support.organisation import absent, assessment
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    GROUP_X1,
    GROUP_X2,
    LEADER,
    PANEL_X,
    PANEL_Y,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
)

WITHOUT_GROUP = (COMMITTEE, RECORDER, SECRETARY, *PANEL_X[:3])
ON_LEAVE = "on_leave"


def listing(*ids: str) -> dict[str, str]:
    return dict.fromkeys(ids, ON_LEAVE)


def told(record: NaiveRecord) -> str:
    return " ".join((record.code or record.status, *record.notices))


def all_told(ledger: Ledger, *payloads: bytes) -> list[str]:
    return [told(ledger.receive(payload)) for payload in payloads]


def test_f25_a_branch_is_refused_while_a_group_is_missing_without_a_reason(ledger: Ledger) -> None:
    taken(ledger, [*map(assessment, WITHOUT_GROUP), *map(assessment, (ANNA, BO, LEADER))])

    assert all_told(
        ledger,
        assessment(BRANCH_X, missing=listing(GROUP_X2)),
        assessment(GROUP_X1),
        assessment(BRANCH_X),
        assessment(BRANCH_X, missing=listing(GROUP_X2), recorded="2023-08-03"),
    ) == ["lower_level_missing", "recorded", "lower_level_missing", "recorded"]


def test_a_group_submits_when_its_members_have_or_are_listed_with_a_reason(ledger: Ledger) -> None:
    taken(ledger, [assessment(ANNA), assessment(LEADER)])

    assert all_told(
        ledger,
        assessment(GROUP_X1),
        assessment(GROUP_X1, missing=listing(CHEN)),
        assessment(GROUP_X1, missing=listing(BO)),
        assessment(BO),
        assessment(GROUP_X1, recorded="2023-08-03"),
    ) == ["lower_level_missing", "lower_level_missing", "recorded", "recorded", "recorded"]


def test_members_of_no_group_are_asked_by_the_branch_itself(ledger: Ledger) -> None:
    groups = listing(GROUP_X1, GROUP_X2)
    taken(ledger, map(assessment, WITHOUT_GROUP[1:]))

    assert all_told(
        ledger,
        assessment(BRANCH_X, missing=groups),
        assessment(WITHOUT_GROUP[0]),
        assessment(BRANCH_X, missing=groups, recorded="2023-08-03"),
    ) == ["lower_level_missing", "recorded", "recorded"]


def test_e45_a_branch_without_groups_builds_on_its_members_directly(ledger: Ledger) -> None:
    people = (DORA, SECRETARY_Y, *PANEL_Y[:2])
    taken(ledger, [registered("u-y1", "group", BRANCH_Y, to="2023-07-01")])
    taken(ledger, map(assessment, people[1:]))

    assert all_told(
        ledger,
        assessment(BRANCH_Y, missing=listing("u-y1")),
        assessment(BRANCH_Y, missing=listing(DORA)),
        assessment(DORA),
        assessment(BRANCH_Y),
    ) == ["lower_level_missing", "recorded", "recorded", "recorded"]


def test_a_late_assessment_below_is_one_all_the_same(ledger: Ledger) -> None:
    taken(ledger, [assessment(ANNA), assessment(LEADER)])

    assert all_told(
        ledger,
        assessment(BO, recorded="2023-08-04"),
        assessment(GROUP_X1, recorded="2023-08-05"),
    ) == ["recorded late", "recorded late"]


def test_the_claims_deadline_ends_with_its_last_minute(ledger: Ledger) -> None:
    assert all_told(
        ledger,
        assessment(ANNA, recorded="2023-08-03T23:59"),
        assessment(BO, recorded="2023-08-04T00:00"),
    ) == ["recorded", "recorded late"]


def test_a_member_who_moves_is_asked_where_the_month_ends(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            assessment(ANNA),
            assessment(LEADER),
            assigned(BO, "member", BRANCH_X, to="2023-07-31"),
            assigned(BO, "member", BRANCH_Y, since="2023-07-31", assignment="as-bo-moved"),
        ],
    )
    others = listing(DORA, SECRETARY_Y, *PANEL_Y[:2], "u-y1")

    assert all_told(
        ledger,
        assessment(GROUP_X1),
        assessment(BRANCH_Y, missing=others),
        assessment(BRANCH_Y, missing=others | listing(BO)),
    ) == ["recorded", "lower_level_missing", "recorded"]


@pytest.mark.parametrize(
    "change",
    [
        absent(BO, "2023-07-01", "2023-08-01", recorded="2023-07-30"),
        absent(BO, "2023-06-01", "2023-09-01", kind="exempt", basis="order", recorded="2023-07-30"),
        left(BO, "2023-07-31"),
        enrolled(BO, "retired", since="2023-07-31"),
        assigned(BO, "group_member", GROUP_X1, to="2023-07-31"),
    ],
    ids=["absent", "exempt", "left", "retired", "in no group"],
)
def test_nobody_is_asked_who_was_away_all_month_or_is_there_no_more(
    ledger: Ledger, change: bytes
) -> None:
    taken(ledger, [assessment(ANNA), assessment(LEADER), change])

    assert told(ledger.receive(assessment(GROUP_X1))) == "recorded"


def test_who_was_there_on_one_day_of_the_month_is_asked(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            assessment(ANNA),
            assessment(LEADER),
            absent(BO, "2023-07-02", "2023-08-01", recorded="2023-07-30"),
        ],
    )

    assert told(ledger.receive(assessment(GROUP_X1))) == "lower_level_missing"


def test_several_absences_make_a_whole_month(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            assessment(ANNA),
            assessment(LEADER),
            absent(BO, "2023-07-10", "2023-08-10", kind="sick", recorded="2023-07-30"),
            absent(BO, "2023-06-10", "2023-07-10", recorded="2023-07-30"),
        ],
    )

    assert told(ledger.receive(assessment(GROUP_X1))) == "recorded"


def test_a_branch_does_not_wait_for_a_group_in_which_nobody_is_asked(ledger: Ledger) -> None:
    taken(ledger, [*map(assessment, WITHOUT_GROUP), *map(assessment, (ANNA, BO, LEADER))])
    taken(ledger, [assessment(GROUP_X1), left(CHEN, "2023-07-31")])

    assert told(ledger.receive(assessment(BRANCH_X))) == "recorded"


def test_e38_a_member_of_two_groups_is_counted_in_the_one_entered_first(ledger: Ledger) -> None:
    taken(ledger, [assigned(CHEN, "group_leader", GROUP_X2)])
    taken(ledger, [assigned(ANNA, "group_member", GROUP_X2, since="2023-05-01")])
    taken(ledger, [assessment(CHEN), assessment(BO), assessment(LEADER)])

    assert all_told(ledger, assessment(GROUP_X2), assessment(GROUP_X1)) == [
        "recorded",
        "lower_level_missing",
    ]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (assessment("m-nobody"), "unknown_member"),
        (assessment(BRANCH_X, SECRETARY, level="member"), "unknown_member"),
        (assessment(GROUP_X1, missing=listing("m-nobody")), "unknown_member"),
        (assessment("u-nowhere", LEADER, level="group"), "unknown_unit"),
        (assessment(ANNA, level="group"), "unknown_unit"),
        (assessment(GROUP_X1, level="branch"), "unknown_unit"),
        (assessment(BRANCH_X, level="group"), "unknown_unit"),
        (assessment(SCHEME, UPPER, level="branch"), "unknown_unit"),
        (assessment(ANNA, BO), "not_permitted"),
        (assessment(ANNA, SECRETARY), "not_permitted"),
        (assessment(GROUP_X1, SECRETARY), "not_permitted"),
        (assessment(GROUP_X2, LEADER), "not_permitted"),
        (assessment(BRANCH_X, LEADER), "not_permitted"),
        (assessment(BRANCH_X, UPPER), "not_permitted"),
        (assessment(BRANCH_X, SECRETARY_Y), "not_permitted"),
        (assessment(BRANCH_X, "m-nobody"), "not_permitted"),
        (assessment(ANNA, values=[("D99", "member", "1")]), "unknown_item"),
        (assessment(BRANCH_X, values=[("D99", "unit", "1")]), "unknown_item"),
        (assessment(ANNA, month="2022-12", values=()), "unknown_item"),
        (assessment(BRANCH_X), "lower_level_missing"),
    ],
)
def test_an_assessment_is_refused_by_its_first_fault(
    ledger: Ledger, payload: bytes, code: str
) -> None:
    assert told(ledger.receive(payload)) == code


def test_the_right_to_speak_is_judged_when_it_is_recorded(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            *map(assessment, (ANNA, BO, LEADER)),
            assigned(LEADER, "group_leader", GROUP_X1, to="2023-08-02"),
            assigned(ANNA, "group_leader", GROUP_X1, since="2023-08-02"),
        ],
    )

    assert all_told(
        ledger,
        assessment(GROUP_X1, LEADER, recorded="2023-08-02"),
        assessment(GROUP_X1, ANNA, recorded="2023-08-02"),
    ) == ["not_permitted", "recorded"]


def test_a_secretary_by_post_speaks_for_the_branch(ledger: Ledger) -> None:
    taken(ledger, [assigned(COMMITTEE, "committee", BRANCH_X, post="secretary")])
    everybody = listing(*WITHOUT_GROUP, GROUP_X1, GROUP_X2)

    assert told(ledger.receive(assessment(BRANCH_X, COMMITTEE, missing=everybody))) == "recorded"


def test_e41_a_successor_speaks_for_a_branch_that_ended_with_the_month(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            registered("u-z", since="2023-08-01", came_from=[BRANCH_X]),
            registered(BRANCH_X, to="2023-08-01"),
            assigned(SECRETARY_Y, "secretary", "u-z", since="2023-08-01"),
        ],
    )
    everybody = listing(*WITHOUT_GROUP, GROUP_X1, GROUP_X2)

    assert told(ledger.receive(assessment(BRANCH_X, SECRETARY_Y, missing=everybody))) == "recorded"


def test_e46_what_either_record_of_a_person_assessed_is_theirs(ledger: Ledger) -> None:
    taken(ledger, [enrolled("m-twin"), assigned("m-twin"), assessment("m-twin")])
    taken(ledger, [enrolled(BO, same_as="m-twin"), assessment(ANNA), assessment(LEADER)])

    assert all_told(ledger, assessment("m-twin", recorded="2023-08-03"), assessment(GROUP_X1)) == [
        "unknown_member",
        "recorded",
    ]


def test_the_items_are_those_of_the_months_own_version(ledger: Ledger) -> None:
    assert all_told(
        ledger,
        assessment(ANNA, month="2023-01", recorded="2023-02-02"),
        assessment(ANNA, month="2022-12", recorded="2023-02-02"),
    ) == ["recorded", "unknown_item"]
