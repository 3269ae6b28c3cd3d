"""Edge cases of domain.md §8.2 about who decides, and people who come, move and leave."""

from tests.support.builders import (
    assigned,
    count,
    decided,
    earned,
    enrolled,
    fact,
    left,
    panel,
    preliminary,
    returned,
    shares,
    tier,
    verified,
)
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.organisation import registered
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    LEADER,
    PANEL_X,
    PANEL_Y,
    QUORUM,
    RECORDER,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.stored import Fields, told

NEW = "m-new"
SMALL = "u-small"


def codes_of(ledger: Ledger, *payloads: bytes) -> list[str | None]:
    return [ledger.receive(payload).code for payload in payloads]


def test_e12_a_review_that_changes_item_and_value_says_why(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1", "C09", member=tier("larger"))])
    change: Fields = {"item": "D03", "measure": {"member": count()}, "deciders": (SPECIALIST,)}
    silent = ledger.receive(preliminary("c-1", **change))
    first = ledger.receive(preliminary("c-1", reason="a_snap_report", **change))
    lower: Fields = {"points": {"member": "0.3"}, "deciders": PANEL_X[2:]}
    codes = codes_of(
        ledger, verified("c-1", **lower), verified("c-1", reason="partly_shown", **lower)
    )

    assert (silent.code, codes) == ("reason_required", ["reason_required", None])
    pending = {"account": f"member:{ANNA}:pending", "delta": 5 - 30}
    assert pending in first.postings
    assert ledger.balances()[f"member:{ANNA}:member"] == 3


def test_e14_whoever_is_too_near_steps_back_and_the_upper_level_makes_the_quorum(
    ledger: Ledger,
) -> None:
    pairs = [(PANEL_X[0], COMMITTEE), (PANEL_X[1], COMMITTEE), (PANEL_X[2], COMMITTEE)]
    pact = assigned(COMMITTEE, "helper", "plant", of=[BO, PANEL_X[3]])
    taken(ledger, [pact, panel(recusals=pairs, name="pl-9")])
    helped: Fields = {"counterpart": [BO], "member": count()}
    taken(ledger, [earned("c-1", "C02", COMMITTEE, **helped)])
    taken(ledger, [preliminary("c-1", COMMITTEE, deciders=(BO,))])
    codes = codes_of(
        ledger,
        *(
            verified("c-1", COMMITTEE, deciders=deciders)
            for deciders in (
                (COMMITTEE, *PANEL_X[3:]),
                (BO, *PANEL_X[3:]),
                (PANEL_X[0], *PANEL_X[3:]),
                PANEL_X[3:],
                (*PANEL_X[3:], UPPER),
            )
        ),
    )

    assert codes == ["self_review", "recused", "recused", "quorum_not_met", None]


def small_branch() -> list[bytes]:
    """Five members and a secretary, but no panel yet."""
    people = [f"m-small-{number}" for number in range(6)]
    return [
        registered(SMALL),
        *(event for one in people for event in (enrolled(one), assigned(one, "member", SMALL))),
        assigned(people[0], "secretary", SMALL),
        assigned(people[0], "recorder", SMALL),
    ]


def test_e15_a_small_branch_has_its_panel_or_the_upper_level_decides_all(ledger: Ledger) -> None:
    head, *others = (f"m-small-{number}" for number in range(6))
    taken(ledger, small_branch())
    for who in (head, others[0], others[1]):
        claim = earned(f"c-{who}", "D05", who, member=count(), by=who)
        both = told(claim, measure={"member": count(), "committee": count()})
        taken(ledger, [both if who == head else claim])
        first = UPPER if who == head else head
        taken(ledger, [preliminary(f"c-{who}", who, deciders=(first,))])
    seats = (*others[2:4], "s-panel-4")
    without = ledger.receive(verified(f"c-{others[0]}", others[0], deciders=seats))
    by_upper = ledger.receive(verified(f"c-{others[0]}", others[0], deciders=(UPPER_TWO,)))
    taken(ledger, [panel(SMALL, seats, name="pl-small", recorded="2023-08-01")])
    codes = codes_of(
        ledger,
        verified(f"c-{others[1]}", others[1], deciders=seats),
        verified(f"c-{head}", head, deciders=seats),
        verified(f"c-{head}", head, deciders=(UPPER_TWO,)),
    )

    assert (without.code, by_upper.code) == ("not_permitted", None)
    assert codes == [None, "not_permitted", None]


def test_e16_fifty_decisions_of_one_minute_have_no_automatic_effect(ledger: Ledger) -> None:
    days = [f"2023-07-{day:02}T{hour:02}:00" for day in range(1, 11) for hour in range(8, 13)]
    claims = [earned(f"c-{number}", on=day) for number, day in enumerate(days)]
    minute = {"recorded": "2023-08-08T10:00"}
    names = [f"c-{number}" for number in range(len(claims))]
    taken(ledger, claims)
    taken(ledger, [preliminary(name, deciders=(SPECIALIST,)) for name in names])
    records = taken(ledger, [verified(name, **minute) for name in names])

    assert len(records) == 50
    assert {record.status for record in records} == {"posted"}


def test_e17_decisions_stay_with_who_took_them_and_open_claims_go_to_the_successor(
    ledger: Ledger,
) -> None:
    taken(ledger, [earned("c-1", "D05"), earned("c-2", "D05", on="2023-07-13")])
    taken(ledger, [preliminary("c-1"), left(RECORDER, "2023-08-05")])
    taken(ledger, [assigned(LEADER, "recorder", BRANCH_X, since="2023-08-05")])
    codes = codes_of(
        ledger,
        preliminary("c-2", recorded="2023-08-06"),
        preliminary("c-2", deciders=(LEADER,), recorded="2023-08-06"),
        verified("c-1", deciders=(RECORDER, *QUORUM)),
        verified("c-1"),
    )

    assert codes == ["not_permitted", None, "same_reviewer", None]


def test_e18_a_claim_returned_and_forgotten_lapses_and_the_deed_is_claimed_anew(
    ledger: Ledger,
) -> None:
    taken(ledger, [earned("c-1", deed="hole"), returned("c-1", deciders=(SPECIALIST,))])
    after: Fields = {"recorded": "2023-08-14"}
    codes = codes_of(
        ledger,
        earned("c-2", deed="hole", recorded="2023-08-11"),
        preliminary("c-1", deciders=(SPECIALIST,), **after),
        earned("c-3", deed="hole", **after),
    )

    assert codes == ["duplicate_deed", "claim_lapsed", None]


def test_e20_of_two_reviewers_at_once_the_first_in_the_stream_decides(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1"), preliminary("c-1", deciders=(SPECIALIST,))])
    at_once = [
        verified("c-1", deciders=deciders, recorded="2023-08-08")
        for deciders in (QUORUM, PANEL_X[2:])
    ]
    records = [ledger.receive(payload) for payload in at_once]

    assert [(record.status, record.code) for record in records] == [
        ("posted", None),
        ("refused", "already_decided"),
    ]


def moved(day: str, recorded: str, sent: str | None = None) -> list[bytes]:
    """Anna goes from X to Y."""
    come = assigned(ANNA, "member", BRANCH_Y, since=day, recorded=recorded)
    return [
        assigned(ANNA, "member", BRANCH_X, to=day, recorded=recorded),
        told(come, sent=sent) if sent else come,
    ]


def test_e32_after_a_transfer_each_deed_is_decided_where_it_was_done_and_the_score_runs_on(
    ledger: Ledger,
) -> None:
    taken(ledger, moved("2023-08-15", "2023-08-14"))
    early = earned("c-1", "D05", on="2023-08-10")
    late = earned("c-2", "D05", on="2023-08-20")
    taken(ledger, [early, late])
    codes = codes_of(
        ledger,
        preliminary("c-1", deciders=(SECRETARY_Y,), recorded="2023-09-02"),
        preliminary("c-1", recorded="2023-09-02"),
        preliminary("c-2", recorded="2023-09-02"),
        preliminary("c-2", deciders=(SECRETARY_Y,), recorded="2023-09-02"),
        verified("c-1", recorded="2023-09-04"),
        verified("c-2", deciders=PANEL_Y[:2], recorded="2023-09-04"),
    )

    assert codes == ["not_permitted", None, "not_permitted", None, None, None]
    assert ledger.scores(ANNA, "member", "2023-Q3")[2] == 10


def test_e34_attendance_at_the_host_is_a_fact_for_home_and_sent_once(ledger: Ledger) -> None:
    taken(ledger, [assigned(ANNA, "delegate", BRANCH_Y, since="2023-07-01", to="2023-12-01")])
    first = fact("c-1", by=SECRETARY_Y, required=2, done=2)
    again = ledger.receive(first).code, ledger.receive(fact("c-2", required=2, done=2)).code
    codes = codes_of(
        ledger, preliminary("c-1", deciders=(SECRETARY_Y,)), preliminary("c-1"), verified("c-1")
    )

    assert again == (None, "duplicate_deed")
    assert codes == ["not_permitted", None, None]
    assert ledger.scores(ANNA, "member", "2023-Q3")[:2] == (40, 40)


def test_e43_the_share_of_a_non_member_counts_in_the_split_and_is_posted_nowhere(
    ledger: Ledger,
) -> None:
    taken(ledger, [shares("pj-1", {ANNA: 50, SPECIALIST: 50}, pool="accepted")])
    claim = earned("c-1", "C06", member={}, deed="wax", project="pj-1")
    taken(ledger, decided(claim))
    theirs = earned("c-2", "C06", SPECIALIST, member={}, deed="wax", project="pj-1")

    assert codes_of(ledger, theirs) == ["not_active"]
    posted = {name: amount for name, amount in ledger.balances().items() if amount}
    assert posted == {"issue:C06": -50, f"member:{ANNA}:member": 50}


def test_e44_a_fact_before_its_members_enrolment_stays_refused_and_comes_under_a_new_id(
    ledger: Ledger,
) -> None:
    early = earned("c-1", "D05", NEW, id="e-early")
    refused = ledger.receive(early)
    taken(ledger, [enrolled(NEW), assigned(NEW, "member", BRANCH_X)])
    resent = ledger.receive(early)
    anew = ledger.receive(earned("c-1", "D05", NEW, id="e-anew"))

    assert refused.code == "unknown_member"
    assert (resent.status, resent.refers_to) == ("duplicate", refused.seq)
    assert anew.status == "posted"


def test_f42_the_apprentice_confirms_and_points_stop_with_the_agreement(ledger: Ledger) -> None:
    agreement = assigned(LEADER, "mentor", BRANCH_X, of=[CHEN], to="2023-08-01")
    taken(ledger, [agreement])
    one: Fields = {"member": tier("one-apprentice"), "counterpart": [CHEN]}
    in_time = earned("c-1", "C03", LEADER, **one, on="2023-07-31T23:59")
    after = earned("c-2", "C03", LEADER, **one, on="2023-08-01T00:00")
    other = earned("c-3", "C03", LEADER, **one | {"counterpart": [BO]})
    codes = codes_of(
        ledger,
        in_time,
        after,
        other,
        preliminary("c-1", LEADER),
        preliminary("c-1", LEADER, deciders=(CHEN,)),
        verified("c-1", LEADER),
    )

    assert codes == [None, *["pact_not_in_force"] * 2, "not_permitted", None, None]
    assert ledger.balances()[f"member:{LEADER}:member"] == 10


def scanned(member: str, on: str) -> bytes:
    return told(enrolled(member, "applicant", since=on, recorded=on), channel="station-7")


def test_f46_a_call_up_makes_an_applicant_who_is_verified_later_and_scanning_twice_changes_nothing(
    ledger: Ledger,
) -> None:
    home = assigned(NEW, "member", BRANCH_X, since="2023-07-01")
    taken(ledger, [scanned(NEW, "2023-07-01"), home])
    applying = ledger.receive(earned("c-1", "D05", NEW, on="2023-07-05"))
    taken(ledger, [enrolled(NEW, "full", since="2023-07-10"), scanned(NEW, "2023-07-12")])
    codes = codes_of(
        ledger,
        earned("c-2", "D05", NEW, on="2023-07-09"),
        earned("c-3", "D05", NEW, on="2023-07-15"),
    )

    assert (applying.code, codes) == ("not_active", ["not_active", None])


def test_f43_a_suggestion_earns_two_when_adopted_and_four_in_all_when_effective(
    ledger: Ledger,
) -> None:
    both: dict[str, Fields] = {
        key: {"member": tier(key), "committee": tier(key)}
        for key in ("submitted", "adopted", "effective")
    }
    one: Fields = {"group": "cabin"}
    made = ledger.receive(earned("c-0", "C10", COMMITTEE, **one, **both["submitted"]))
    taken(ledger, decided(earned("c-1", "C10", COMMITTEE, **one, **both["adopted"])))
    accounts = [f"member:{COMMITTEE}:{capacity}" for capacity in ("member", "committee")]
    adopted = [ledger.balances()[account] for account in accounts]
    taken(ledger, decided(earned("c-2", "C10", COMMITTEE, **one, **both["effective"])))

    assert made.code == "measure_invalid"
    assert adopted == [20, 20]
    assert [ledger.balances()[account] for account in accounts] == [40, 20]


def test_f44_the_pledge_is_due_in_one_month_and_the_card_in_every_month(ledger: Ledger) -> None:
    with_pledge = fact("c-1", "C08", required=2, done=2, period="2023-07")
    taken(ledger, decided(with_pledge))
    taken(ledger, decided(fact("c-2", "C08", period="2023-08")))
    codes = codes_of(
        ledger,
        fact("c-3", "C08", required=1, done=2, period="2023-09"),
        fact("c-4", "C08", required=1, done=1, period="2023-08"),
        told(fact("c-5", "C08", period="2023-09"), family="a son"),
    )

    assert codes == ["measure_invalid", "duplicate_deed", "malformed"]
    assert ledger.scores(ANNA, "member", "2023-Q3")[:2] == (60, 60)
