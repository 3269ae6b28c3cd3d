"""A quarter waits for its self-assessments, and its health check shows them (§5.3, §6.5)."""

from typing import Any

import pytest

from jifen_contracts.canonical import decode
from tests.support.builders import left, registered
from tests.support.folded import FoldedLedger
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.organisation import assessment
from tests.support.people import ANNA, BRANCH_X, GROUP_X1, GROUP_X2, HOMES, UPPER
from tests.support.quarters import Q3, advanced, published_quarter, waiver

MONTHS = {"2023-07": "2023-08-02", "2023-08": "2023-09-02", "2023-09": "2023-10-02"}
EVERYBODY = dict.fromkeys((*HOMES[BRANCH_X], GROUP_X1, GROUP_X2), "on_leave")
WITHOUT_ASSESSMENTS = waiver(assessments=False)


def of_branch(*months: str) -> list[bytes]:
    return [
        assessment(BRANCH_X, month=month, values=(), missing=EVERYBODY, recorded=MONTHS[month])
        for month in months
    ]


def verifying(waive: dict[str, object] | None) -> bytes:
    return advanced("verified", waive=waive, by=UPPER)


@pytest.mark.parametrize("assessed", [(), ("2023-07", "2023-08")])
def test_a_quarter_is_not_verified_while_a_month_of_the_branch_is_not_assessed(
    ledger: Ledger, assessed: tuple[str, ...]
) -> None:
    taken(ledger, [*of_branch(*assessed), advanced("preliminary")])

    # Before the facts, which are missing too where nothing is waived.
    assert ledger.receive(verifying(None)).code == "lower_level_missing"
    assert ledger.receive(verifying(WITHOUT_ASSESSMENTS)).code == "lower_level_missing"


def test_with_every_month_assessed_only_the_facts_are_asked_for(ledger: Ledger) -> None:
    taken(ledger, [*of_branch(*MONTHS), advanced("preliminary")])

    assert ledger.receive(verifying(None)).code == "facts_missing"
    assert ledger.receive(verifying(WITHOUT_ASSESSMENTS)).code is None


def test_the_upper_level_goes_without_an_assessment_by_naming_branch_and_month(
    ledger: Ledger,
) -> None:
    taken(ledger, [*of_branch("2023-07", "2023-08"), advanced("preliminary")])
    waivers = [
        WITHOUT_ASSESSMENTS | {"assessments": [{"holder": holder, "month": month}]}
        for holder, month in ((ANNA, "2023-09"), (BRANCH_X, "2023-08"), (BRANCH_X, "2023-09"))
    ]

    assert [ledger.receive(verifying(one)).code for one in waivers] == [
        "lower_level_missing",
        "lower_level_missing",
        None,
    ]


def test_a_branch_in_which_nobody_is_asked_owes_no_assessment(ledger: Ledger) -> None:
    taken(ledger, [left(one, "2023-06-30", recorded="2023-07-01") for one in HOMES[BRANCH_X]])
    taken(ledger, [advanced("preliminary", by=UPPER)])

    assert ledger.receive(verifying(None)).code == "facts_missing"


def test_a_branch_that_ended_owes_nothing_for_the_months_after(ledger: Ledger) -> None:
    taken(ledger, [registered(BRANCH_X, to="2023-08-01"), *of_branch("2023-07")])
    taken(ledger, [advanced("preliminary", by=UPPER)])

    assert ledger.receive(verifying(WITHOUT_ASSESSMENTS)).code is None


def test_the_health_check_of_the_bulletin_shows_gap_and_on_time_share() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    taken(
        ledger,
        [assessment(ANNA, values=[("B01", "member", "4")]), *of_branch("2023-07")],
    )
    taken(ledger, published_quarter())
    bulletin = ledger.state.bulletins.get((BRANCH_X, Q3, 1))
    assert bulletin is not None
    sheet: Any = decode(bulletin.full_sheet)
    lines = {one["line"]: one for one in sheet["health"]}
    asked = 3 * (len(HOMES[BRANCH_X]) + 2 + 1)

    assert (lines["H09"]["part"], lines["H09"]["whole"]) == (2, asked)
    # Anna thought of 4.0 points, and nothing was confirmed.
    assert (lines["H08"]["part"], lines["H08"]["whole"]) == (40, 0)
