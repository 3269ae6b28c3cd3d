"""Dates of registers: spans that hold nothing, parents that change, panels and their branches."""

import pytest

from tests.support.builders import assigned, enrolled, left, panel, registered
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import BRANCH_X, BRANCH_Y, PANEL_X, PANEL_Y, SCHEME

NEW = "m-new"


@pytest.mark.parametrize("day", ["2023-09-01", "2023-08-01"])
def test_an_assignment_that_was_over_before_it_began_overlaps_nothing(
    ledger: Ledger, day: str
) -> None:
    future = assigned(NEW, "member", BRANCH_X, since="2023-09-01")
    taken(ledger, [enrolled(NEW), future, left(NEW, day)])

    assert ledger.receive(assigned(NEW, "member", BRANCH_Y, since="2023-06-01")).code is None


def test_an_assignment_that_holds_one_day_overlaps(ledger: Ledger) -> None:
    future = assigned(NEW, "member", BRANCH_X, since="2023-09-01")
    taken(ledger, [enrolled(NEW), future, left(NEW, "2023-09-02")])

    again = ledger.receive(assigned(NEW, "member", BRANCH_Y, since="2023-06-01"))

    assert again.code == "assignment_overlap"


def test_a_unit_may_not_come_above_itself_on_a_later_day(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            registered("u-a", "section", SCHEME),
            registered("u-b", "section", SCHEME),
            registered("u-a", "section", "u-b", since="2023-07-01"),
        ],
    )
    codes = [
        ledger.receive(registered("u-b", "section", "u-a", since=since)).code
        for since in ("2023-03-01", "2023-07-01", "2023-09-01")
    ]

    assert codes == ["unit_cycle"] * 3


def test_two_units_may_change_places(ledger: Ledger) -> None:
    changes = [
        registered("u-a", "section", SCHEME),
        registered("u-b", "section", "u-a"),
        registered("u-b", "section", SCHEME, since="2023-07-01"),
        registered("u-a", "section", "u-b", since="2023-07-01"),
    ]

    assert [ledger.receive(change).code for change in changes] == [None] * 4


def test_a_cycle_over_a_third_unit_is_found_on_the_day_it_would_begin(ledger: Ledger) -> None:
    taken(
        ledger,
        [
            registered("u-a", "section", SCHEME),
            registered("u-b", "section", SCHEME),
            registered("u-c", "section", "u-b"),
            registered("u-a", "section", "u-c", since="2023-10-01"),
        ],
    )

    assert ledger.receive(registered("u-b", "section", "u-a")).code == "unit_cycle"


@pytest.mark.parametrize(
    ("since", "to", "code"),
    [
        ("2023-03-01", "2023-09-01", None),
        ("2023-04-01", "2023-08-01", None),
        ("2023-02-28", "2023-09-01", "dates_invalid"),
        ("2023-03-01", "2023-09-02", "dates_invalid"),
        ("2023-09-01", "2023-10-01", "dates_invalid"),
        ("2023-05-01", "2023-05-01", "dates_invalid"),
    ],
)
def test_a_panel_stays_within_the_time_of_its_branch(
    ledger: Ledger, since: str, to: str, code: str | None
) -> None:
    taken(ledger, [registered("u-z", since="2023-03-01", to="2023-09-01")])

    assert ledger.receive(panel("u-z", PANEL_Y, since=since, to=to, name="pl-z")).code == code


def test_a_panel_is_asked_for_branch_people_dates_and_shape_in_this_order(ledger: Ledger) -> None:
    taken(ledger, [registered("u-z", since="2023-03-01", to="2023-09-01")])
    unknown, known = (*PANEL_X, "m-nobody"), PANEL_X
    codes = [
        ledger.receive(
            panel(unit, members, kind="committee", since=since, to="2023-08-01", name="pl-z")
        ).code
        for unit, members, since in (
            ("u-nowhere", unknown, "2023-01-01"),
            ("u-z", unknown, "2023-01-01"),
            ("u-z", known, "2023-01-01"),
            ("u-z", known, "2023-04-01"),
        )
    ]

    assert codes == ["unknown_unit", "unknown_member", "dates_invalid", "panel_invalid"]


@pytest.mark.parametrize(
    ("since", "to", "code"),
    [
        ("2023-03-01", "2023-09-01", None),
        ("2023-02-28", "2023-09-01", "dates_invalid"),
        ("2023-03-01", "2023-09-02", "dates_invalid"),
        ("2023-03-01", None, "dates_invalid"),
        ("2023-09-01", None, "dates_invalid"),
    ],
)
def test_an_assignment_stays_within_the_time_of_its_unit(
    ledger: Ledger, since: str, to: str | None, code: str | None
) -> None:
    taken(ledger, [registered("u-z", since="2023-03-01", to="2023-09-01"), enrolled(NEW)])

    assert ledger.receive(assigned(NEW, "committee", "u-z", since=since, to=to)).code == code
