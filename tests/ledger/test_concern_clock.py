"""The clock of a concern and what a reader sees of it (domain.md §6.2, G1, E65)."""

from datetime import date

import pytest

from jifen_contracts.scheme.calendar import WorkingDays
from jifen_ledger.application.queries.concern_days import (
    Days,
    days_of,
    levels_of,
    stages_of,
)
from jifen_ledger.domain.concern_clock import due_of, gross_days, paused_days
from jifen_ledger.domain.concerns import Concern, Pause, standing_of
from tests.support.builders import world
from tests.support.concerns import confirmed, handed, handled, raised, reopened, resolved
from tests.support.folded import FoldedLedger
from tests.support.people import ANNA, BO, BRANCH_X, SCHEME, UPPER

TODAY = date(2023, 11, 1)
WEEKDAYS = WorkingDays()


def day(text: str) -> date:
    return date.fromisoformat(f"2023-{text}")


def pause(since: str, to: str) -> Pause:
    return Pause(day(since), day(to), "parts_ordered")


def receive(*payloads: bytes) -> FoldedLedger:
    ledger = FoldedLedger(SCHEME)
    for payload in (*world(), *payloads):
        record = ledger.receive(payload)
        assert record.code is None, record
    return ledger


def concern_after(*payloads: bytes, name: str = "cn-1") -> Concern:
    found = receive(*payloads).state.concerns.get(name)
    assert found is not None
    return found


def test_g1_the_heating_took_five_days_with_its_parts_and_the_other_concern_four() -> None:
    parts = ("cn-heating", "cn-roof")
    ledger = receive(
        raised("cn-home", on="2023-10-22"),
        *(raised(part, parent="cn-home", on="2023-10-22") for part in parts),
        *(handed(name, on="2023-10-23") for name in ("cn-home", *parts)),
        resolved("cn-heating", in_use="2023-10-27"),
        raised("cn-lamp", on="2023-10-20"),
        handed("cn-lamp", on="2023-10-21"),
        resolved("cn-lamp", in_use="2023-10-24"),
    )
    early = ledger.receive(resolved("cn-home", in_use="2023-10-27"))
    ledger.receive(resolved("cn-roof", in_use="2023-10-27"))
    last = ledger.receive(resolved("cn-home", in_use="2023-10-27", on="2023-10-28"))
    found = {}
    for name in ("cn-home", *parts, "cn-lamp"):
        concern = ledger.state.concerns.get(name)
        assert concern is not None
        found[name] = days_of(concern, TODAY).gross

    assert (early.code, last.status) == ("children_open", "recorded")
    assert found == {"cn-home": 5, "cn-heating": 5, "cn-roof": 5, "cn-lamp": 4}


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "07-13"),
        ([pause("07-12", "07-13")], "07-14"),
        ([pause("07-12", "07-17")], "07-18"),
        ([pause("07-15", "07-17")], "07-13"),
        ([pause("07-13", "07-14"), pause("07-14", "07-15")], "07-17"),
        ([pause("07-14", "07-15")], "07-13"),
        ([pause("07-12", "07-14"), pause("07-11", "07-13")], "07-18"),
        ([pause("07-01", "07-11")], "07-14"),
        ([pause("07-13", "07-13")], "07-13"),
        ([pause("07-13", "07-12")], "07-13"),
    ],
)
def test_e65_paused_working_days_move_the_due_day_and_none_twice(
    pauses: list[Pause], due: str
) -> None:
    """Urgent, raised on Monday 10 July 2023."""
    assert due_of(WEEKDAYS, "urgent", day("07-10"), pauses) == day(due)


def test_holidays_and_make_up_days_of_the_calendar_count() -> None:
    days = WorkingDays(frozenset({day("07-11")}), frozenset({day("07-15")}))

    assert due_of(days, "urgent", day("07-10"), []) == day("07-14")
    assert due_of(days, "ordinary", day("07-10"), []) == day("07-31")


def test_what_is_at_once_is_due_the_same_day_also_on_a_sunday() -> None:
    assert due_of(WEEKDAYS, "at_once", day("07-16"), []) == day("07-16")


def test_an_endless_pause_is_counted_for_as_long_as_any_could_last() -> None:
    endless = Pause(day("07-12"), date(2999, 12, 31), "parts_ordered")

    assert due_of(WEEKDAYS, "urgent", day("07-10"), [endless]).year == 2026


def test_net_days_leave_out_only_the_paused_days_within_the_gross_ones() -> None:
    pauses = [pause("07-08", "07-12"), pause("07-11", "07-13"), pause("07-19", "07-30")]

    assert gross_days(day("07-10"), day("07-20")) == 10
    assert paused_days(pauses, day("07-10"), day("07-20")) == 4


