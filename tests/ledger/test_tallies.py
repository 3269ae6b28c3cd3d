"""What is counted of a branch's claims for its health check (domain.md §6.5)."""

from jifen_ledger.domain.tally import Tally
from tests.support import builders as build
from tests.support.folded import FoldedLedger
from tests.support.people import ANNA, BO, BRANCH_X, PANEL_X, QUORUM, SCHEME, UPPER
from tests.support.stored import told


def tally_of(*payloads: bytes) -> Tally:
    ledger = FoldedLedger(SCHEME)
    for payload in (*build.world(), *payloads):
        assert ledger.receive(payload).status != "refused", payload
    return ledger.state.tallies.get((BRANCH_X, "2023-Q3"))


def test_decisions_on_their_day_are_in_time_and_those_of_the_day_after_late() -> None:
    tally = tally_of(
        build.earned("c-1", "D05"),
        build.preliminary("c-1", recorded="2023-08-07"),
        build.verified("c-1", recorded="2023-08-10"),
        build.earned("c-2", "D05", deed="deed-2"),
        build.preliminary("c-2", recorded="2023-08-08"),
        build.verified("c-2", recorded="2023-08-11"),
    )

    assert tally == Tally(
        claims=2, typed=2, preliminary=2, preliminary_late=1, verified=2, verified_late=1
    )


def test_a_claim_after_its_months_deadline_is_due_with_the_month_in_which_it_came() -> None:
    tally = tally_of(
        build.earned("c-1", "D05", recorded="2023-08-20"),
        build.preliminary("c-1", recorded="2023-09-06"),
    )

    assert tally == Tally(claims=1, typed=1, late=1, preliminary=1)


def test_a_claim_that_comes_back_is_one_claim_and_two_entries() -> None:
    claim = build.earned("c-1", "D05")
    again = build.earned("c-1", "D05", recorded="2023-08-08", signed="added")
    tally = tally_of(claim, build.returned("c-1", recorded="2023-08-07"), again)

    assert tally == Tally(claims=1, typed=2, preliminary=1, turned_down=1)


def test_a_panel_that_needs_an_officer_from_above_was_helped() -> None:
    recused = build.panel(recusals=[(QUORUM[0], BO), (QUORUM[1], BO)], name="pl-9")
    tally = tally_of(
        recused,
        build.earned("c-1", "D05", holder=BO),
        build.preliminary("c-1", BO, recorded="2023-08-04"),
        build.verified("c-1", BO, deciders=(*PANEL_X[2:4], UPPER), recorded="2023-08-08"),
    )

    assert (tally.verified, tally.helped) == (1, 1)


def test_what_a_machine_sends_is_not_typed() -> None:
    fact = told(build.earned("c-1", "D05", holder=ANNA), by=None)

    assert tally_of(fact) == Tally(claims=1)
