"""What a claim must measure, and whom a pact, an agreement or a split lets it name."""

from collections.abc import Callable, Mapping

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.builders import (
    assigned,
    count,
    decided,
    earned,
    fact,
    preliminary,
    published,
    ratio,
    shares,
    tier,
    verified,
    world,
)
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    LEADER,
    PANEL_X,
    QUORUM,
    SCHEME,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.stored import Fields, told


@pytest.mark.parametrize(
    ("helped", "member", "committee", "code"),
    [
        ([BO, CHEN], 2, 1, None),
        ([CHEN, BO], 1, 1, None),
        ([BO], 1, None, None),
        ([BO], 2, None, "measure_invalid"),
        ([BO, BO], 2, None, "measure_invalid"),
        ([BO], 1, 1, "measure_invalid"),
        ([BO, BO], None, 1, "measure_invalid"),
        ([BO, CHEN, BO], 2, 1, None),
        ([BO, ANNA], 1, 1, "pact_not_in_force"),
    ],
)
def test_help_counts_different_people_and_the_committee_line_all_of_them(
    ledger: Ledger, helped: list[str], member: int | None, committee: int | None, code: str | None
) -> None:
    taken(ledger, [assigned(COMMITTEE, "helper", SCHEME, of=[BO, CHEN])])
    measures = {"member": member, "committee": committee}
    measure: Fields = {capacity: count(number) for capacity, number in measures.items() if number}

    claim = earned("c-1", "C02", COMMITTEE, counterpart=helped, **measure)

    assert ledger.receive(claim).code == code


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        (ratio(100, 100), None),
        (ratio(101, 1), "measure_invalid"),
        (ratio(101, 0, excused=101), "measure_invalid"),
        (ratio(102, 101, excused=1), "measure_invalid"),
    ],
)
def test_the_numbers_of_a_ratio_end_at_one_hundred(
    ledger: Ledger, measure: Mapping[str, object], code: str | None
) -> None:
    assert ledger.receive(fact("c-1", "B01", member=measure)).code == code


@pytest.mark.parametrize(
    ("item", "code"),
    [("D03", "measure_invalid"), ("C06", "shares_missing"), ("D05", "dual_incomplete")],
)
def test_a_claim_that_measures_nothing_is_refused(ledger: Ledger, item: str, code: str) -> None:
    assert ledger.receive(told(earned("c-1", item), measure={})).code == code


def test_answers_are_told_where_the_item_asks_for_them_and_nowhere_else(ledger: Ledger) -> None:
    codes = [
        ledger.receive(claim).code
        for claim in (
            earned("c-1", "C09", member=tier("general", 6)),
            earned("c-1", "D06", BRANCH_X, unit=tier("p90")),
            earned("c-1", "D06", BRANCH_X, unit=tier("p90", 4)),
            earned("c-1", "D06", BRANCH_X, unit=tier("p90", 5)),
        )
    ]

    assert codes == [*["measure_invalid"] * 3, None]


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ([BRANCH_Y], None),
        ([DORA], None),
        ([LEADER], None),
        ([BRANCH_Y, DORA], None),
        (None, "pact_not_in_force"),
        ([], "pact_not_in_force"),
        ([BRANCH_X], "pact_not_in_force"),
        ([ANNA], "pact_not_in_force"),
        ([BRANCH_Y, ANNA], "pact_not_in_force"),
        ([BO], "pact_not_in_force"),
    ],
)
def test_a_delegate_names_the_host_or_people_who_are_there_on_the_day(
    ledger: Ledger, named: list[str] | None, code: str | None
) -> None:
    taken(ledger, [assigned(COMMITTEE, "delegate", BRANCH_Y)])
    taken(ledger, [assigned(LEADER, "specialist", BRANCH_Y, to="2023-07-13")])
    taken(ledger, [assigned(BO, "specialist", BRANCH_Y, to="2023-07-12")])
    both: Fields = {"member": count(), "committee": count()}

    claim = earned("c-1", "A04", COMMITTEE, counterpart=named, on="2023-07-12", **both)

    assert ledger.receive(claim).code == code


def test_a_project_named_by_an_item_without_shares_is_ignored(ledger: Ledger) -> None:
    weights = {ANNA: 50, PANEL_X[0]: 50}
    taken(ledger, [shares("pj-1", weights), earned("c-1", "D03", project="pj-1")])
    review = [preliminary("c-1", deciders=(SPECIALIST,)), verified("c-1", deciders=QUORUM)]
    codes = [ledger.receive(payload).code for payload in review]
    again = ledger.receive(shares("pj-1", weights, pool="benefit", time="2023-08-09"))
    taken(ledger, [earned("c-2", "C06", member={}, project="pj-1")])
    taken(ledger, [preliminary("c-2", deciders=(UPPER,)), verified("c-2", deciders=(UPPER_TWO,))])
    in_use = ledger.receive(shares("pj-1", weights, time="2023-08-10"))

    assert codes == [None, None]
    assert (again.code, in_use.code) == (None, "shares_in_use")


@pytest.mark.parametrize(
    ("incentive", "done", "rewarded"),
    [
        ({"value": "7"}, 1, 70),
        ({"value": "7", "month_cap": "5"}, 1, 50),
        ({"value": "7"}, 0, 0),
    ],
)
def test_a_base_line_may_carry_incentive_points(
    empty_ledger: Callable[[], Ledger], incentive: dict[str, str], done: int, rewarded: int
) -> None:
    document = document_object(default_document())
    item = next(item for item in document["items"] if item["code"] == "C08")
    item |= {"incentive": incentive}
    ledger = empty_ledger()
    taken(
        ledger,
        [published(document=document), *world()[1:], *decided(fact("c-1", "C08", done=done))],
    )

    assert ledger.balances().get(f"wallet:{ANNA}", 0) == rewarded


def test_sharers_of_a_project_that_is_ignored_may_admit_a_late_claim(ledger: Ledger) -> None:
    taken(ledger, [shares("pj-1", {ANNA: 50, PANEL_X[0]: 50})])
    admitted = {"deciders": list(QUORUM), "reason": "was_ill"}
    claim = earned("c-1", project="pj-1", on="2023-03-01", recorded="2023-07-20", admitted=admitted)

    assert ledger.receive(claim).code is None
