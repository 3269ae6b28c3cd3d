"""Wallets (domain.md §6.1): lots, expiry, debt, budgets, and the golden examples about them."""

from typing import Any

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.builders import (
    count,
    earned,
    enrolled,
    preliminary,
    published,
    reversal,
    reviewers,
    tier,
    verified,
)
from tests.support.ledgers import Ledger
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import taken
from tests.support.organisation import assigned, left
from tests.support.people import ANNA, BO, BRANCH_X
from tests.support.purses import PursedLot
from tests.support.shop import MEAL, cancelled, fulfilled, offered, reserved
from tests.support.stored import SOURCE

TWIN = "m-twin"
NEW_YEAR, LAST_DAY, SPRING = "2024-01-01T00:00", "2023-12-31", "2024-03-31"


def terms(
    ledger: Ledger,
    incentive: dict[str, Any] | None = None,
    month_cap: str | None = None,
    **values: str,
) -> None:
    """Another version whose hazards earn these incentive points, by tier."""
    document: Any = document_object(default_document()) | {"incentive": incentive or {}}
    item = next(item for item in document["items"] if item["code"] == "C09")
    tiers = {one["key"]: one["value"] for one in item["incentive"]["tiers"]} | values
    item["incentive"] = {"tiers": [{"key": key, "value": tiers[key]} for key in tiers]}
    if month_cap is not None:
        item["incentive"]["month_cap"] = month_cap
    taken(ledger, [published(2, "2023-04-01", document=document, retroactive="other_terms")])


def earn(
    ledger: Ledger,
    claim: str,
    item: str = "C09",
    *,
    key: str = "general",
    holder: str = ANNA,
    posted: str = "2023-08-08",
    **said: Any,
) -> NaiveRecord:
    """The record that posts what a claim is worth."""
    said = {"on": "2023-07-12"} | said
    measure = tier(key) if item == "C09" else count()
    first, second = reviewers(item, holder)
    events = [
        earned(claim, item, holder, member=measure, **said),
        preliminary(claim, holder, deciders=first, recorded=posted),
        verified(claim, holder, deciders=second, recorded=posted),
    ]
    return taken(ledger, events)[-1]


def lines(record: NaiveRecord, holder: str = ANNA) -> list[tuple[str, int]]:
    """What the record did to a wallet, by kind."""
    own = [one for one in record.postings if one["account"] == f"wallet:{holder}"]
    return [(one["kind"], one["delta"]) for one in own]


def wallet(ledger: Ledger, holder: str = ANNA) -> int:
    return ledger.balances().get(f"wallet:{holder}", 0)


def test_g11_what_expires_first_is_spent_first_and_nothing_is_left_to_expire(
    ledger: Ledger,
) -> None:
    terms(ledger, larger="100", major="50")
    earn(ledger, "c-1", key="larger", posted="2023-11-30", on="2023-11-12")
    earn(ledger, "c-2", key="major", posted="2023-12-01", on="2023-11-13")
    taken(ledger, [offered(price="120"), offered("of-free", price="0")])
    [held, spent] = taken(
        ledger,
        [
            reserved("rd-1", price="120", recorded="2023-12-05"),
            fulfilled("rd-1", recorded="2023-12-06"),
        ],
    )
    later = ledger.receive(reserved("rd-2", offer="of-free", price="0", recorded=NEW_YEAR))

    assert (held.status, held.postings) == ("recorded", ())
    assert sum(delta for _, delta in lines(spent)) == -1200
    assert (later.status, later.postings) == ("recorded", ())
    assert ledger.wallet(ANNA, "2024-01-01").lots == (PursedLot("c-2", 300, 0, SPRING),)
    assert (wallet(ledger), ledger.balances()["spent"]) == (300, 1200)


def test_g12_a_reversal_after_spending_leaves_a_debt_that_new_lots_repay_first(
    ledger: Ledger,
) -> None:
    terms(ledger, general="25", larger="40")
    earn(ledger, "c-1", key="larger")
    taken(ledger, [offered(price="40"), reserved("rd-1", price="40"), fulfilled("rd-1")])
    taken(ledger, [reversal("c-1"), offered("of-one", price="1")])
    in_debt = (wallet(ledger), ledger.wallet(ANNA, "2023-08-20"))
    refused = ledger.receive(reserved("rd-2", offer="of-one", price="1", recorded="2023-08-21"))
    earn(ledger, "c-2", posted="2023-08-25")
    after = ledger.wallet(ANNA, "2023-08-25")

    assert in_debt == (-400, (400, 0, ()))
    assert refused.code == "debt_outstanding"
    assert (wallet(ledger), after) == (-150, (150, 0, ()))


