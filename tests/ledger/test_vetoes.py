"""Vetoes: they change the score function, never the postings (domain.md §4.5, §5.2)."""

import pytest

from tests.support.builders import (
    assigned,
    decided,
    earned,
    enrolled,
    left,
    registered,
)
from tests.support.histories_of_people import duties
from tests.support.judgements import veto_lifted, vetoed
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    RECORDER,
    SCHEME,
    SECRETARY,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import TWIN

SECTION = "u-section"
FOURTH = ("10", "11", "12")


def score(ledger: Ledger, quarter: str = "2023-Q3", holder: str = ANNA) -> int | None:
    return ledger.scores(holder, "member", quarter)[-1]


def test_a_zero_veto_makes_the_score_of_every_quarter_it_touches_zero(ledger: Ledger) -> None:
    taken(ledger, [*duties(ANNA), *duties(ANNA, FOURTH)])
    before = [score(ledger), score(ledger, "2023-Q4")]
    taken(ledger, [vetoed(since="2023-09-30", to="2023-10-01", recorded="2024-01-20")])

    assert (before, [score(ledger), score(ledger, "2023-Q4")]) == ([800, 800], [0, 800])


def test_x05_imposing_and_annulling_restores_the_score_without_any_posting(ledger: Ledger) -> None:
    taken(ledger, duties(ANNA))
    before, records = (ledger.balances(), score(ledger)), len(ledger.records)
    taken(ledger, [vetoed()])
    during = (ledger.balances(), score(ledger))
    taken(ledger, [veto_lifted()])

    assert before == (ledger.balances(), 800)
    assert during == (before[0], 0)
    assert (ledger.balances(), score(ledger)) == before
    assert [record.status for record in ledger.records[records:]] == ["recorded", "recorded"]


def test_points_that_come_after_the_veto_are_zeroed_as_well(ledger: Ledger) -> None:
    taken(ledger, [vetoed(since="2023-07-01", recorded="2023-07-02"), *duties(ANNA)])
    during = score(ledger)
    taken(ledger, [veto_lifted(recorded="2023-11-01")])

    assert (during, score(ledger)) == (0, 800)


def test_a_block_leaves_the_score_alone(ledger: Ledger) -> None:
    taken(ledger, [*duties(ANNA), vetoed(effect="block")])

    assert score(ledger) == 800


def test_too_little_applicable_is_not_scored_and_no_zero_either(ledger: Ledger) -> None:
    taken(ledger, [*decided(earned("c-1")), vetoed(since="2023-07-01")])

    assert score(ledger) is None


def test_a_veto_lifted_on_a_day_leaves_the_quarters_from_that_day_on(ledger: Ledger) -> None:
    taken(ledger, [*duties(ANNA), *duties(ANNA, FOURTH), vetoed(since="2023-08-15")])
    both = [score(ledger), score(ledger, "2023-Q4")]
    taken(ledger, [veto_lifted(on="2023-10-01")])

    assert (both, [score(ledger), score(ledger, "2023-Q4")]) == ([0, 0], [0, 800])


def test_e57_a_veto_that_was_lifted_may_still_be_annulled_on_appeal(ledger: Ledger) -> None:
    taken(ledger, [*duties(ANNA), vetoed(since="2023-08-15"), veto_lifted(on="2023-10-01")])
    lifted = score(ledger)
    taken(ledger, [veto_lifted(recorded="2023-12-01")])

    assert (lifted, score(ledger)) == (0, 800)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (vetoed("m-nobody", veto="ve-2"), "unknown_member"),
        (vetoed(BO), "already_exists"),
        (vetoed(veto="ve-2", by=SECRETARY, basis=None), "not_permitted"),
        (vetoed(UPPER, veto="ve-2"), "not_permitted"),
        (vetoed(veto="ve-2", basis=None), "basis_required"),
        (vetoed(veto="ve-2", since="2023-08-15", to="2023-08-15"), "dates_invalid"),
        (veto_lifted(veto="ve-2"), "unknown_reference"),
        (veto_lifted(BO), "unknown_reference"),
        (veto_lifted(on="2023-08-15"), "wrong_state"),
        (veto_lifted(by=UPPER, reason=None), "same_reviewer"),
        (veto_lifted(by=SECRETARY, reason=None), "not_permitted"),
        (veto_lifted(reason=None), "reason_required"),
    ],
)
def test_a_veto_is_refused_by_its_first_fault(ledger: Ledger, payload: bytes, code: str) -> None:
    taken(ledger, [vetoed()])

    assert ledger.receive(payload).code == code


def test_an_annulled_veto_cannot_be_lifted_again(ledger: Ledger) -> None:
    taken(ledger, [vetoed(), veto_lifted()])

    assert ledger.receive(veto_lifted(on="2023-10-01")).code == "wrong_state"


def test_a_veto_is_not_lifted_later_than_it_ends(ledger: Ledger) -> None:
    taken(ledger, [vetoed(to="2023-10-01")])

    assert ledger.receive(veto_lifted(on="2023-10-01")).code == "wrong_state"


def test_who_left_still_answers_to_the_level_above_the_last_branch(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            registered(SECTION, "section"),
            registered(BRANCH_X, "branch", SECTION, since="2023-02-01"),
            assigned(RECORDER, "upper", SECTION),
            left(ANNA, "2023-08-01"),
            left(BO, "2023-08-01"),
        ],
    )
    elsewhere = assigned(BO, "member", BRANCH_Y, since="2023-08-01")
    taken(ledger, [elsewhere, vetoed(by=RECORDER)])

    assert ledger.receive(vetoed(BO, veto="ve-2", by=RECORDER)).code == "not_permitted"


def test_who_never_had_a_home_answers_to_the_officers_of_the_root(ledger: Ledger) -> None:
    taken(ledger, [enrolled("m-new"), vetoed("m-new")])

    assert ledger.records[-1].status == "recorded"


def test_e46_vetoes_go_on_under_the_id_that_survives(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            enrolled(TWIN),
            assigned(TWIN, "member", BRANCH_X),
            *duties(ANNA),
            vetoed(TWIN, since="2023-08-01", recorded="2023-11-01"),
            enrolled(ANNA, same_as=TWIN, recorded="2023-11-02"),
        ],
    )
    joined = score(ledger)
    refused = ledger.receive(veto_lifted(TWIN, recorded="2023-11-03"))
    taken(ledger, [veto_lifted(ANNA, recorded="2023-11-03")])

    assert (joined, refused.code, score(ledger)) == (0, "unknown_reference", 800)


def test_two_records_of_one_officer_do_not_impose_and_lift(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            enrolled(TWIN),
            assigned(TWIN, "upper", SCHEME),
            vetoed(by=TWIN),
            enrolled(UPPER_TWO, same_as=TWIN, recorded="2023-08-25"),
        ],
    )

    assert ledger.receive(veto_lifted(by=UPPER_TWO)).code == "same_reviewer"
