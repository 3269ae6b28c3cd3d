"""The demo's years: each takes seconds to make, and tests only look at them."""

from functools import cache

from jifen_local.demo.year import Year, build_year

SEED, OTHER_SEED = 2025, 11


@cache
def year_of(seed: int = SEED) -> Year:
    return build_year(seed)