def test_e23_of_one_deed_under_two_items_the_higher_incentive_counts(ledger: Ledger) -> None:
    earn(ledger, "c-1", "D03", deed="leak")
    record = earn(ledger, "c-2", key="larger", deed="leak")

    assert lines(record) == [("reversal", -50), ("award", 200)]
    assert "stacked" not in record.notices
    assert ledger.wallet(ANNA, "2023-08-08").lots == (PursedLot("c-2", 200, 0, LAST_DAY),)


def test_e27_a_full_month_of_incentive_points_opens_no_lot(ledger: Ledger) -> None:
    for number in range(1, 22):
        record = earn(ledger, f"c-{number}", "D03", on=f"2023-07-{number:02}")

    assert lines(record) == []
    assert (wallet(ledger), len(ledger.wallet(ANNA, "2023-08-08").lots)) == (1000, 20)


def test_e27_a_claim_whose_incentive_points_alone_are_capped_says_so(ledger: Ledger) -> None:
    terms(ledger, month_cap="7")
    first = earn(ledger, "c-1")
    second = earn(ledger, "c-2", on="2023-07-13")

    assert (first.notices, second.notices) == ((), ("capped",))
    assert lines(second) == [("award", 20)]


def test_e28_a_reversal_below_the_months_cap_takes_no_incentive_points(ledger: Ledger) -> None:
    for number in range(1, 22):
        earn(ledger, f"c-{number}", "D03", on=f"2023-07-{number:02}")
    record = ledger.receive(reversal("c-3"))
    further = ledger.receive(reversal("c-4"))

    assert (lines(record), lines(further)) == ([], [("reversal", -50)])
    assert "released" in record.notices


def test_a_release_opens_a_lot_of_the_claim_that_counts_again(ledger: Ledger) -> None:
    earn(ledger, "c-1", key="larger", deed="leak", on="2023-07-12")
    earn(ledger, "c-2", "D03", deed="leak", on="2023-07-13")
    record = ledger.receive(reversal("c-1", recorded="2023-12-20"))

    assert lines(record) == [("reversal", -200), ("award", 50)]
    assert ledger.wallet(ANNA, "2023-12-20").lots == (PursedLot("c-2", 50, 0, SPRING),)


def test_e60_a_loss_takes_its_own_lot_then_what_expires_first_and_leaves_held_points(
    ledger: Ledger,
) -> None:
    terms(ledger, general="10", larger="20", major="30")
    earn(ledger, "c-own", key="larger", posted="2023-12-10", on="2023-11-12")
    earn(ledger, "c-held", posted="2023-09-01")
    taken(ledger, [offered(price="15"), reserved("rd-1", price="15", recorded="2023-12-12")])
    earn(ledger, "c-free", key="major", posted="2023-11-29", on="2023-11-13", deed="other")
    taken(ledger, [reversal("c-own", recorded="2023-12-13")])

    assert ledger.wallet(ANNA, "2023-12-13").lots == (
        PursedLot("c-held", 100, 100, LAST_DAY),
        PursedLot("c-free", 250, 0, LAST_DAY),
        PursedLot("c-own", 50, 50, SPRING),
    )


def test_e62_a_december_deed_verified_in_january_has_a_lot_of_the_new_year(
    ledger: Ledger,
) -> None:
    earn(ledger, "c-1", on="2023-12-20", posted="2024-01-08")

    assert ledger.wallet(ANNA, "2024-06-01").lots == (PursedLot("c-1", 50, 0, "2024-12-31"),)


@pytest.mark.parametrize(
    ("posted", "expires"),
    [("2023-11-30T23:59", LAST_DAY), ("2023-12-01T00:00", SPRING), ("2023-12-31T23:59", SPRING)],
)
def test_a_lot_expires_with_its_year_and_in_march_if_it_is_posted_in_december(
    ledger: Ledger, posted: str, expires: str
) -> None:
    earn(ledger, "c-1", posted=posted, on="2023-11-12")

    assert ledger.wallet(ANNA, "2023-12-31").lots[0].expires == expires


def test_an_expired_lot_is_of_no_use_at_once_and_posted_by_the_next_event_that_touches_it(
    ledger: Ledger,
) -> None:
    earn(ledger, "c-1")
    earn(ledger, "c-2", key="larger", on="2023-11-12", posted="2023-12-05", deed="other")
    taken(ledger, [offered(price="25"), offered("of-free", price="0")])
    refused = ledger.receive(reserved("rd-1", price="25", recorded=NEW_YEAR))
    before = wallet(ledger)
    record = ledger.receive(reserved("rd-2", offer="of-free", price="0", recorded=NEW_YEAR))

    assert (refused.code, before) == ("insufficient_points", 250)
    assert record.status == "posted"
    assert record.postings == (
        {
            "account": f"wallet:{ANNA}",
            "delta": -50,
            "kind": "expire",
            "item": "C09",
            "quarter": "2024-Q1",
        },
        {"account": "expired", "delta": 50},
    )


