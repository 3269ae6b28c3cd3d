"""Whose decision counts when branches end, people move, hold two posts or have two records."""

import pytest

from tests.support.builders import (
    assigned,
    count,
    decided,
    earned,
    panel,
    preliminary,
    registered,
    returned,
    reversal,
    tier,
    verified,
    withdrawal,
)
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BRANCH_X,
    BRANCH_Y,
    COMMITTEE,
    DORA,
    PANEL_X,
    PANEL_Y,
    QUORUM,
    RECORDER,
    SCHEME,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.stored import Fields

END = "2023-08-01"
HEIR, LATER_HEIR = "u-z", "u-w"


@pytest.mark.parametrize(
    "deciders", [(), QUORUM[:2], (*QUORUM, ANNA), (*QUORUM, DORA), (UPPER, DORA)]
)
def test_a_late_claim_needs_enough_people_who_may_all_admit_it(
    ledger: Ledger, deciders: tuple[str, ...]
) -> None:
    admitted = {"deciders": list(deciders), "reason": "was_ill"}
    claim = earned("c-1", "D03", on="2023-03-01", recorded="2023-07-20", admitted=admitted)

    assert ledger.receive(claim).code == "too_late"


def test_a_deed_after_the_end_of_the_home_branch_counts_for_nobody(ledger: Ledger) -> None:
    taken(ledger, [registered(BRANCH_X, to=END)])
    codes = [
        ledger.receive(earned(f"c-{number}", "D05", on=day)).code
        for number, day in enumerate(("2023-07-31", "2023-08-01"))
    ]

    assert codes == [None, "not_active"]


def test_open_claims_of_an_ended_branch_are_decided_by_its_successor(ledger: Ledger) -> None:
    heir = registered(HEIR, since=END, came_from=[BRANCH_X])
    people = [
        assigned(SECRETARY_Y, "recorder", HEIR, since=END),
        panel(HEIR, PANEL_Y, since=END, name="pl-z"),
    ]
    taken(ledger, [earned("c-1", "D05"), registered(BRANCH_X, to=END), heir, *people])
    codes = [
        ledger.receive(payload).code
        for payload in (
            preliminary("c-1", deciders=(SECRETARY_Y,), recorded="2023-07-31"),
            preliminary("c-1", deciders=(RECORDER,), recorded=END),
            preliminary("c-1", deciders=(SECRETARY_Y,), recorded=END),
            verified("c-1", deciders=QUORUM),
            verified("c-1", deciders=PANEL_Y[:2]),
            reversal("c-1", deciders=QUORUM),
            reversal("c-1", deciders=PANEL_Y[:2]),
        )
    ]

    no = "not_permitted"
    assert codes == [no, no, None, no, None, no, None]


def test_a_successor_that_has_ended_too_is_followed_on(ledger: Ledger) -> None:
    heirs = [
        registered(HEIR, since=END, to="2023-08-03", came_from=[BRANCH_X]),
        registered(LATER_HEIR, since="2023-08-03", came_from=[HEIR]),
    ]
    people = [assigned(SECRETARY_Y, "recorder", LATER_HEIR, since="2023-08-03")]
    taken(ledger, [earned("c-1", "D05"), registered(BRANCH_X, to=END), *heirs, *people])
    early = preliminary("c-1", deciders=(SECRETARY_Y,), recorded="2023-08-02")
    late = preliminary("c-1", deciders=(SECRETARY_Y,), recorded="2023-08-03")

    assert [ledger.receive(review).code for review in (early, late)] == ["not_permitted", None]


def test_of_several_successors_the_first_that_is_in_force_decides(ledger: Ledger) -> None:
    heirs = [
        registered("u-later", since="2023-09-01", came_from=[BRANCH_X]),
        registered(HEIR, since=END, came_from=[BRANCH_X]),
        registered(LATER_HEIR, since=END, came_from=[BRANCH_X]),
        registered("u-other", since=END, came_from=[BRANCH_Y]),
    ]
    people = [
        assigned(SECRETARY_Y, "recorder", LATER_HEIR, since="2023-08-03"),
        assigned(DORA, "recorder", HEIR, since=END),
    ]
    taken(ledger, [earned("c-1", "D05"), registered(BRANCH_X, to=END), *heirs, *people])

    assert ledger.receive(preliminary("c-1", deciders=(SECRETARY_Y,))).code == "not_permitted"
    assert ledger.receive(preliminary("c-1", deciders=(DORA,))).code is None


