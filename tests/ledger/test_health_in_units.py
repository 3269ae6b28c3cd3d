"""A line of the health check is written in the unit that it is measured in (domain.md §6.5)."""

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_ledger.board.languages import Language, texts_in
from jifen_ledger.board.pages.differences import figure_value
from jifen_ledger.board.pages.health import health_row

LINES = {line.code: line for line in default_document().health}


def written(
    code: str, part: int, whole: int, language: Language = "en"
) -> tuple[str | None, str | None, str, str]:
    checked = {"line": code, "light": "green", "part": part, "whole": whole}
    row = health_row(texts_in(language), LINES[code], checked)
    return row.value, row.share, row.green, row.amber


@pytest.mark.parametrize(
    ("code", "part", "whole", "told"),
    [
        # Per cent of a number of things.
        ("H01", 2, 3, ("66.7 %", "2 / 3", "≥ 100 %", "≥ 80 %")),
        ("H10", 1, 1, ("100.0 %", "1 / 1", "≤ 0 %", "≤ 10 %")),
        ("H11", 0, 0, (None, None, "≥ 90 %", "≥ 60 %")),
        # Per cent of points.
        ("H08", 125, 1_000, ("12.5 %", "12.5 / 100.0", "≤ 5 %", "≤ 15 %")),
        # Working days, and standards that are met: whole numbers.
        ("H05", 2, 1, ("2", None, "≤ 0", "≤ 5")),
        ("H15", 4, 1, ("4", None, "≥ 5", "≥ 4")),
        # So many entries for each of so many months: a mean.
        ("H14", 7, 2, ("3.5", "7 / 2", "≤ 4", "≤ 8")),
        # A level, which is no number at all.
        ("H16", 2, 1, ("by itself", None, "= by itself", "= with help")),
        ("H16", 0, 1, ("no valid panel", None, "= by itself", "= with help")),
    ],
)
def test_a_line_is_written_in_its_unit(
    code: str, part: int, whole: int, told: tuple[str | None, str | None, str, str]
) -> None:
    assert written(code, part, whole) == told


def test_a_level_is_told_in_the_language_of_the_page() -> None:
    assert written("H16", 1, 1, "zh") == ("需上级补足", None, "= 自身达到", "= 需上级补足")


@pytest.mark.parametrize(
    ("figure", "value", "told"),
    [("h08_part", 125, "12.5"), ("h14_whole", 12, "12"), ("h01_part", 3, "3")],
)
def test_what_a_revision_changed_of_a_line_is_in_the_same_unit(
    figure: str, value: int, told: str
) -> None:
    assert figure_value(texts_in("en"), figure, value) == told
