"""Edge cases of domain.md §8.2 about when a deed is told, and what counts of it."""

from tests.support.builders import (
    changed,
    count,
    decided,
    deduction,
    earned,
    fact,
    rejected,
    reversal,
    sha,
    shares,
    tier,
    verified,
)
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import ANNA, BO, CHEN, LEADER, QUORUM, SPECIALIST, UPPER_TWO
from tests.support.stored import SOURCE, Fields

Q3, Q4 = "2023-Q3", "2023-Q4"
MEMBER, WALLET = f"member:{ANNA}:member", f"wallet:{ANNA}"
ADMITTED: Fields = {"deciders": list(QUORUM), "reason": "was_ill"}


def codes_of(ledger: Ledger, *payloads: bytes) -> list[str | None]:
    return [ledger.receive(payload).code for payload in payloads]


def test_e04_after_ninety_days_a_claim_is_too_late_unless_admitted_or_a_replacement(
    ledger: Ledger,
) -> None:
    taken(ledger, [*decided(earned("c-1", deed="hole", on="2023-03-01")), reversal("c-1")])
    late: Fields = {"on": "2023-03-01", "recorded": "2023-08-25"}
    codes = codes_of(
        ledger,
        earned("c-2", on="2023-05-27", recorded="2023-08-25"),
        earned("c-3", on="2023-05-26", recorded="2023-08-25"),
        earned("c-4", deed="hole", **late),
        earned("c-5", admitted=ADMITTED, **late),
        earned("c-6", deed="hole", replaces="c-1", **late),
    )

    assert codes == [None, "too_late", "too_late", None, None]


def test_e05_the_end_of_a_deed_over_midnight_decides_its_month(ledger: Ledger) -> None:
    before = [earned(f"c-{number}", on="2023-07-31T23:59") for number in range(4)]
    over_midnight = earned("c-over", on="2023-08-01T00:00")
    for claim in (*before, over_midnight):
        taken(ledger, decided(claim))

    # The fourth is above the cap of July, the fifth the first of August.
    assert [ledger.records[-13].notices, ledger.records[-1].notices] == [(), ()]
    assert ledger.balances()[MEMBER] == 15 + 5


def test_e05_hours_of_several_days_are_claimed_day_by_day(ledger: Ledger) -> None:
    whole = earned("c-1", "D04", member=count(5), counterpart=[LEADER])
    days = [
        earned(f"c-{day}", "D04", member=count(4), counterpart=[LEADER], on=f"2023-07-0{day}")
        for day in (2, 3)
    ]

    assert codes_of(ledger, whole, *days) == ["measure_invalid", None, None]


def test_e06_a_clock_may_run_five_minutes_ahead_and_the_deed_keeps_its_time(
    ledger: Ledger,
) -> None:
    recorded = "2023-08-01T00:00:00.000Z"
    ahead = [
        changed(earned(f"c-{second}", id=f"e-{second}"), time=f"2023-08-01T08:05:0{second}+08:00")
        for second in (0, 1)
    ]
    codes = codes_of(ledger, *(changed(claim, recordedtime=recorded) for claim in ahead))
    offline = earned("c-offline", on="2023-07-31T23:50", recorded="2023-08-01T09:00")
    taken(ledger, decided(offline))

    assert codes == [None, "in_future"]
    assert ledger.claim("c-offline").key == "deed-c-offline"
    assert ledger.records[-1].postings[-1] == {"account": WALLET, "delta": 50, "kind": "award"}


def test_e10_hours_that_the_host_signed_for_count_and_bring_no_incentive(ledger: Ledger) -> None:
    for name, signed in (("c-own", "self"), ("c-host", "added")):
        claim = earned(name, "D04", member=count(1), counterpart=[LEADER], signed=signed)
        taken(ledger, decided(claim))

    assert (ledger.balances()[MEMBER], ledger.balances()[WALLET]) == (5 + 5, 10)