def test_a_decision_that_posts_to_the_wallet_lets_expired_points_go_first(
    ledger: Ledger,
) -> None:
    earn(ledger, "c-1", "D03")
    record = earn(ledger, "c-2", on="2023-12-20", posted="2024-01-08", deed="other")
    untouched = earn(ledger, "c-3", "D05", on="2023-12-21", posted="2024-01-09", deed="visit")

    assert lines(record) == [("expire", -50), ("award", 50)]
    assert lines(untouched) == []


def test_of_a_lot_that_expires_only_what_is_free_goes(ledger: Ledger) -> None:
    earn(ledger, "c-1", key="larger")
    taken(ledger, [offered(price="15"), reserved("rd-1", price="15", recorded="2023-12-20")])
    record = earn(ledger, "c-2", on="2023-12-20", posted="2024-01-08", deed="other")

    assert lines(record)[0] == ("expire", -50)
    assert ledger.wallet(ANNA, "2024-01-08").lots == (
        PursedLot("c-1", 150, 150, LAST_DAY),
        PursedLot("c-2", 50, 0, "2024-12-31"),
    )


def test_a_decision_that_posts_nothing_to_the_wallet_leaves_expired_points_to_the_next(
    ledger: Ledger,
) -> None:
    terms(ledger, {"year_budget": "5"})
    earn(ledger, "c-1", "D03")
    earn(ledger, "c-2", "D03", holder=BO, on="2023-12-20", posted="2024-01-08")
    record = earn(ledger, "c-3", "D03", on="2023-12-21", posted="2024-01-08")

    assert (lines(record), record.notices) == ([], ("budget_exhausted",))
    assert wallet(ledger) == 50


def test_points_that_expired_are_owed_when_their_claim_is_reversed(ledger: Ledger) -> None:
    earn(ledger, "c-1")
    record = ledger.receive(reversal("c-1", recorded="2024-01-08"))

    assert lines(record) == [("reversal", -50), ("expire", -50)]
    assert ledger.wallet(ANNA, "2024-01-08") == (50, 0, ())


def test_points_that_a_cancelled_reservation_frees_repay_a_debt_first(ledger: Ledger) -> None:
    earn(ledger, "c-1", key="larger")
    taken(ledger, [offered(price="20"), reserved("rd-1", price="20"), reversal("c-1")])
    owing = ledger.wallet(ANNA, "2023-08-20")
    taken(ledger, [cancelled("rd-1", recorded="2023-08-21")])

    assert owing == (200, 0, (PursedLot("c-1", 200, 200, LAST_DAY),))
    assert ledger.wallet(ANNA, "2023-08-21") == (0, 0, ())
    assert wallet(ledger) == 0


def test_a_used_up_budget_issues_what_is_left_and_the_claim_still_scores(ledger: Ledger) -> None:
    terms(ledger, {"year_budget": "13"})
    records = [earn(ledger, f"c-{n}", "D03", on=f"2023-07-1{n}") for n in range(1, 4)]
    last = earn(ledger, "c-4", "D03", holder=BO, on="2023-07-15")

    assert [lines(record) for record in records] == [
        [("award", 50)],
        [("award", 50)],
        [("award", 30)],
    ]
    notices = [record.notices for record in (*records, last)]
    assert notices == [(), (), ("budget_exhausted",), ("budget_exhausted",)]
    assert lines(last, BO) == []
    assert ledger.balances()[f"member:{BO}:member"] == 5


def test_what_a_budget_kept_back_is_not_taken_back_and_the_next_year_has_its_own(
    ledger: Ledger,
) -> None:
    terms(ledger, {"year_budget": "7"})
    for number in (1, 2):
        earn(ledger, f"c-{number}", "D03", on=f"2023-07-1{number}")
    first = ledger.receive(reversal("c-1", recorded="2023-08-20"))
    second = ledger.receive(reversal("c-2", recorded="2023-08-21"))
    third = earn(ledger, "c-3", "D03", on="2023-08-01", posted="2023-08-25")
    fourth = earn(ledger, "c-4", "D03", on="2023-12-15", posted="2024-01-08")

    # Of ten points seven were issued: the first loss takes two, for five remain earned.
    assert [lines(one) for one in (first, second)] == [[("reversal", -20)], [("reversal", -50)]]
    assert (lines(third), third.notices) == ([], ("budget_exhausted",))
    assert (lines(fourth), fourth.notices) == ([("award", 50)], ())


