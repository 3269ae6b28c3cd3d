"""What the health check takes from self-assessments: in time (H09), and near the truth (H08)."""

from jifen_ledger.domain.assessment_figures import asked_in, gap_share, on_time_share
from jifen_ledger.domain.bulletin.health import Share
from tests.support.builders import assigned, decided, fact, reversal
from tests.support.folded import FoldedLedger
from tests.support.ledgers import started
from tests.support.naive.beginnings import taken
from tests.support.organisation import absent, assessment
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    GROUP_X1,
    GROUP_X2,
    HOMES,
    LEADER,
)

QUARTER, MONTHS = "2023-Q3", ("2023-07", "2023-08", "2023-09")


def folded(*payloads: bytes) -> FoldedLedger:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    taken(ledger, payloads)
    return ledger


def test_all_three_levels_are_asked_in_a_branch() -> None:
    state = folded().state

    assert set(asked_in(state, BRANCH_X, "2023-07")) == {
        *HOMES[BRANCH_X],
        *(GROUP_X1, GROUP_X2),
        BRANCH_X,
    }
    assert asked_in(state, GROUP_X1, "2023-07") == ()


def test_the_on_time_share_counts_who_was_asked_and_who_had_assessed_in_time() -> None:
    state = folded(
        assessment(ANNA),
        assessment(BO, recorded="2023-08-04"),
        assessment(LEADER),
        assessment(GROUP_X1),
        assessment(ANNA, month="2023-08", recorded="2023-09-04"),
        absent(CHEN, "2023-07-01", "2023-08-01", recorded="2023-07-30"),
        absent(CHEN, "2023-08-01", "2023-09-01", recorded="2023-07-30"),
    ).state
    members = len(HOMES[BRANCH_X]) - 1

    # Nobody is asked in group X2, where the only member was away. August closes on Monday the 4th.
    assert on_time_share(state, BRANCH_X, MONTHS[:1]) == Share(3, members + 2)
    assert on_time_share(state, BRANCH_X, MONTHS[:2]) == Share(4, 2 * (members + 2))


def test_the_gap_is_between_what_was_thought_in_time_and_what_was_verified() -> None:
    thought = [("B01", "member", "4"), ("B02", "member", "3"), ("C09", "member", "0.5")]
    ledger = folded(
        assessment(ANNA, values=thought),
        assessment(ANNA, values=[("B01", "member", "0")], recorded="2023-08-04"),
        *decided(fact("c-1", "B01", required=4, done=3, recorded="2023-08-01")),
        *decided(fact("c-2", "B02", recorded="2023-08-01")),
        *decided(fact("c-3", "B03", recorded="2023-08-01")),
        *decided(fact("c-4", "B01", BO, recorded="2023-08-01")),
        fact("c-5", "B05", recorded="2023-08-01"),
    )

    # B01: 4.0 against 3.0; B02: none; C09: 0.5 against nothing; B03: nothing against 2.0.
    assert gap_share(ledger.state, BRANCH_X, QUARTER) == Share(10 + 0 + 5 + 20, 30 + 30 + 20)
    taken(ledger, [reversal("c-3")])
    assert gap_share(ledger.state, BRANCH_X, QUARTER) == Share(15, 60)


def test_who_did_not_assess_in_time_has_no_gap() -> None:
    state = folded(
        assessment(ANNA, values=[("B01", "member", "4")], recorded="2023-08-04"),
        *decided(fact("c-1", "B01", recorded="2023-08-01")),
    ).state

    assert gap_share(state, BRANCH_X, QUARTER) == Share(0, 0)


def test_a_unit_is_measured_by_its_own_capacity_alone() -> None:
    values = [("B01", "member", "100"), ("C05", "unit", "4")]
    state = folded(
        *map(assessment, (ANNA, BO, LEADER)),
        assessment(GROUP_X1, values=values),
        *decided(fact("c-1", "C05", GROUP_X1, capacity="unit", recorded="2023-08-01")),
    ).state
    members = 3 * 40

    assert gap_share(state, BRANCH_X, QUARTER) == Share(members + 10, 50)


def test_the_month_of_a_mover_is_left_out_of_both_branches() -> None:
    state = folded(
        assessment(COMMITTEE),
        *decided(fact("c-1", "B01", COMMITTEE, on="2023-07-05", recorded="2023-08-01")),
        assigned(COMMITTEE, "member", BRANCH_X, to="2023-07-10"),
        assigned(COMMITTEE, "member", BRANCH_Y, since="2023-07-10", assignment="as-moved"),
    ).state

    assert gap_share(state, BRANCH_X, QUARTER) == Share(0, 0)
    assert gap_share(state, BRANCH_Y, QUARTER) == Share(0, 0)
