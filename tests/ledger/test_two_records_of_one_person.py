"""Two records of one person that were joined: the id that closed, and the one that survives."""

import pytest

from tests.support.builders import (
    assigned,
    decided,
    earned,
    enrolled,
    panel,
    preliminary,
    shares,
    verified,
)
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    CHEN,
    COMMITTEE,
    LEADER,
    PANEL_X,
    QUORUM,
    SCHEME,
    SPECIALIST,
    UPPER,
)
from tests.support.stored import Fields

TWIN = "m-twin"
KNOWN = (enrolled(TWIN), assigned(TWIN, "member", BRANCH_X), assigned(TWIN, "upper", SCHEME))


def join(survivor: str) -> bytes:
    return enrolled(survivor, same_as=TWIN, recorded="2023-08-01")


def test_a_person_does_not_decide_about_the_own_other_record(ledger: Ledger) -> None:
    taken(ledger, [*KNOWN, earned("c-1", "D03", BO), join(BO)])

    assert ledger.receive(preliminary("c-1", BO, deciders=(TWIN,))).code == "self_review"


def test_a_counterpart_steps_back_under_either_id(ledger: Ledger) -> None:
    named = earned("c-1", "D05", counterpart=[TWIN])
    taken(ledger, [*KNOWN, assigned(BO, "recorder", BRANCH_X), named, join(BO)])
    codes = [
        ledger.receive(preliminary("c-1", deciders=(who,))).code for who in (TWIN, BO, COMMITTEE)
    ]

    assert codes == ["recused", "recused", "not_permitted"]


def test_sharers_and_people_of_a_recusal_step_back_under_either_id(ledger: Ledger) -> None:
    pairs = [(PANEL_X[1], TWIN), (TWIN, LEADER)]
    taken(
        ledger, [*KNOWN, shares("pj-1", {ANNA: 50, TWIN: 50}), panel(recusals=pairs, name="pl-9")]
    )
    claims = [
        earned("c-1", "C06", member={}, project="pj-1"),
        earned("c-2", "D03", BO),
        earned("c-3", "D03", LEADER, deed="lamp"),
    ]
    taken(ledger, [*claims, assigned(BO, "upper", SCHEME), join(BO)])
    codes = [
        ledger.receive(preliminary("c-1", ANNA, deciders=(BO,))).code,
        ledger.receive(preliminary("c-2", BO, deciders=(PANEL_X[1],))).code,
        ledger.receive(preliminary("c-3", LEADER, deciders=(BO,))).code,
    ]

    assert codes == ["recused", "recused", "recused"]


def test_both_steps_are_not_taken_by_two_records_of_one_person(ledger: Ledger) -> None:
    first = preliminary("c-1", deciders=(TWIN,), recorded="2023-07-20")
    taken(ledger, [*KNOWN, earned("c-1", "D03"), first, join(UPPER)])

    assert ledger.receive(verified("c-1", deciders=(UPPER,))).code == "same_reviewer"
    assert ledger.receive(verified("c-1", deciders=(TWIN,))).code == "same_reviewer"


def test_a_closed_id_decides_nothing(ledger: Ledger) -> None:
    late: Fields = {"on": "2023-03-01", "recorded": "2023-08-02"}
    admitted = {"deciders": [TWIN], "reason": "was_ill"}
    claims = [earned("c-1", "D03"), earned("c-2", "D03", deed="lamp")]
    taken(ledger, [*KNOWN, *claims, preliminary("c-2", deciders=(SPECIALIST,)), join(BO)])
    codes = [
        ledger.receive(preliminary("c-1", deciders=(TWIN,))).code,
        ledger.receive(verified("c-2", deciders=(*QUORUM, TWIN))).code,
        ledger.receive(earned("c-3", "D05", admitted=admitted, **late)).code,
    ]

    assert codes == ["not_permitted", "not_permitted", "too_late"]


@pytest.mark.parametrize(
    "naming",
    [
        earned("c-1", "D03", by=TWIN),
        earned("c-1", "D04", counterpart=[LEADER, TWIN]),
        shares("pj-1", {ANNA: 50, TWIN: 50}),
        shares("pj-1", {ANNA: 50, BO: 50}, organisers=[TWIN]),
        shares("pj-1", {ANNA: 50, BO: 50}, agreed_by=[ANNA, BO, TWIN]),
        shares("pj-1", {ANNA: 50, BO: 50}, by=TWIN),
        panel(members=(*PANEL_X, TWIN), name="pl-9"),
        panel(chair=TWIN, name="pl-9"),
        panel(recusals=[(TWIN, ANNA)], name="pl-9"),
        panel(recusals=[(PANEL_X[0], TWIN)], name="pl-9"),
        assigned(COMMITTEE, "helper", SCHEME, of=[CHEN, TWIN]),
    ],
)
def test_a_closed_id_is_unknown_wherever_it_is_named(ledger: Ledger, naming: bytes) -> None:
    taken(ledger, [*KNOWN, join(BO)])

    assert ledger.receive(naming).code == "unknown_member"


def test_the_part_of_a_closed_id_is_that_of_the_person(ledger: Ledger) -> None:
    weights = {ANNA: 50, TWIN: 30, CHEN: 20}
    taken(ledger, [*KNOWN, shares("pj-1", weights, organisers=[TWIN]), join(BO)])
    claim = earned("c-1", "C06", BO, member={}, project="pj-1", recorded="2023-08-02")
    record = taken(ledger, decided(claim))[0]

    assert record.postings[-1] == {"account": f"member:{BO}:pending", "delta": 90}
    assert ledger.balances()[f"member:{BO}:member"] == 90
