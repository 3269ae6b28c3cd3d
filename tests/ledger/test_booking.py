"""Booked quarters and adjustments (domain.md §5.1, E01, E02, E11, G14)."""

from typing import Any

from tests.support.builders import (
    assigned,
    deduction,
    earned,
    enrolled,
    fact,
    preliminary,
    published,
    reversal,
    tier,
    verified,
    world,
)
from tests.support.folded import FoldedLedger
from tests.support.ledgers import Ledger, started
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    SCHEME,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import Q3, Q4, published_quarter
from tests.support.shop import fulfilled, offered, reserved
from tests.support.turns import dearer_suggestions

MEMBER = f"member:{ANNA}:member"


def on_account(record: NaiveRecord, account: str = MEMBER) -> list[dict[str, Any]]:
    """What the record says of an account, without its name."""
    here = [posting for posting in record.postings if posting["account"] == account]
    return [{key: posting[key] for key in posting if key != "account"} for posting in here]


def suggestion(claim: str, *, recorded: str) -> bytes:
    """A suggestion adopted on 28 September."""
    return earned(claim, "C10", member=tier("adopted"), on="2023-09-28", recorded=recorded)


def test_g14_the_deed_picks_the_value_and_the_publication_the_booked_quarter(
    ledger: Ledger,
) -> None:
    new_values = published(2, "2023-10-01", document=dearer_suggestions(), recorded="2023-09-20")
    taken(ledger, [new_values, suggestion("c-1", recorded="2023-10-02")])
    taken(ledger, [preliminary("c-1", deciders=[SPECIALIST], recorded="2023-10-05")])
    before = ledger.receive(verified("c-1", recorded="2023-10-06"))
    taken(ledger, published_quarter(recorded="2023-10-10T09:00")[:2])
    taken(ledger, [suggestion("c-2", recorded="2023-10-10T10:00")])
    taken(ledger, published_quarter(recorded="2023-10-10T11:00")[2:])
    taken(ledger, [preliminary("c-2", deciders=[SPECIALIST], recorded="2023-10-12")])
    after = ledger.receive(verified("c-2", recorded="2023-10-16"))

    assert on_account(before) == [{"delta": 20, "kind": "award"}]
    assert on_account(after) == [{"delta": 20, "kind": "award", "booked": Q4}]
    assert ledger.scores(ANNA, "member", Q3)[2] == 40


def test_e01_a_fact_after_its_month_is_booked_in_its_quarter_and_marked_late(
    ledger: Ledger,
) -> None:
    late = ledger.receive(fact("c-1", recorded="2023-09-20"))
    taken(ledger, [preliminary("c-1", recorded="2023-09-21")])

    assert late.notices == ("late",)
    assert on_account(ledger.receive(verified("c-1", recorded="2023-09-22"))) == [
        {"delta": 40, "kind": "award"}
    ]


def test_e02_a_fact_after_the_publication_is_an_adjustment_under_its_months_cap(
    ledger: Ledger,
) -> None:
    deeds = [f"c-{number}" for number in range(4)]
    reports = [earned(claim, on="2023-07-20", recorded="2023-10-11") for claim in deeds]
    taken(ledger, [*published_quarter(), *reports])
    taken(
        ledger,
        [preliminary(f"c-{n}", deciders=[SPECIALIST], recorded="2023-10-12") for n in range(4)],
    )
    records = [ledger.receive(verified(f"c-{n}", recorded="2023-10-13")) for n in range(4)]

    assert [on_account(record) for record in records] == [
        *[[{"delta": 5, "kind": "award", "booked": Q4}]] * 3,
        [],
    ]
    assert ledger.scores(ANNA, "member", Q3)[2] == 15
    assert ledger.scores(ANNA, "member", Q4)[2] == 0


def test_the_incentive_points_of_an_adjustment_are_booked_with_it(ledger: Ledger) -> None:
    taken(ledger, [*published_quarter(), earned("c-1", on="2023-07-20", recorded="2023-10-11")])
    taken(ledger, [preliminary("c-1", deciders=[SPECIALIST], recorded="2023-10-12")])
    record = ledger.receive(verified("c-1", recorded="2023-10-13"))

    assert on_account(record, f"wallet:{ANNA}") == [{"delta": 50, "kind": "award", "booked": Q4}]


def test_what_is_spent_has_no_deed_and_stays_in_the_quarter_in_which_it_was_spent(
    ledger: Ledger,
) -> None:
    """A wallet belongs to no branch, and no bulletin lists what becomes of it (§5.1, §6.1)."""
    taken(ledger, [earned("c-1"), preliminary("c-1", deciders=[SPECIALIST]), verified("c-1")])
    taken(ledger, [offered()])
    taken(ledger, [*published_quarter(recorded="2023-09-01")])
    taken(ledger, [reserved("rd-1", recorded="2023-09-10")])
    record = ledger.receive(fulfilled("rd-1", recorded="2023-09-12"))

    assert on_account(record, f"wallet:{ANNA}") == [
        {"delta": -50, "kind": "spend", "item": "D03", "quarter": Q3}
    ]


def test_e11_a_fact_of_december_in_january_is_booked_in_the_fourth_quarter_while_it_is_open(
    kind: str,
) -> None:
    booked = []
    for past in ([], published_quarter(Q4, recorded="2024-01-10")):
        ledger = started(kind)
        taken(ledger, past)
        taken(ledger, [fact("c-1", period="2023-12", recorded="2024-01-11")])
        taken(ledger, [preliminary("c-1", recorded="2024-01-12")])
        booked.append(on_account(ledger.receive(verified("c-1", recorded="2024-01-15"))))

    assert booked == [
        [{"delta": 40, "kind": "award"}],
        [{"delta": 40, "kind": "award", "booked": "2024-Q1"}],
    ]