def test_what_was_mended_before_it_was_raised_took_no_days() -> None:
    concern = concern_after(raised(), handed(), resolved(in_use="2023-07-01", on="2023-07-12"))

    assert days_of(concern, TODAY) == Days(0, 0, overdue=False, on_time=True)


def test_an_open_concern_is_overdue_from_the_day_after_it_was_due() -> None:
    concern = concern_after(raised(), handed())

    assert days_of(concern, day("07-13")) == Days(3, 3, overdue=False, on_time=None)
    assert days_of(concern, day("07-14")) == Days(4, 4, overdue=True, on_time=None)


def test_e65_gross_and_net_days_are_both_shown() -> None:
    waiting = handed(pause=("2023-07-12", "2023-07-15"), reason="parts_ordered")
    concern = concern_after(raised(), waiting, resolved(in_use="2023-07-18"))

    assert days_of(concern, TODAY) == Days(8, 5, overdue=False, on_time=True)
    assert (concern.due, concern.paused_days) == (day("07-18"), 3)


def test_e66_raisers_who_are_silent_for_seven_days_leave_it_unconfirmed() -> None:
    concern = concern_after(*handled(confirmed_by=None))

    assert standing_of(concern, day("07-19")) == "resolved"
    assert standing_of(concern, day("07-20")) == "unconfirmed"


def test_e64_after_a_reopening_the_days_run_from_the_first_day() -> None:
    concern = concern_after(*handled(), reopened(), resolved(in_use="2023-07-20"))

    assert days_of(concern, TODAY) == Days(10, 10, overdue=False, on_time=False)
    assert (concern.state, concern.reopenings, concern.due) == ("resolved", 1, day("07-13"))


def test_f57_every_level_has_its_own_clock_and_the_total_runs_on() -> None:
    up = handed(handler=BO, handler_unit=SCHEME, by=UPPER, on="2023-07-14")
    concern = concern_after(raised(), handed(), up, resolved(by=BO, in_use="2023-07-18"))
    first, second = levels_of(concern, TODAY)

    assert days_of(concern, TODAY) == Days(8, 8, overdue=False, on_time=False)
    assert (first.unit, first.to_day, first.gross_days, first.overdue) == (
        BRANCH_X,
        "2023-07-14",
        4,
        True,
    )
    assert (second.unit, second.due, second.gross_days, second.overdue) == (
        SCHEME,
        "2023-07-19",
        4,
        False,
    )


def test_a_unit_that_gets_a_concern_back_begins_no_new_level() -> None:
    up = handed(handler_unit=SCHEME, by=UPPER, on="2023-07-12")
    down, up_again = handed(on="2023-07-13"), handed(handler_unit=SCHEME, on="2023-07-14")
    concern = concern_after(raised(), handed(), up, down, up_again)

    assert [level.unit for level in concern.levels] == [BRANCH_X, SCHEME]


def test_another_urgency_counts_from_the_day_raised() -> None:
    concern = concern_after(raised(urgency="ordinary"), handed(urgency="at_once"))

    assert concern.due == day("07-10")


def test_f67_a_stage_that_stays_in_the_plan_keeps_the_day_on_which_it_was_reached() -> None:
    plan = {"measure": "2023-07-12", "glass": "2023-07-20"}
    concern = concern_after(
        raised(urgency="ordinary"),
        handed(stages=plan),
        handed(reached="measure", on="2023-07-13"),
        handed(reached="measure", on="2023-07-14"),
        handed(stages={**plan, "paint": "2023-07-25"}, on="2023-07-15"),
    )
    stages = stages_of(concern, day("07-22"))

    assert [(one.name_zh, one.reached_on, one.kept) for one in stages] == [
        ("measure", "2023-07-13", False),
        ("glass", None, False),
        ("paint", None, None),
    ]


def test_a_merged_concern_brings_the_earlier_first_day() -> None:
    merge = handed("cn-2", merge_into="cn-1", on="2023-07-12")
    concern = concern_after(raised(), raised("cn-2", by=BO, on="2023-07-03"), handed(), merge)

    assert (concern.raised_on, concern.due) == (day("07-03"), day("07-06"))


def test_a_concern_raised_before_the_scheme_is_published_has_weekdays_as_working_days() -> None:
    first, *rest = world()
    ledger = FoldedLedger(SCHEME)
    before = [one for one in rest if b'"jifen.unit.registered.v1"' in one]
    for payload in (*before, raised(), first, confirmed(by=ANNA)):
        ledger.receive(payload)
    concern = ledger.state.concerns.get("cn-1")

    assert concern is not None
    assert (concern.due, ledger.records[-1].code) == (day("07-13"), "wrong_state")
