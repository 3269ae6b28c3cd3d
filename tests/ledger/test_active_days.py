"""Active days: with the capacity and a home branch, minus absences (domain.md §5.2)."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jifen_ledger.domain.active_days import active_days
from tests.support.budget import examples
from tests.support.builders import assigned, enrolled, left
from tests.support.folded import FoldedLedger
from tests.support.ledgers import started
from tests.support.naive import NaiveLedger
from tests.support.naive.day_rules import active_days as naive_days
from tests.support.organisation import absent
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, COMMITTEE

MOVED = "2023-08-15"

TIMES: tuple[bytes, ...] = (
    absent(ANNA, "2023-06-20", "2023-07-05"),
    absent(ANNA, "2023-06-20", "2023-07-11"),
    absent(ANNA, "2023-07-03", "2023-07-10", kind="sick"),
    absent(ANNA, "2023-09-20", "2024-02-01", kind="seconded"),
    absent(ANNA, "2023-08-10", "2023-08-20", kind="exempt", basis="order"),
    absent(COMMITTEE, "2023-07-10", "2023-07-20"),
    assigned(ANNA, "member", BRANCH_X, to=MOVED),
    assigned(ANNA, "member", BRANCH_Y, since=MOVED),
    assigned(ANNA, "member", BRANCH_Y, since="2023-08-20"),
    assigned(ANNA, "committee", BRANCH_X, since="2023-07-10", to="2023-09-01"),
    assigned(ANNA, "committee", BRANCH_Y, since="2023-08-20"),
    assigned(COMMITTEE, "committee", BRANCH_X, to="2023-08-01"),
    assigned(COMMITTEE, "committee", BRANCH_X, since="2023-07-20", assignment="as-second"),
    enrolled(ANNA, "applicant", since="2023-01-01"),
    enrolled(ANNA, "probationary", since="2023-07-20"),
    enrolled(ANNA, "retired", since="2023-09-10"),
    enrolled(ANNA, "full", since="2023-09-10"),
    left(COMMITTEE, "2023-09-15"),
    left(ANNA, "2023-12-01"),
    enrolled(BO, same_as=ANNA, recorded="2023-12-05"),
)


@given(st.lists(st.sampled_from(TIMES), max_size=12))
@settings(
    max_examples=examples(40, nightly=300),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
def test_active_days_are_the_days_counted_one_by_one(times: list[bytes]) -> None:
    fold, model = started("fold"), started("model")
    assert isinstance(fold, FoldedLedger)
    assert isinstance(model, NaiveLedger)
    for payload in times:
        fold.receive(payload)
        model.receive(payload)
    found, expected = {}, {}
    for asked in [
        (who, capacity, period)
        for who in (ANNA, BO, COMMITTEE)
        for capacity in ("member", "committee")
        for period in ("2023-Q3", "2023-Q4")
    ]:
        found[asked] = _active_days(fold, *asked)
        expected[asked] = naive_days(model.registers, *asked)

    assert found == expected


def _active_days(ledger: FoldedLedger, who: str, capacity: str, period: str) -> int:
    member = ledger.state.members.get(who)
    assert member is not None
    kept = [ledger.state.absences.get(key) for key in ledger.state.absences_of.get(who)]
    return active_days(member, [one for one in kept if one is not None], capacity, period)


def test_g13_the_mover_has_45_days_in_x_and_47_in_y() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    ledger.receive(assigned(ANNA, "member", BRANCH_X, to=MOVED))
    in_x = _active_days(ledger, ANNA, "member", "2023-Q3")
    ledger.receive(assigned(ANNA, "member", BRANCH_Y, since=MOVED))
    in_both = _active_days(ledger, ANNA, "member", "2023-Q3")

    assert (in_x, in_both - in_x) == (45, 47)


def test_e40_days_of_leave_are_no_active_days() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    ledger.receive(absent(ANNA, "2023-09-21", "2023-10-11"))

    found = [_active_days(ledger, ANNA, "member", period) for period in ("2023-Q3", "2023-Q4")]
    assert found == [82, 82]
