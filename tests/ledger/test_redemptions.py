"""Offers and redemptions (domain.md §2.2, §6.1): every code in its order, stock, limits, codes."""

import pytest

from tests.support.builders import count, earned, enrolled, preliminary, verified
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.organisation import registered
from tests.support.people import ANNA, BO, BRANCH_X, SCHEME, SPECIALIST
from tests.support.shop import MEAL, SPONSOR, cancelled, fulfilled, offered, reserved
from tests.support.stored import Fields

TWIN = "m-twin"


def with_points(ledger: Ledger, *more: bytes, holder: str = ANNA, reports: int = 2) -> Ledger:
    """A ledger in which the holder has five incentive points for each report."""
    for number in range(1, reports + 1):
        claim = f"c-{holder}-{number}"
        on = f"2023-07-{number:02}"
        taken(
            ledger,
            [
                earned(claim, holder=holder, on=on, member=count()),
                preliminary(claim, holder, deciders=(SPECIALIST,)),
                verified(claim, holder),
            ],
        )
    taken(ledger, more)
    return ledger


def code(ledger: Ledger, payload: bytes) -> str | None:
    return ledger.receive(payload).code


def test_e59_two_phones_cannot_spend_the_same_points(ledger: Ledger) -> None:
    with_points(ledger, offered(), reports=1)
    one, other = reserved("rd-1"), reserved("rd-2")

    assert [code(ledger, one), code(ledger, other)] == [None, "insufficient_points"]


def test_e61_a_code_that_was_not_collected_expires_and_its_points_and_stock_come_back(
    ledger: Ledger,
) -> None:
    with_points(ledger, offered(stock=1), reserved("rd-1", recorded="2023-08-10"))
    codes = [
        code(ledger, cancelled("rd-1", why="code_expired", recorded="2023-09-09T23:59")),
        code(ledger, fulfilled("rd-1", recorded="2023-09-10T00:00")),
        code(ledger, reserved("rd-2", BO, recorded="2023-09-10T00:00")),
        code(ledger, cancelled("rd-1", why="code_expired", recorded="2023-09-10T00:01")),
        code(ledger, reserved("rd-3", recorded="2023-09-10T00:02")),
    ]

    assert codes == ["wrong_state", "code_expired", "out_of_stock", None, None]
    assert ledger.wallet(ANNA, "2023-09-10").free == 50


def test_a_code_is_good_through_its_last_day_as_it_was_when_the_goods_were_reserved(
    ledger: Ledger,
) -> None:
    with_points(ledger, offered(code_days=2), reserved("rd-1"), reserved("rd-2"))
    taken(ledger, [offered(code_days=1)])
    codes = [
        code(ledger, fulfilled("rd-1", recorded="2023-08-12T23:59")),
        code(ledger, fulfilled("rd-2", recorded="2023-08-13T00:00")),
    ]

    assert codes == [None, "code_expired"]


def test_e61_price_and_stock_are_those_of_the_moment(ledger: Ledger) -> None:
    with_points(ledger, offered(), offered(price="10", stock=1, recorded="2023-08-09"))
    codes = [
        code(ledger, reserved("rd-1")),
        code(ledger, reserved("rd-2", price="10", quantity=2)),
        code(ledger, reserved("rd-3", price="10.0")),
    ]

    assert codes == ["price_changed", "out_of_stock", None]


def test_handed_over_goods_leave_the_stock_and_cancelled_ones_come_back(ledger: Ledger) -> None:
    with_points(ledger, offered(stock=2, price="0"), reports=0)
    free = [
        reserved(f"rd-{number}", quantity=pieces, price="0") for number, pieces in ((1, 2), (2, 1))
    ]
    codes = [code(ledger, free[0]), code(ledger, free[1])]
    taken(ledger, [cancelled("rd-1"), reserved("rd-3", price="0"), fulfilled("rd-3")])
    codes += [
        code(ledger, reserved("rd-4", quantity=2, price="0")),
        code(ledger, reserved("rd-5", price="0")),
    ]

    assert codes == [None, "out_of_stock", "out_of_stock", None]


def test_a_sponsor_who_has_fewer_than_are_reserved_still_hands_them_over(ledger: Ledger) -> None:
    with_points(ledger, offered(), reserved("rd-1"), reserved("rd-2"), offered(stock=1))
    codes = [
        code(ledger, reserved("rd-3", price="5")),
        code(ledger, fulfilled("rd-1")),
        code(ledger, fulfilled("rd-2")),
    ]

    assert codes == ["out_of_stock", None, None]


