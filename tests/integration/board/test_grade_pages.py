"""The page of a branch's year in January: what is proposed, and what people have decided."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from jifen_ledger.board.application import open_board
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.boarding import Board
from tests.support.crawling import links_of
from tests.support.graded_branch import BRANCH, graded_branch
from tests.support.judgements import graded
from tests.support.servers import new_database

pytestmark = pytest.mark.asyncio(loop_scope="module")

# In the order of the ids m-g-1 to m-g-6: the quota is two, and two are equal beyond the first.
SCORES = (950, 910, 910, 900, 800, 800)
PAGE = f"/units/{BRANCH}/grades/2023"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def board(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Board]:
    history = [*build.world(), *graded_branch(SCORES), graded("m-g-1", "excellent")]
    directory = tmp_path_factory.mktemp("grades")
    with new_database(postgres_url, migrated_template) as url:
        async with reading(
            url, directory, history, "2024-01-25T10:00:00.000+08:00", alone=True
        ) as asking:
            open_board(asking.application)
            yield Board(asking)


def rows_of(text: str) -> list[list[str]]:
    """The words in the cells of the table, without the excess."""
    found = []
    for row in re.findall(r"<tr><td class=\"num\">.*?</tr>", text, re.DOTALL):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        told = [re.sub(r"<[^>]+>|\s+", " ", one).split() for one in cells]
        found.append([" ".join(one) for one in (*told[:4], told[5])])
    return found


async def test_x06_proposals_stand_beside_the_quota_and_what_was_decided(board: Board) -> None:
    text = await board.page(PAGE)

    assert rows_of(text) == [
        ["1", "m-g-1", "95.0", "excellent", "excellent"],
        ["2", "m-g-2", "91.0", "qualified ▲ tie at the quota", "not yet"],
        ["2", "m-g-3", "91.0", "qualified ▲ tie at the quota", "not yet"],
        ["4", "m-g-4", "90.0", "qualified", "not yet"],
        ["5", "m-g-5", "80.0", "qualified", "not yet"],
        ["5", "m-g-6", "80.0", "qualified", "not yet"],
    ]
    assert "/board/plant/people/m-g-1?year=2023" in links_of(text)
    assert "proposed to nobody" in text


async def test_x06_in_chinese_too(board: Board) -> None:
    text = await board.page(PAGE, language="zh")

    assert rows_of(text)[1] == ["2", "m-g-2", "91.0", "合格 ▲ 名额并列", "未决定"]
    assert all(words in text for words in ("优秀名额", "已定优秀", "系统按得分和名额提出建议"))