def test_a_posting_goes_past_every_quarter_that_is_published_already(ledger: Ledger) -> None:
    taken(ledger, published_quarter())
    taken(ledger, published_quarter(Q4, recorded="2024-01-10"))
    taken(ledger, [fact("c-1", recorded="2023-07-31"), preliminary("c-1")])

    assert on_account(ledger.receive(verified("c-1", recorded="2024-01-15"))) == [
        {"delta": 40, "kind": "award", "booked": "2024-Q1"}
    ]


def test_a_reversed_deduction_of_a_published_quarter_is_booked_later(ledger: Ledger) -> None:
    taken(ledger, [deduction("c-1"), preliminary("c-1")])
    taken(ledger, [verified("c-1", recorded="2023-08-20"), *published_quarter()])

    assert on_account(ledger.receive(reversal("c-1", recorded="2023-10-16"))) == [
        {"delta": 20, "kind": "reversal", "booked": Q4}
    ]


def moved_to_y(day: str) -> list[bytes]:
    """Anna's home is branch Y from the day on."""
    return [
        assigned(ANNA, "member", BRANCH_X, to=day),
        assigned(ANNA, "member", BRANCH_Y, since=day, assignment="as-anna-moved"),
    ]


def contest(claim: str, key: str, on: str, deciders: tuple[str, ...]) -> list[bytes]:
    """A place in the welding contests, up to its verification."""
    said = earned(claim, "C04", member=tier(key), group="welding", on=on, recorded=on)
    return [said, preliminary(claim, deciders=deciders, recorded="2023-10-02")]


def test_what_a_decision_moves_elsewhere_is_booked_by_the_branch_of_the_deed_there(
    ledger: Ledger,
) -> None:
    """G15 in the other order, by somebody who moved on 1 July from X to Y."""
    taken(ledger, moved_to_y("2023-07-01"))
    taken(ledger, contest("c-2", "company-2", "2023-09-10", (SECRETARY_Y,)))
    taken(ledger, [verified("c-2", deciders=[UPPER], recorded="2023-10-03")])
    taken(ledger, contest("c-1", "plant-1", "2023-06-10", (UPPER_TWO,)))
    taken(ledger, published_quarter("2023-Q2", BRANCH_Y))
    taken(ledger, published_quarter(Q3, BRANCH_Y, also=[ANNA]))
    record = ledger.receive(verified("c-1", deciders=[UPPER], recorded="2023-10-11"))

    assert on_account(record) == [
        {"delta": -30, "kind": "absorb", "quarter": Q3, "booked": Q4},
        {"delta": 30, "kind": "award"},
    ]


def test_a_join_books_every_difference_by_the_branch_of_its_last_deed(ledger: Ledger) -> None:
    twin = "m-anna-twin"
    taken(ledger, [enrolled(twin), assigned(twin, "member", BRANCH_Y)])
    for claim, holder, who in (("c-1", ANNA, ()), ("c-2", twin, (UPPER,))):
        taken(ledger, [earned(claim, holder=holder, deed=f"d-{claim}")])
        taken(ledger, [preliminary(claim, holder, deciders=[SPECIALIST])])
        judges = {"deciders": who} if who else {}
        taken(ledger, [verified(claim, holder, recorded="2023-08-09", **judges)])
    taken(ledger, published_quarter(Q3, BRANCH_Y, also=[twin]))
    record = ledger.receive(enrolled(ANNA, same_as=twin, recorded="2023-10-20"))

    lost = {"delta": -5, "item": "D03", "kind": "absorb", "quarter": Q3, "booked": Q4}
    won = {"delta": 5, "item": "D03", "kind": "release", "quarter": Q3}
    assert on_account(record, f"member:{twin}:member") == [lost]
    # The claims of one day: the later id is the last deed, and it is one of branch Y.
    assert on_account(record) == [won | {"booked": Q4}]


def test_the_adjustments_of_a_bulletin_are_found_by_the_branch_that_lists_them() -> None:
    ledger = FoldedLedger(SCHEME)
    facts = [fact("c-1", recorded="2023-10-11"), preliminary("c-1", recorded="2023-10-12")]
    late = [*published_quarter(), *facts, verified("c-1", recorded="2023-10-13")]
    taken(ledger, [*world(), *late])
    seq = len(ledger.records)
    found = ledger.state.adjustments_of.get((BRANCH_X, Q4))
    row = ledger.state.adjustments.get(found[0])

    assert found == ((seq, ANNA, "member", "B01", Q3),)
    assert row is not None
    assert (row.points, row.claim, row.booked, row.branch) == (40, "c-1", Q4, BRANCH_X)


def test_the_other_branch_goes_on_booking_in_its_open_quarter(ledger: Ledger) -> None:
    taken(ledger, published_quarter(Q3, BRANCH_Y))
    taken(ledger, [earned("c-1", "D03", BO, on="2023-07-20", recorded="2023-10-11")])
    taken(ledger, [preliminary("c-1", BO, deciders=[SPECIALIST], recorded="2023-10-12")])
    record = ledger.receive(verified("c-1", BO, recorded="2023-10-13"))

    assert on_account(record, f"member:{BO}:member") == [{"delta": 5, "kind": "award"}]