def test_two_records_of_one_person_have_one_wallet_with_its_debt_and_reservations(
    ledger: Ledger,
) -> None:
    taken(ledger, [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X)])
    terms(ledger, general="10", larger="40")
    earn(ledger, "c-1", key="larger", holder=TWIN)
    taken(ledger, [offered(price="30"), offered("of-half", price="5", per_member=1)])
    taken(ledger, [reserved("rd-1", TWIN, price="30"), fulfilled("rd-1", TWIN)])
    taken(ledger, [reserved("rd-2", TWIN, offer="of-half", price="5")])
    earn(ledger, "c-2", holder=BO, deed="other")
    record = ledger.receive(enrolled(BO, same_as=TWIN, recorded="2023-08-15"))
    codes = [
        ledger.receive(fulfilled("rd-2", TWIN, recorded="2023-08-16")).code,
        ledger.receive(
            reserved("rd-3", BO, offer="of-half", price="5", recorded="2023-08-16")
        ).code,
        ledger.receive(fulfilled("rd-2", BO, recorded="2023-08-16")).code,
    ]

    assert lines(record, TWIN) == [("absorb", -400), ("join", 300)]
    assert lines(record, BO) == [("join", -300), ("release", 400)]
    assert codes == ["unknown_reference", "limit_reached", None]
    assert (wallet(ledger, TWIN), wallet(ledger, BO)) == (0, 150)
    assert ledger.wallet(BO, "2023-08-16") == (
        0,
        150,
        (PursedLot("c-1", 50, 0, LAST_DAY), PursedLot("c-2", 100, 0, LAST_DAY)),
    )


def test_what_counts_once_for_two_records_is_lost_from_the_lot_of_the_claim_that_fell(
    ledger: Ledger,
) -> None:
    taken(ledger, [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X)])
    earn(ledger, "c-1", key="larger", holder=TWIN, deed="leak", on="2023-07-11")
    earn(ledger, "c-2", "D03", holder=BO, deed="leak")
    earn(ledger, "c-3", holder=BO, deed="other")
    record = ledger.receive(enrolled(BO, same_as=TWIN, recorded="2023-08-15"))

    assert lines(record, BO) == [("absorb", -50), ("release", 200)]
    assert ledger.wallet(BO, "2023-08-15").lots == (
        PursedLot("c-1", 200, 0, LAST_DAY),
        PursedLot("c-3", 50, 0, LAST_DAY),
    )


def test_a_join_lets_expired_points_of_both_records_go_first(ledger: Ledger) -> None:
    taken(ledger, [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X)])
    earn(ledger, "c-1", "D03", holder=TWIN)
    earn(ledger, "c-2", holder=BO, deed="other")
    record = ledger.receive(enrolled(BO, same_as=TWIN, recorded="2024-01-08"))

    assert ("expire", -50) in lines(record, TWIN)
    assert ("expire", -50) in lines(record, BO)
    assert (wallet(ledger, TWIN), wallet(ledger, BO)) == (0, 0)


def test_e63_whoever_left_uses_the_wallet_until_it_expires(ledger: Ledger) -> None:
    earn(ledger, "c-1")
    taken(ledger, [offered(), left(ANNA, "2023-08-30")])
    codes = [
        ledger.receive(reserved("rd-1", recorded="2023-12-30")).code,
        ledger.receive(fulfilled("rd-1", recorded="2024-01-05")).code,
        ledger.receive(reserved("rd-2", recorded="2024-01-06")).code,
    ]

    assert codes == [None, None, "insufficient_points"]


def test_f53_no_redemption_changes_a_score(ledger: Ledger) -> None:
    earn(ledger, "c-1")
    before = {name: ledger.balances()[name] for name in (f"member:{ANNA}:member", "issue:C09")}
    scores = ledger.scores(ANNA, "member", "2023-Q3")
    taken(ledger, [offered(), reserved("rd-1"), fulfilled("rd-1")])

    assert ledger.scores(ANNA, "member", "2023-Q3") == scores
    assert {name: ledger.balances()[name] for name in before} == before


def test_the_second_phone_may_send_under_another_source(ledger: Ledger) -> None:
    """Ids of events are told apart by source; ids of redemptions are not."""
    earn(ledger, "c-1")
    taken(ledger, [offered(), reserved("rd-1")])
    again = reserved("rd-1", offer=MEAL).replace(b"urn:jifen:source:shop", SOURCE.encode())

    assert ledger.receive(again).code == "already_exists"