def test_e21_e22_a_resend_changes_nothing_and_a_deed_counts_once(ledger: Ledger) -> None:
    first = earned("c-1", deed="hole", id="e-1")
    taken(ledger, [first])
    balances = ledger.balances()
    again = ledger.receive(changed(first, recordedtime="2023-07-14T00:00:00.000Z"))
    other = ledger.receive(changed(first, time="2023-07-11T10:00:00+08:00"))
    twice = ledger.receive(earned("c-2", deed="hole", id="e-2", source=f"{SOURCE}:other"))

    assert (again.status, other.code, twice.code) == (
        "duplicate",
        "conflicting_duplicate",
        "duplicate_deed",
    )
    assert ledger.balances() == balances


def test_e24_two_sole_doers_of_one_deed_are_held_until_the_deed_is_shared(ledger: Ledger) -> None:
    whole = [earned(f"c-{who}", "D03", who, deed="valve") for who in (ANNA, BO)]
    notices = [ledger.receive(claim).notices for claim in whole]
    taken(
        ledger,
        [
            rejected(f"c-{BO}", BO, deciders=(SPECIALIST,)),
            shares("pj-valve", {ANNA: 50, BO: 50}, pool="accepted"),
            earned("c-shared", "C06", BO, member={}, deed="valve", project="pj-valve"),
        ],
    )

    assert notices == [(), ("near_duplicate",)]
    assert ledger.balances()[f"member:{BO}:pending"] == 50


def test_e25_of_several_reports_the_first_scores_and_the_next_after_its_reversal(
    ledger: Ledger,
) -> None:
    taken(ledger, decided(earned("c-1", deed="hole")))
    taken(ledger, [earned("c-2", "D03", BO, deed="hole")])
    taken(ledger, [rejected("c-2", BO, deciders=(SPECIALIST,), duplicate_of="c-1")])
    stands = ledger.receive(verified("c-2", BO, recorded="2023-08-10"))
    taken(ledger, [reversal("c-1"), verified("c-2", BO, recorded="2023-08-21")])

    assert stands.code == "original_stands"
    assert [ledger.balances()[f"member:{who}:member"] for who in (ANNA, BO)] == [0, 5]


def test_e26_a_file_used_for_another_deed_is_noticed_and_for_another_item_is_fine(
    ledger: Ledger,
) -> None:
    photo = [{"kind": "photo", "sha256": sha("one photo")}]
    notices = [
        ledger.receive(claim).notices
        for claim in (
            earned("c-1", "D03", deed="hole", evidence=photo),
            earned("c-2", "C09", deed="hole", evidence=photo, member=tier("general")),
            earned("c-3", "D03", deed="lamp", evidence=photo, on="2023-07-13"),
        )
    ]

    assert notices == [(), (), ("evidence_reused",)]


def test_e29_a_corrected_day_is_a_reversal_and_a_new_claim_and_both_months_are_recomputed(
    ledger: Ledger,
) -> None:
    july = [earned(f"c-{number}", deed=f"deed-{number}") for number in range(4)]
    for claim in july:
        taken(ledger, decided(claim))
    full = ledger.balances()[MEMBER]
    moved = earned("c-moved", deed="deed-0", on="2023-08-02", replaces="c-0", recorded="2023-08-21")
    released = ledger.receive(reversal("c-0"))
    taken(ledger, decided(moved))

    assert full == 15
    assert released.notices == ("released",)
    assert ledger.balances()[MEMBER] == 15 + 5


def test_e31_a_higher_value_under_a_full_cap_takes_the_place_of_a_lower_one_elsewhere(
    ledger: Ledger,
) -> None:
    taken(ledger, decided(earned("c-1", "C09", member=tier("larger"), deed="first")))
    taken(ledger, decided(earned("c-2", "D03", deed="hole")))
    last = [*decided(earned("c-3", "C09", member=tier("larger"), deed="hole"))][-1]
    taken(ledger, decided(earned("c-3", "C09", member=tier("larger"), deed="hole"))[:2])
    before = ledger.balances()[MEMBER]
    record = ledger.receive(last)

    # The hazard is worth nothing under its cap, and the snap report stands behind it.
    assert before == 30 + 5
    assert ledger.balances()[MEMBER] == 30
    assert {"account": MEMBER, "delta": -5, "kind": "absorb", "item": "D03"} in record.postings


