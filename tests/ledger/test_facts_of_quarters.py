"""The base facts that a quarter needs before it is verified (domain.md §5.3, E36, E40)."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from tests.support.builders import (
    assigned,
    earned,
    enrolled,
    fact,
    left,
    panel,
    preliminary,
    ratio,
    registered,
    verified,
)
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.organisation import absent
from tests.support.people import UPPER, UPPER_TWO
from tests.support.quarters import Q3, advanced, base_items

NEW, EVE = "u-new", "m-eve"
MONTHS = ("2023-07", "2023-08", "2023-09")
# A self-assessment is its fact: here it is always waived.
OF_RECORD = "B04"
Due = tuple[str, str, str]


def new_branch(*people: tuple[str, str]) -> list[bytes]:
    """A branch with these members, from June, and their roles beside membership."""
    roles = [role for role in people if role[1] != "member"]
    members = dict.fromkeys(member for member, _ in people)
    return [
        registered(NEW, since="2023-06-01"),
        panel(NEW, since="2023-06-01", name="pl-new"),
        *(enrolled(member) for member in members),
        *(assigned(member, "member", NEW, since="2023-06-01") for member in members),
        *(assigned(member, role, NEW, since="2023-06-01") for member, role in roles),
    ]


def stated_items(capacity: str) -> list[str]:
    """All but the item that rests on a record of its own."""
    return [item for item in base_items(capacity) if item != OF_RECORD]


def due(holder: str, capacity: str, months: Sequence[str] = MONTHS) -> list[tuple[Due, str]]:
    items = stated_items(capacity)
    return [((holder, item, month), capacity) for month in months for item in items]


def stated(facts: Iterable[tuple[Due, str]]) -> list[bytes]:
    """The facts, decided twice by the upper level, as they may be in any branch."""
    found = []
    for number, ((holder, item, month), capacity) in enumerate(facts):
        claim = f"f-{number}"
        said = fact(claim, item, holder, capacity=capacity, period=month, recorded="2023-10-02")
        found += [said, preliminary(claim, holder, deciders=[UPPER], recorded="2023-10-03")]
        found += [verified(claim, holder, deciders=[UPPER_TWO], recorded="2023-10-04")]
    return found


def waiving(facts: Iterable[tuple[Due, str]]) -> dict[str, object]:
    gone = [one for one, _ in facts]
    gone += [(holder, OF_RECORD, month) for holder in (NEW, EVE) for month in MONTHS]
    named = [{"holder": one[0], "item": one[1], "period": one[2]} for one in gone]
    months = [{"holder": NEW, "month": month} for month in MONTHS]
    return {"facts": named, "assessments": months, "reason": "trial"}


def code_of(ledger: Ledger, waive: dict[str, object]) -> str | None:
    """What verifying the quarter answers when the upper level goes without these facts."""
    taken(ledger, [advanced("preliminary", Q3, NEW, by=UPPER)])
    return ledger.receive(advanced("verified", Q3, NEW, by=UPPER, waive=waive)).code


def test_the_branch_and_every_member_need_each_fact_of_each_month(kind: str) -> None:
    facts = [*due(NEW, "unit"), *due(EVE, "member"), *due(EVE, "committee")]
    ready = started(kind)
    taken(ready, [*new_branch((EVE, "committee")), *stated(facts[10:])])
    codes = {}
    for without in (None, 0, 4, 9):
        waived = [one for number, one in enumerate(facts[:10]) if number != without]
        codes[without] = code_of(ready.fork(), waiving(waived))

    assert codes == {None: None, 0: "facts_missing", 4: "facts_missing", 9: "facts_missing"}


@pytest.mark.parametrize("number", [0, 20, 40])
def test_a_fact_counts_once_it_is_verified(ledger: Ledger, number: int) -> None:
    """One fact of the branch, of a member and of a member's office was turned down."""
    facts = [*due(NEW, "unit"), *due(EVE, "member"), *due(EVE, "committee")]
    taken(ledger, new_branch((EVE, "committee")))
    events = stated(facts)
    del events[3 * number + 2]
    events.append(_turned_down(facts[number][0][0], f"f-{number}"))
    taken(ledger, events)

    assert code_of(ledger, waiving([])) == "facts_missing"


def _turned_down(holder: str, claim: str) -> bytes:
    said: dict[str, Any] = {"decision": "reject", "reason": "not_shown", "deciders": [UPPER_TWO]}
    return verified(claim, holder, **said, recorded="2023-10-04")


def member_facts_missing(kind: str, *more: bytes, months: Sequence[str] = MONTHS) -> str | None:
    """What is answered when Eve has the facts of some months only, the branch all of its own."""
    ledger = started(kind)
    taken(ledger, [*new_branch((EVE, "member")), *more])
    taken(ledger, stated([*due(NEW, "unit"), *due(EVE, "member", months)]))
    return code_of(ledger, waiving([]))


