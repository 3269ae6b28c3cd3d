"""The page of features names every row it must, and tests that exist."""

import re

import pytest

from tests.docs.readme import ROOT

PAGE = ROOT / "docs" / "features.md"
ROW = re.compile(r"^\| ([FX][0-9]{2}) \| (P[01]) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[a-z0-9_/]+\.py)(?:::(test_[a-z0-9_]+))?`")
# The rows of first and second priority: 73 of the acceptance list.
FEATURES = {
    *(f"F{number:02}" for number in (*range(1, 12), *range(13, 17), *range(18, 24))),
    *(f"F{number:02}" for number in (25, 27, 28, 30, 31, 32, 35, 37, 38, 42, 43, 44, 46)),
    *(f"F{number:02}" for number in (52, 53, 54, 57, *range(63, 68))),
    *(f"X{number:02}" for number in (*range(1, 28), *range(29, 32))),
}
ROWS = {found[1]: found[4] for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def test_the_page_has_a_row_for_every_feature_of_first_and_second_priority() -> None:
    assert ROWS.keys() == FEATURES


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_a_feature_is_shown_by_tests_that_exist_or_said_to_be_absent(feature: str) -> None:
    named = TEST.findall(ROWS[feature])
    missing = [
        (path, test)
        for path, test in named
        if not (ROOT / path).exists()
        or (test and f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]

    assert named or ROWS[feature].startswith("Absent:")
    assert missing == []
