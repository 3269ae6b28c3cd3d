"""The numbers of the rule book (domain.md §8, §9) that the names of tests bear."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.docs.readme import ROOT

TESTS = ROOT / "tests"
NUMBER = re.compile(r"_(e[0-9]{2}|g[0-9]{1,2}|invariant_[0-9]{1,2})(?=_)")


def names() -> Iterator[str]:
    """The functions of tests, and the invariants that a state machine asks after."""
    for path in sorted(TESTS.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(
                ("test_", "invariant_")
            ):
                yield f"_{node.name}"


@cache
def numbers_with_a_test() -> frozenset[str]:
    """Such as `e04`, `g22`, `invariant_7`."""
    return frozenset(found for name in names() for found in NUMBER.findall(name))
