"""The sixteen lines of the health check (domain.md §6.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_ledger.domain.bulletin.health import (
    HealthFacts,
    Light,
    Share,
    health_check,
    red_lines,
)

LINES = tuple(f"H{number:02}" for number in range(1, 17))


def light(line: str, facts: HealthFacts) -> str:
    return next(one.light.value for one in health_check(facts, ()) if one.line == line)


@pytest.mark.parametrize(
    ("line", "field", "lights"),
    [
        ("H01", "meetings", {100: "green", 99: "amber", 80: "amber", 79: "red"}),
        ("H02", "facts_missing", {0: "green", 1: "amber", 2: "amber", 3: "red"}),
        ("H03", "preliminary_on_time", {95: "green", 94: "amber", 80: "amber", 79: "red"}),
        ("H04", "verified_on_time", {95: "green", 94: "amber", 80: "amber", 79: "red"}),
        ("H06", "objections_on_time", {100: "green", 99: "amber", 80: "amber", 79: "red"}),
        ("H07", "overturned", {5: "green", 6: "amber", 15: "amber", 16: "red"}),
        ("H08", "gap", {5: "green", 6: "amber", 15: "amber", 16: "red"}),
        ("H09", "assessments_on_time", {95: "green", 94: "amber", 80: "amber", 79: "red"}),
        ("H10", "concerns_overdue", {0: "green", 1: "amber", 10: "amber", 11: "red"}),
        ("H11", "satisfied", {90: "green", 89: "amber", 60: "amber", 59: "red"}),
        ("H12", "turned_down", {10: "green", 11: "amber", 25: "amber", 26: "red"}),
        ("H13", "active_committee", {60: "green", 59: "amber", 30: "amber", 29: "red"}),
        ("H14", "entries", {400: "green", 401: "amber", 800: "amber", 801: "red"}),
    ],
)
def test_a_share_shows_the_light_of_its_line(line: str, field: str, lights: dict[int, str]) -> None:
    shown = {
        part: light(line, HealthFacts(**{field: Share(part, 100)}))  # type: ignore[arg-type]
        for part in lights
    }

    assert shown == lights


@pytest.mark.parametrize("line", [line for line in LINES if line not in ("H05", "H15", "H16")])
def test_a_line_with_nothing_to_judge_is_grey(line: str) -> None:
    assert light(line, HealthFacts()) == "grey"


def test_fewer_than_five_answers_show_no_satisfaction() -> None:
    assert light("H11", HealthFacts(satisfied=Share(0, 4))) == "grey"
    assert light("H11", HealthFacts(satisfied=Share(5, 5))) == "green"


@pytest.mark.parametrize(("late", "shown"), [(0, "green"), (1, "amber"), (5, "amber"), (6, "red")])
def test_a_bulletin_is_judged_by_its_working_days_of_delay(late: int, shown: str) -> None:
    assert light("H05", HealthFacts(bulletin_late_days=late)) == shown


@pytest.mark.parametrize(("met", "shown"), [(5, "green"), (4, "amber"), (3, "red")])
def test_the_five_standards_of_a_unit_are_counted(met: int, shown: str) -> None:
    assert light("H15", HealthFacts(standards=met)) == shown


def test_a_panel_that_needed_help_is_amber_and_none_is_red() -> None:
    shown = [
        light("H16", HealthFacts()),
        light("H16", HealthFacts(helped=1)),
        light("H16", HealthFacts(has_panel=False)),
    ]

    assert shown == ["green", "amber", "red"]


@given(st.sets(st.sampled_from(LINES)))
def test_a_red_line_stays_red_until_its_fix_is_confirmed(still_red: set[str]) -> None:
    well = HealthFacts(
        **{
            name: Share(100, 100)  # type: ignore[arg-type]
            for name in ("meetings", "preliminary_on_time", "verified_on_time", "satisfied")
        },
        standards=5,
    )
    lines = health_check(well, still_red)

    assert red_lines(lines) == still_red
    assert {line.line for line in lines if line.stays_red} == still_red
    assert {line.light for line in lines} <= {Light.GREEN, Light.GREY, Light.RED}
