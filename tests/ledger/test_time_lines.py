"""How long what a register says holds, when later records take its place."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jifen_ledger.domain.registers import Standing, Unit, UnitState
from jifen_ledger.domain.spans import overridden, succeeded
from tests.support.folded import FoldedLedger
from tests.support.organisation import enrolled
from tests.support.people import ANNA, SCHEME

DAYS = st.integers(1, 28)


def on(day: int) -> date:
    return date(2023, 7, day)


def registered(seq: int, first: int, end: int | None = None) -> UnitState:
    to = None if end is None else on(end)
    return UnitState(seq, "branch", None, None, "x", "x", on(first), to)


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), min_size=1, max_size=5))
def test_a_unit_is_on_every_day_as_the_registration_that_holds_then(
    said: list[tuple[int, int | None]],
) -> None:
    states = [
        registered(seq, first, end if end is None or end > first else first + 1)
        for seq, (first, end) in enumerate(said, start=1)
    ]
    unit = Unit("u-x", tuple(states))
    held = overridden(states, [state.to for state in states])

    for day in map(on, range(1, 31)):
        found = [
            state
            for state, one in zip(states, held, strict=True)
            if state.from_ <= day and (one.end is None or day < one.end)
        ]
        assert found == ([unit.on(day)] if unit.in_force(day) else [])


@given(st.lists(st.tuples(DAYS, st.sampled_from(["full", "staff"])), min_size=1, max_size=5))
def test_a_member_has_on_every_day_the_standing_that_holds_then(
    said: list[tuple[int, str]],
) -> None:
    ledger = FoldedLedger(SCHEME)
    for number, (since, standing) in enumerate(said):
        ledger.receive(enrolled(ANNA, standing, since=on(since).isoformat(), id=f"e-{number}"))
    member = ledger.state.members.get(ANNA)
    assert member is not None
    held = succeeded(member.standings)

    for day in map(on, range(1, 31)):
        found = [
            standing.standing
            for standing, one in zip(member.standings, held, strict=True)
            if standing.from_ <= day and (one.end is None or day < one.end)
        ]
        assert found == [one for one in [member.standing_on(day)] if one is not None]


def test_what_is_said_anew_for_the_same_day_names_what_it_replaced() -> None:
    states = [registered(1, 5), registered(2, 10), registered(3, 5, 20), registered(4, 15)]
    standings = [
        Standing(1, "full", on(5)),
        Standing(2, "staff", on(9)),
        Standing(3, "full", on(9)),
    ]

    assert [tuple(one) for one in overridden(states, [state.to for state in states])] == [
        (on(5), 3),
        (on(10), 3),
        (on(15), None),
        (None, None),
    ]
    assert [tuple(one) for one in succeeded(standings)] == [
        (on(9), None),
        (on(9), 3),
        (None, None),
    ]
