"""Every edge case, golden example and invariant of the rule book has a test with its number."""

from tests.docs.numbered import numbers_with_a_test

EDGE_CASES = {f"e{number:02}" for number in range(1, 74)}
GOLDEN_EXAMPLES = {f"g{number}" for number in range(1, 23)}
INVARIANTS = {f"invariant_{number}" for number in range(1, 21)}
# What a screen shows, or leaves out, is no rule of the fold.
NO_RULES = {
    "e56": "a private hint belongs to the person's own screen; that no last place is published "
    "is shown by the tests of boards under bands",
}


def test_every_edge_case_that_is_a_rule_has_a_test_with_its_number() -> None:
    assert EDGE_CASES - numbers_with_a_test() == NO_RULES.keys()


def test_every_golden_example_has_a_test_with_its_number() -> None:
    assert GOLDEN_EXAMPLES - numbers_with_a_test() == set()


def test_every_invariant_has_a_test_with_its_number() -> None:
    assert INVARIANTS - numbers_with_a_test() == set()