def test_the_limit_of_a_member_counts_pieces_that_were_not_cancelled(ledger: Ledger) -> None:
    with_points(ledger, offered(per_member=2, price="0"), reports=0)
    codes = [
        code(ledger, reserved("rd-1", quantity=3, price="0")),
        code(ledger, reserved("rd-2", quantity=2, price="0")),
        code(ledger, reserved("rd-3", price="0")),
        code(ledger, reserved("rd-4", BO, price="0")),
        code(ledger, cancelled("rd-2")),
        code(ledger, reserved("rd-5", price="0")),
        code(ledger, fulfilled("rd-5")),
        code(ledger, reserved("rd-6", quantity=2, price="0")),
    ]

    assert codes == [
        "limit_reached",
        None,
        "limit_reached",
        None,
        None,
        None,
        None,
        "limit_reached",
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-07-31T23:59", "offer_closed"),
        ("2023-08-01T00:00", None),
        ("2023-08-31T23:59", None),
        ("2023-09-01T00:00", "offer_closed"),
    ],
)
def test_an_offer_is_open_from_its_first_day_until_before_it_closes(
    ledger: Ledger, day: str, expected: str | None
) -> None:
    with_points(ledger, offered(opens="2023-08-01", closes="2023-09-01", price="0"), reports=0)

    assert code(ledger, reserved("rd-1", price="0", recorded=day)) == expected


def test_a_reservation_is_refused_by_its_first_fault(ledger: Ledger) -> None:
    with_points(ledger, offered(), reserved("rd-1"), registered("u-shop", "sponsor"))
    closed = "2025-01-01T00:00"
    many: Fields = {"quantity": 11, "price": "6"}
    codes = [
        code(ledger, reserved("rd-1", "m-nobody")),
        code(ledger, reserved("rd-1", BRANCH_X)),
        code(ledger, reserved("rd-1", BO, offer="of-none")),
        code(ledger, reserved("rd-2", offer="of-none", price="6")),
        code(ledger, reserved("rd-2", recorded=closed, **many)),
        code(ledger, reserved("rd-2", **many)),
        code(ledger, reserved("rd-2", quantity=11)),
        code(ledger, reserved("rd-2", BO, quantity=10)),
        code(ledger, reserved("rd-2", BO)),
    ]

    assert codes == [
        "unknown_member",
        "unknown_member",
        "already_exists",
        "unknown_reference",
        "offer_closed",
        "price_changed",
        "limit_reached",
        "out_of_stock",
        "insufficient_points",
    ]


def test_an_offer_is_refused_by_its_first_fault_and_stays_with_its_sponsor(
    ledger: Ledger,
) -> None:
    taken(ledger, [offered()])
    codes = [
        code(ledger, offered(sponsor="u-nowhere", closes="2022-01-01")),
        code(ledger, offered(sponsor=ANNA)),
        code(ledger, offered(sponsor=BRANCH_X)),
        code(ledger, offered(closes="2023-01-01")),
        code(ledger, offered("of-other", sponsor=SCHEME)),
        code(ledger, offered(sponsor=SPONSOR, price="7")),
    ]

    assert codes == ["unknown_unit", "unknown_unit", "unknown_unit", "dates_invalid", None, None]


def test_a_redemption_ends_once_and_for_its_member_only(ledger: Ledger) -> None:
    with_points(ledger, offered(), reserved("rd-1"), reserved("rd-2"))
    codes = [
        code(ledger, fulfilled("rd-9")),
        code(ledger, cancelled("rd-9")),
        code(ledger, fulfilled("rd-1", BO)),
        code(ledger, cancelled("rd-1", BO)),
        code(ledger, fulfilled("rd-1")),
        code(ledger, fulfilled("rd-1", recorded="2024-08-13")),
        code(ledger, cancelled("rd-1")),
        code(ledger, cancelled("rd-2")),
        code(ledger, fulfilled("rd-2")),
    ]

    assert codes == [
        *("unknown_reference",) * 4,
        None,
        "wrong_state",
        "wrong_state",
        None,
        "wrong_state",
    ]


def test_held_points_outlive_their_lot_and_come_back_for_thirty_days(ledger: Ledger) -> None:
    with_points(ledger, offered(code_days=365), reserved("rd-1", recorded="2023-12-31"))
    taken(ledger, [cancelled("rd-1", recorded="2024-02-01")])
    purse = ledger.wallet(ANNA, "2024-03-02")

    assert [(lot.left, lot.expires) for lot in purse.lots] == [(50, "2024-03-02")]
    assert (purse.free, ledger.wallet(ANNA, "2024-03-03").free) == (50, 0)
    assert ledger.balances()["expired"] == 50


def test_points_that_come_back_in_time_keep_their_expiry(ledger: Ledger) -> None:
    with_points(ledger, offered(), reserved("rd-1", recorded="2023-12-20"))
    taken(ledger, [cancelled("rd-1", recorded="2023-12-31")])

    assert {lot.expires for lot in ledger.wallet(ANNA, "2023-12-31").lots} == {"2023-12-31"}


def test_goods_at_no_price_are_recorded_and_post_nothing(ledger: Ledger) -> None:
    taken(ledger, [offered(price="0")])
    records = [ledger.receive(reserved("rd-1", price="0")), ledger.receive(fulfilled("rd-1"))]

    assert [(record.status, record.postings) for record in records] == [("recorded", ())] * 2


def test_a_closed_record_redeems_nothing(ledger: Ledger) -> None:
    taken(ledger, [enrolled(TWIN), offered(price="0"), enrolled(BO, same_as=TWIN)])

    assert code(ledger, reserved("rd-1", TWIN, price="0")) == "unknown_member"


def test_a_redemption_of_an_unknown_offer_is_no_redemption(ledger: Ledger) -> None:
    assert code(ledger, reserved("rd-1", offer=MEAL)) == "unknown_reference"
