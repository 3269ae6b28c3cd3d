"""Awards: facts with a basis, no points, benefits once a month (domain.md §6.3)."""

from datetime import date

import pytest

from tests.support.builders import assigned, enrolled, left
from tests.support.folded import FoldedLedger
from tests.support.judgements import awarded, revoked, veto_lifted, vetoed
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    COMMITTEE,
    GROUP_X1,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import TWIN

BADGE = {"kind": "badge", "name": "先锋骑手"}
VOUCHER = {"kind": "benefit", "name": "换电代金券"}


def test_f37_an_award_is_recorded_and_brings_no_points(ledger: Ledger) -> None:
    before = ledger.balances()
    taken(ledger, [awarded()])

    assert (ledger.records[-1].status, ledger.balances()) == ("recorded", before)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (awarded("m-nobody", award="aw-2"), "unknown_member"),
        (awarded(BRANCH_X, award="aw-2"), "unknown_member"),
        (awarded(ANNA, "unit_award", award="aw-2"), "unknown_unit"),
        (awarded(BO), "already_exists"),
        (awarded(award="aw-2", by=SECRETARY_Y, basis=None), "not_permitted"),
        (awarded(COMMITTEE, award="aw-2", by=COMMITTEE), "not_permitted"),
        (awarded(BRANCH_X, "unit_award", award="aw-2", by=SECRETARY), "not_permitted"),
        (awarded(award="aw-2", basis=None), "basis_required"),
        (revoked(award="aw-2"), "unknown_reference"),
        (revoked(BO), "unknown_reference"),
        (revoked(by=SECRETARY, reason=None), "not_permitted"),
        (revoked(reason=None), "reason_required"),
    ],
)
def test_an_award_is_refused_by_its_first_fault(ledger: Ledger, payload: bytes, code: str) -> None:
    taken(ledger, [awarded()])

    assert ledger.receive(payload).code == code


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (awarded(BO, by=COMMITTEE), "recorded"),
        (awarded(COMMITTEE, by=SECRETARY), "recorded"),
        (awarded(GROUP_X1, "unit_award", by=COMMITTEE), "recorded"),
        (awarded(BRANCH_X, "unit_award", by=UPPER), "recorded"),
        (awarded(SCHEME, "unit_award", by=UPPER), "recorded"),
    ],
)
def test_the_committee_rewards_its_people_and_groups_and_the_level_above_the_branch(
    ledger: Ledger, payload: bytes, status: str
) -> None:
    assert ledger.receive(payload).status == status


@pytest.mark.parametrize("effect", ["zero", "block"])
def test_f38_nobody_under_a_veto_is_granted_anything(ledger: Ledger, effect: str) -> None:
    taken(ledger, [vetoed(effect=effect, since="2023-08-20")])
    during = ledger.receive(awarded(recorded="2023-08-25")).code
    taken(ledger, [veto_lifted(on="2023-09-01")])
    after = ledger.receive(awarded(award="aw-2", recorded="2023-09-01")).status

    assert (during, after) == ("veto_in_force", "recorded")


def test_a_later_veto_does_not_revoke_by_itself(ledger: Ledger) -> None:
    taken(ledger, [awarded(), vetoed(recorded="2023-08-25")])

    assert ledger.receive(revoked()).status == "recorded"


def test_f38_a_unit_award_stays_on_the_unit(ledger: Ledger) -> None:
    taken(ledger, [awarded(BRANCH_X, "unit_award", name="金牌单位", level="company")])

    assert ledger.receive(revoked(ANNA)).code == "unknown_reference"
    assert ledger.balances() == {}


def test_f51_the_monthly_job_run_twice_grants_once(ledger: Ledger) -> None:
    taken(ledger, [awarded(**BADGE, since="2023-08-01")])
    job = [
        awarded(**VOUCHER, award=f"aw-{number}", month=month, since=since, recorded=since)
        for number, month, since in (
            (2, "2023-09", "2023-09-01"),
            (3, "2023-09", "2023-09-01"),
            (4, "2023-10", "2023-10-01"),
        )
    ]

    assert [ledger.receive(one).code for one in job] == [None, "already_granted", None]


def test_a_benefit_without_a_month_is_that_of_its_first_day(ledger: Ledger) -> None:
    taken(ledger, [awarded(**VOUCHER, month="2023-09", since="2023-09-01")])
    again = awarded(**VOUCHER, award="aw-2", since="2023-09-15")

    assert ledger.receive(again).code == "already_granted"


def test_f51_nothing_in_the_month_after_the_badge_was_revoked(ledger: Ledger) -> None:
    taken(ledger, [awarded(**BADGE), revoked(recorded="2023-09-10")])
    september = awarded(**VOUCHER, award="aw-2", month="2023-09", recorded="2023-09-12")
    october = awarded(**VOUCHER, award="aw-3", month="2023-10", recorded="2023-10-01")

    assert [ledger.receive(one).code for one in (september, october)] == [None, "basis_required"]


def test_a_badge_of_another_kind_that_is_held_still_entitles(ledger: Ledger) -> None:
    taken(ledger, [awarded(**BADGE), revoked(), awarded(ANNA, "badge", award="aw-2", name="标兵")])

    october = awarded(**VOUCHER, award="aw-3", month="2023-10", recorded="2023-10-01")
    assert ledger.receive(october).code is None


def test_a_gift_in_the_month_of_the_badge_is_granted(ledger: Ledger) -> None:
    taken(ledger, [awarded(**BADGE, since="2023-08-18")])
    gift = awarded(ANNA, "benefit", award="aw-2", name="换电时长", month="2023-08")

    assert ledger.receive(gift).code is None


def test_a_veto_on_the_first_blocks_the_benefit_of_that_month(ledger: Ledger) -> None:
    taken(ledger, [vetoed(since="2023-08-30", to="2023-09-02", recorded="2023-08-30")])
    late = awarded(**VOUCHER, month="2023-09", since="2023-09-01", recorded="2023-09-05")

    assert ledger.receive(late).code == "veto_in_force"


def test_f50_a_revoked_badge_is_held_no_longer_and_its_history_stays() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    taken(ledger, [awarded(**BADGE, since="2023-08-01"), revoked(recorded="2023-09-10")])
    badge = ledger.state.awards.get("aw-1")

    assert badge is not None
    days = (date(2023, 9, 9), date(2023, 9, 10))
    assert [badge.held_on(day) for day in days] == [True, False]
    assert (badge.from_, badge.reason, badge.revoked_by) == (date(2023, 8, 1), "conduct", UPPER)


def test_an_award_is_revoked_once(ledger: Ledger) -> None:
    taken(ledger, [awarded(), revoked()])

    assert ledger.receive(revoked(by=UPPER_TWO)).code == "wrong_state"


def test_who_moved_is_rewarded_by_the_committee_of_the_new_branch(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            left(ANNA, "2023-08-01"),
            assigned(ANNA, "member", BRANCH_Y, since="2023-08-01"),
        ],
    )
    codes = [ledger.receive(awarded(by=one)).code for one in (SECRETARY, SECRETARY_Y)]

    assert codes == ["not_permitted", None]


def test_e46_awards_go_on_under_the_id_that_survives(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            enrolled(TWIN),
            assigned(TWIN, "member", BRANCH_X),
            awarded(TWIN, **VOUCHER, month="2023-09"),
            enrolled(ANNA, same_as=TWIN, recorded="2023-08-25"),
        ],
    )
    again = ledger.receive(awarded(ANNA, **VOUCHER, award="aw-2", month="2023-09")).code
    taken(ledger, [revoked(ANNA)])

    assert again == "already_granted"
