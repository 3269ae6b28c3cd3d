"""The sixteen lines of the health check, by the limits of the default scheme (domain.md §6.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts.scheme.default import default_document
from jifen_ledger.domain.bulletin.health import HealthLine, Share, health_check, red_lines
from jifen_ledger.domain.lights import Light

LINES = tuple(f"H{number:02}" for number in range(1, 17))


def checked(measured: dict[str, Share], still_red: set[str] | None = None) -> dict[str, HealthLine]:
    lines = health_check(default_document().health, measured, still_red or set())
    return {line.line: line for line in lines}


def light(line: str, share: Share) -> str:
    return checked({line: share})[line].light.value


def test_the_default_scheme_has_sixteen_lines() -> None:
    assert tuple(checked({})) == LINES


@pytest.mark.parametrize(
    ("line", "lights"),
    [
        ("H01", {100: "green", 99: "amber", 80: "amber", 79: "red"}),
        ("H02", {0: "green", 1: "amber", 2: "amber", 3: "red"}),
        ("H03", {95: "green", 94: "amber", 80: "amber", 79: "red"}),
        ("H04", {95: "green", 94: "amber", 80: "amber", 79: "red"}),
        ("H06", {100: "green", 99: "amber", 80: "amber", 79: "red"}),
        ("H07", {5: "green", 6: "amber", 15: "amber", 16: "red"}),
        ("H08", {5: "green", 6: "amber", 15: "amber", 16: "red"}),
        ("H09", {95: "green", 94: "amber", 80: "amber", 79: "red"}),
        ("H10", {0: "green", 1: "amber", 10: "amber", 11: "red"}),
        ("H11", {90: "green", 89: "amber", 60: "amber", 59: "red"}),
        ("H12", {10: "green", 11: "amber", 25: "amber", 26: "red"}),
        ("H13", {60: "green", 59: "amber", 30: "amber", 29: "red"}),
        ("H14", {400: "green", 401: "amber", 800: "amber", 801: "red"}),
    ],
)
def test_a_share_shows_the_light_of_its_line(line: str, lights: dict[int, str]) -> None:
    assert {part: light(line, Share(part, 100)) for part in lights} == lights


@pytest.mark.parametrize(
    ("line", "lights"),
    [
        ("H05", {0: "green", 1: "amber", 5: "amber", 6: "red"}),
        ("H15", {5: "green", 4: "amber", 3: "red"}),
        ("H16", {2: "green", 1: "amber", 0: "red"}),
    ],
)
def test_a_plain_number_shows_the_light_of_its_line(line: str, lights: dict[int, str]) -> None:
    assert {number: light(line, Share(number, 1)) for number in lights} == lights


@pytest.mark.parametrize("line", LINES)
def test_a_line_with_nothing_to_judge_is_grey(line: str) -> None:
    assert light(line, Share()) == "grey"


def test_fewer_than_five_answers_show_no_satisfaction() -> None:
    assert [light("H11", Share(0, 4)), light("H11", Share(5, 5))] == ["grey", "green"]


@given(st.sets(st.sampled_from(LINES)))
def test_a_red_line_stays_red_until_its_fix_is_confirmed(still_red: set[str]) -> None:
    lines = checked({"H01": Share(9, 9), "H03": Share(9, 9), "H15": Share(5, 1)}, still_red)

    assert red_lines(tuple(lines.values())) == still_red
    assert {line for line, found in lines.items() if found.stays_red} == still_red
    assert {found.light for found in lines.values()} <= {Light.GREEN, Light.GREY, Light.RED}