def test_e40_nothing_is_due_of_a_month_that_somebody_was_away_altogether(kind: str) -> None:
    whole = [
        absent(EVE, "2023-07-20", "2023-08-15", kind="sick"),
        absent(EVE, "2023-08-15", "2023-09-01", kind="leave"),
    ]
    most = [absent(EVE, "2023-08-01", "2023-08-31", kind="sick")]
    rest = ("2023-07", "2023-09")

    assert member_facts_missing(kind, *whole, months=rest) is None
    assert member_facts_missing(kind, *most, months=rest) == "facts_missing"
    assert member_facts_missing(kind, *whole, months=("2023-09",)) == "facts_missing"


def test_who_has_left_owes_no_fact_of_that_month_and_who_has_come_does(kind: str) -> None:
    gone = left(EVE, "2023-09-15")
    late = assigned(EVE, "member", NEW, since="2023-08-31", recorded="2023-08-31")

    assert member_facts_missing(kind, gone, months=("2023-07", "2023-08")) is None
    assert member_facts_missing(kind, late, months=("2023-09",)) == "facts_missing"
    assert member_facts_missing(kind, late, months=("2023-08", "2023-09")) is None


@pytest.mark.parametrize("standing", ["staff", "retired", "applicant"])
def test_who_is_not_scored_owes_no_fact(kind: str, standing: str) -> None:
    changed = enrolled(EVE, standing, since="2023-06-01", recorded="2023-06-02")

    assert member_facts_missing(kind, changed, months=()) is None


def test_e36_an_office_owes_the_facts_of_the_months_at_whose_end_it_is_held(
    ledger: Ledger,
) -> None:
    office = assigned(
        EVE, "committee", NEW, since="2023-08-10", to="2023-09-30", recorded="2023-08-10"
    )
    taken(ledger, [*new_branch((EVE, "member")), office])
    taken(ledger, stated([*due(NEW, "unit"), *due(EVE, "member")]))
    taken(ledger, stated_as("g", due(EVE, "committee", ["2023-08"])))

    assert code_of(ledger, waiving([])) is None


def stated_as(prefix: str, facts: Iterable[tuple[Due, str]]) -> list[bytes]:
    """The facts under claim ids of their own."""
    found = []
    for number, ((holder, item, month), capacity) in enumerate(facts):
        claim, day = f"{prefix}-{number}", f"{month}-28"
        named: dict[str, Any] = {capacity: ratio(1, 1)}
        deed = f"{item}-{month}".lower()
        found.append(earned(claim, item, holder, deed=deed, on=day, recorded="2023-10-02", **named))
        found.append(preliminary(claim, holder, deciders=[UPPER], recorded="2023-10-03"))
        found.append(verified(claim, holder, deciders=[UPPER_TWO], recorded="2023-10-04"))
    return found


def test_a_fact_that_another_branch_has_verified_is_there(ledger: Ledger) -> None:
    """Eve came on 20 July; her facts of July were dated, and decided, where she was before."""
    there = assigned(EVE, "member", "u-x", since="2023-06-01", to="2023-07-20")
    here = assigned(EVE, "member", NEW, since="2023-07-20", assignment="as-eve-here")
    taken(ledger, [*new_branch()[:2], enrolled(EVE), there, here])
    july: dict[str, Any] = {"on": "2023-07-15", "member": ratio(1, 1), "recorded": "2023-08-01"}
    for item in stated_items("member"):
        claim, deed = f"j-{item.lower()}", f"{item}-2023-07".lower()
        taken(ledger, [earned(claim, item, EVE, deed=deed, **july)])
        taken(ledger, [preliminary(claim, EVE, deciders=[UPPER])])
        taken(ledger, [verified(claim, EVE, deciders=[UPPER_TWO])])
    taken(ledger, stated([*due(NEW, "unit"), *due(EVE, "member", ["2023-08", "2023-09"])]))

    assert code_of(ledger, waiving([])) is None


def test_an_excluded_item_is_due_of_nobody(ledger: Ledger) -> None:
    """An office branch has no team building (C05)."""
    taken(ledger, [registered(NEW, since="2023-06-01", unit_class="office")])
    taken(ledger, new_branch((EVE, "member"))[1:])
    facts = [one for one in (*due(NEW, "unit"), *due(EVE, "member")) if one[0][1] != "C05"]
    taken(ledger, stated(facts))

    assert code_of(ledger, waiving([])) is None


def test_a_waived_fact_stays_not_applicable(ledger: Ledger) -> None:
    taken(ledger, new_branch((EVE, "member")))

    assert code_of(ledger, waiving([*due(NEW, "unit"), *due(EVE, "member")])) is None
    assert ledger.scores(EVE, "member", Q3) == (0, 0, 0, 0, 0, None)
