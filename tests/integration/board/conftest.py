"""Every test here may ask for the board, and for what its readers find on it."""

import asyncio
from collections.abc import Mapping

import pytest

from tests.support.board_world import GRADED, QUARTER
from tests.support.boarding import board, board_database, boarding
from tests.support.crawling import Visited, crawl
from tests.support.people import ANNA, BO

__all__ = ["board", "board_database"]

Crawled = Mapping[tuple[str, str], Mapping[str, Visited]]
# Where a reader begins who has no link to a page of their own.
STARTS = {
    "self": [f"/board/plant/people/{ANNA}"],
    "branch": [f"/board/plant/people/{BO}"],
    "fellow": [f"/board/plant/units/{GRADED}?period={QUARTER}"],
}
ROUNDS = (
    ("upper", "en"),
    ("upper", "zh"),
    ("self", "zh"),
    ("auditor", "en"),
    ("reviewer", "zh"),
    ("branch", "en"),
    ("fellow", "en"),
    ("staff", "en"),
    ("public", "zh"),
    ("shop", "en"),
)


@pytest.fixture(scope="session")
def crawled(board_database: str, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """What links led each reader to, in a language."""

    async def everything() -> Crawled:
        async with boarding(board_database, tmp_path_factory.mktemp("board")) as opened:
            return {
                (who, language): await crawl(opened, who, language, *STARTS.get(who, ()))
                for who, language in ROUNDS
            }

    return asyncio.run(everything())
