"""How many examples a property is tried with: some for every commit, many more at night."""

import os

NIGHTLY = os.environ.get("JIFEN_TEST_NIGHTLY", "") != ""


def examples(usual: int, nightly: int) -> int:
    return nightly if NIGHTLY else usual