def test_e55_a_survey_with_fewer_than_five_answers_has_no_effect(ledger: Ledger) -> None:
    rating = earned("c-1", "D06", "u-x", unit=tier("p90", 4))

    assert codes_of(ledger, rating) == ["measure_invalid"]
    assert not any(ledger.balances().values())


def test_e58_deductions_above_twenty_lower_the_score_not_under_zero_and_carry_nothing_over(
    ledger: Ledger,
) -> None:
    items = ("B01", "B02", "B03", "B05", "C01", "C05", "C08")
    undone = [fact(f"c-{item}".lower(), item, done=0, period="2023-07") for item in items]
    accidents = [
        deduction(f"c-acc-{number}", "C11", member=tier("accident"), deed=f"acc-{number}")
        for number in range(9)
    ]
    for claim in (*undone, *accidents):
        taken(ledger, decided(claim))

    assert ledger.scores(ANNA, "member", Q3)[4:] == (900, 0)
    assert ledger.scores(ANNA, "member", Q4) == (0, 0, 0, 0, 0, None)


def test_e68_the_tenths_left_of_a_pool_go_in_declared_order_and_a_cut_to_nobody(
    ledger: Ledger,
) -> None:
    thirds = {CHEN: 1, ANNA: 1, BO: 1}
    taken(ledger, [shares("pj-1", thirds, pool="accepted", by=ANNA)])
    for who in thirds:
        taken(ledger, [earned(f"c-{who}", "C06", who, member={}, deed="wax", project="pj-1")])

    assert [ledger.claim(f"c-{who}").pending for who in thirds] == [34, 33, 33]


def test_e69_a_participant_found_later_takes_all_shares_back_and_a_dispute_posts_nothing(
    ledger: Ledger,
) -> None:
    taken(ledger, [shares("pj-1", {ANNA: 50, BO: 50})])
    for who in (ANNA, BO):
        claim = earned(f"c-{who}", "C06", who, member={}, deed="wax", project="pj-1")
        taken(ledger, decided(claim))
    found = {ANNA: 40, BO: 40, CHEN: 20}
    in_use = ledger.receive(shares("pj-1", found, time="2023-08-20"))
    for who in (ANNA, BO):
        back = reversal(f"c-{who}", who, cause="shares", deciders=(UPPER_TWO,))
        taken(ledger, [back])
    disputed = ledger.receive(shares("pj-1", found, agreed_by=[ANNA, BO], time="2023-08-21"))
    agreed = ledger.receive(shares("pj-1", found, time="2023-08-22"))
    undeclared = ledger.receive(earned("c-x", "C06", member={}, project="pj-disputed"))

    assert (in_use.code, disputed.code, agreed.code) == ("shares_in_use", "shares_not_agreed", None)
    assert undeclared.code == "shares_missing"
    assert ledger.balances()[MEMBER] == 0


def test_e70_a_project_over_two_quarters_has_one_pool_and_the_time_of_its_acceptance(
    ledger: Ledger,
) -> None:
    taken(ledger, [shares("pj-1", {ANNA: 50, BO: 50}, pool="accepted", time="2023-06-20")])
    accepted = earned("c-1", "C06", member={}, deed="wax", project="pj-1", on="2023-08-10")
    taken(ledger, decided(accepted))
    again = earned("c-2", "C06", member={}, deed="wax", project="pj-1", on="2023-06-30")

    assert codes_of(ledger, again) == ["duplicate_deed"]
    assert [ledger.scores(ANNA, "member", quarter)[2] for quarter in ("2023-Q2", Q3)] == [0, 50]