def test_without_a_successor_the_people_of_the_ended_branch_decide(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1", "D05"), registered(BRANCH_X, to=END)])
    taken(ledger, [preliminary("c-1"), verified("c-1")])

    assert ledger.balances()[f"member:{ANNA}:member"] == 5


def test_who_acts_for_the_deciders_took_part_with_them(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1", "D05"), preliminary("c-1", deciders=(UPPER,))])
    codes = [
        ledger.receive(verified("c-1", deciders=QUORUM, by=by)).code
        for by in (ANNA, UPPER, UPPER_TWO)
    ]

    assert codes == ["self_review", "same_reviewer", "not_permitted"]


@pytest.mark.parametrize(
    ("since", "to"),
    [("2023-01-01", None), ("2023-01-01", "2023-08-01"), ("2023-08-01", None)],
)
def test_who_is_secretary_by_post_then_or_now_is_verified_one_level_up(
    ledger: Ledger, since: str, to: str | None
) -> None:
    office = assigned(
        ANNA, "committee", BRANCH_X, post="secretary", since=since, to=to, recorded="2023-07-01"
    )
    visit: Fields = {"member": count(), "committee": count()} if since < "2023-07-12" else {}
    taken(ledger, [office, earned("c-1", "D05", **visit), preliminary("c-1")])

    assert ledger.receive(verified("c-1", deciders=QUORUM)).code == "not_permitted"
    assert ledger.receive(verified("c-1", deciders=(UPPER,))).status == "posted"


@pytest.mark.parametrize(
    ("post", "since", "to"),
    [
        ("organisation", "2023-01-01", None),
        ("secretary", "2023-01-01", "2023-07-12"),
        ("secretary", "2023-07-13", "2023-08-08"),
    ],
)
def test_who_is_secretary_neither_then_nor_now_is_verified_by_the_panel(
    ledger: Ledger, post: str, since: str, to: str | None
) -> None:
    office = assigned(ANNA, "committee", BRANCH_X, post=post, since=since, to=to)
    taken(ledger, [office, earned("c-1", "C09", member=tier("general"))])
    taken(ledger, [preliminary("c-1", deciders=(SPECIALIST,))])

    assert ledger.receive(verified("c-1", deciders=QUORUM)).status == "posted"


def test_a_secretary_by_post_does_not_take_the_chair_of_a_panel(ledger: Ledger) -> None:
    taken(ledger, [assigned(PANEL_X[0], "committee", BRANCH_X, post="secretary")])

    assert ledger.receive(panel(name="pl-9")).code == "panel_invalid"
    assert ledger.receive(panel(name="pl-9", chair=PANEL_X[1])).code is None


def test_a_back_dated_move_brings_open_claims_to_the_branch_of_the_deed_date(
    ledger: Ledger,
) -> None:
    moved = [
        assigned(ANNA, "member", BRANCH_X, to="2023-07-01", recorded="2023-08-01"),
        assigned(ANNA, "member", BRANCH_Y, since="2023-07-01", recorded="2023-08-01"),
    ]
    taken(ledger, [earned("c-1", "D05"), *moved])
    codes = [
        ledger.receive(payload).code
        for payload in (
            preliminary("c-1", deciders=(RECORDER,)),
            preliminary("c-1", deciders=(SECRETARY_Y,)),
            verified("c-1", deciders=QUORUM),
            verified("c-1", deciders=PANEL_Y[:2]),
        )
    ]

    assert codes == ["not_permitted", None, "not_permitted", None]


def test_where_the_home_was_taken_back_the_branch_known_before_decides(ledger: Ledger) -> None:
    visit: Fields = {"member": count(), "committee": count()}
    taken(ledger, [*decided(earned("c-1", "D05", COMMITTEE, **visit))])
    taken(ledger, [assigned(COMMITTEE, "member", BRANCH_X, since="2023-08-01")])

    assert ledger.receive(reversal("c-1", COMMITTEE, deciders=PANEL_Y)).code == "not_permitted"
    assert ledger.receive(reversal("c-1", COMMITTEE)).status == "posted"


def test_nobody_is_above_the_root_unit_so_its_own_officers_decide(ledger: Ledger) -> None:
    gold = earned("c-1", "C07", SCHEME, unit=tier("gold"))
    taken(ledger, [gold, preliminary("c-1", SCHEME, deciders=(UPPER,))])
    codes = [
        ledger.receive(verified("c-1", SCHEME, deciders=deciders)).code
        for deciders in (QUORUM, (UPPER,), (UPPER_TWO,))
    ]

    assert codes == ["not_permitted", "same_reviewer", None]
    assert ledger.balances()[f"member:{SCHEME}:unit"] == 100


def test_a_withdrawal_says_why(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1")])
    silent = [
        withdrawal("c-1", by=RECORDER, reason=None),
        withdrawal("c-1", reason=None),
        withdrawal("c-1"),
    ]

    codes = [ledger.receive(payload).code for payload in silent]

    assert codes == ["not_permitted", "reason_required", None]


@pytest.mark.parametrize("until", ["2023-07-01", "2023-08-04"])
def test_a_claim_sent_back_waits_at_least_till_the_end_of_the_day(
    ledger: Ledger, until: str
) -> None:
    taken(ledger, [earned("c-1", "D05"), returned("c-1", until=until, recorded="2023-08-04")])
    lapsed = ledger.fork()

    assert ledger.receive(earned("c-1", "D05", recorded="2023-08-04T23:59")).code is None
    assert (
        lapsed.receive(earned("c-1", "D05", recorded="2023-08-05T00:00")).code == "duplicate_claim"
    )
