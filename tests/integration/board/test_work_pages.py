"""Pages for those who do the branch's work: what is missing, looked at again, proposed, awarded."""

import re

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.items import TierLine
from tests.support.board_world import GRADED, QUARTER
from tests.support.boarding import Board
from tests.support.crawling import links_of
from tests.support.people import ANNA, BRANCH_X, BRANCH_Y

pytestmark = pytest.mark.asyncio(loop_scope="session")


def words(text: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


async def test_while_the_year_runs_nothing_is_proposed_and_the_page_says_so(board: Board) -> None:
    path = f"/units/{GRADED}/grades/2023"
    en, zh = await board.page(path), await board.page(path, language="zh")

    assert "The year is not over" in en
    assert ("本年度尚未结束" in zh, "优秀名额" in zh) == (True, False)


async def test_missing_facts_are_told_person_by_person_with_the_drafts(board: Board) -> None:
    path = f"/units/{BRANCH_X}/missing/2023-Q4"
    answer = await board.asking.get(f"/branches/{BRANCH_X}/quarters/2023-Q4/missing-facts")
    en, zh = words(await board.page(path)), words(await board.page(path, language="zh"))
    numbers = (answer["due"], len(answer["missing"]))

    assert numbers[1] > 0
    assert f"{numbers[0]} are due in the quarter, {numbers[1]} of them are missing." in en
    assert f"本季度应有 {numbers[0]} 项,还缺 {numbers[1]} 项。" in zh
    assert ("Anna Testova" in en, "安娜" in zh) == (True, True)
    assert ("B04 Self-assessment on time" in en, "B04 三级自评按时" in zh) == (True, True)


async def test_a_person_s_page_has_the_published_score_of_the_year_beside_that_of_now(
    board: Board,
) -> None:
    path = f"/people/{ANNA}?year=2023"
    frozen = await board.asking.get(f"/branches/{BRANCH_X}/bulletins/{QUARTER}", revision=1)
    then = await board.page(f"{path}&known_at={frozen['content']['upto_seq']}")
    now = await board.page(path)
    years = [
        re.findall(r"\d+\.\d", words(text.partition("<tfoot>")[2].partition("</tfoot>")[0]))
        for text in (then, now)
    ]

    assert years == [["88.3", "88.3"], ["90.3", "90.3"]]


async def test_x16_the_sample_is_shown_with_its_rule_and_the_state_of_each_re_check(
    board: Board,
) -> None:
    path = f"/units/{BRANCH_X}/rechecks/{QUARTER}"
    answer = await board.asking.get(f"/branches/{BRANCH_X}/quarters/{QUARTER}/recheck")
    en, zh = await board.page(path), await board.page(path, language="zh")
    claims = [one.rpartition("/")[2] for one in links_of(en) if "/claims/" in one]

    assert [one["claim"] for one in answer["drawn"]] == claims[: len(answer["drawn"])]
    assert answer["content_hash"] in en
    assert ("SHA-256(通报哈希 + 申报号)" in zh, "只作提示" in zh) == (True, True)


async def test_before_the_bulletin_there_is_no_sample_and_the_page_says_so(board: Board) -> None:
    text = await board.page(f"/units/{BRANCH_X}/rechecks/2023-Q4")

    assert "Nothing is drawn before the quarter" in text


async def test_awards_that_are_held_are_listed_by_kind_and_unit(board: Board) -> None:
    every = await board.page("/awards", "branch")
    of_branch = await board.page(f"/awards?unit={BRANCH_X}&kind=title", "branch", "zh")
    of_other = await board.page(f"/awards?unit={BRANCH_Y}", "branch")

    assert ("Pace-setter" in every, "Anna Testova" in every) == (True, True)
    assert "Pace-setter" in of_branch
    assert "There are no awards" in of_other


@pytest.mark.parametrize(
    ("branch", "en", "zh"),
    [(BRANCH_X, "to u-y", "转往 u-y"), (BRANCH_Y, "from u-x", "来自 u-x")],
)
async def test_e33_who_is_on_the_way_stands_on_the_pages_of_both_branches(
    board: Board, branch: str, en: str, zh: str
) -> None:
    path = f"/units/{branch}?period=2023-Q4"
    pages = {
        language: words(await board.page(path, "upper", language)) for language in ("en", "zh")
    }

    assert ("On the way" in pages["en"], f"Bo Testov {en}" in pages["en"]) == (True, True)
    assert ("在途人员" in pages["zh"], f"博 {zh}" in pages["zh"]) == (True, True)


async def test_f04_two_versions_are_compared_value_by_value(board: Board) -> None:
    text = await board.page("/scheme/differences?from=1&to=2", "public")
    rules = await board.page("/scheme", "public")

    zh = words(await board.page("/scheme/differences?from=1&to=2", "public", "zh"))

    assert re.search(r"D03 Snap report · line · member · value .* changed 0\.5 0\.7", words(text))
    assert re.search(r"D03 随手拍 · 分值线 · 党员 · 分值 .* 修改 0\.5 0\.7", zh)
    assert "/board/plant/scheme/differences?from=1&amp;to=2" in rules


async def test_what_was_due_is_shown_as_it_was_known(board: Board) -> None:
    """Before anybody's facts of the quarter came, all of them were missing."""
    path = f"/units/{BRANCH_X}/missing/{QUARTER}"
    at_first = await board.page(f"{path}?known_at=100")
    now = await board.page(path)
    early = await board.page(f"{path}?as_of=2023-07-30")

    counts = [text.count("<td") for text in (at_first, now, early)]
    assert counts[0] > counts[1] > counts[2]


async def test_a_member_s_page_leads_to_the_figures_and_no_work_of_others(board: Board) -> None:
    links = links_of(await board.page(f"/units/{BRANCH_X}?period={QUARTER}", "branch"))

    assert not [one for one in links if re.search(r"/(missing|rechecks|grades)/", one)]
    assert f"/board/plant/awards?unit={BRANCH_X}" in links
    assert ANNA not in "".join(one for one in links if "/awards" in one)


async def test_a_claim_says_what_its_tier_asks_for_and_not_the_key_alone(board: Board) -> None:
    en, zh = [words(await board.page("/claims/c-b06", language=one)) for one in ("en", "zh")]
    [item] = [one for one in default_document().items if one.code == "B06"]
    line = item.lines.member
    assert isinstance(line, TierLine)
    [tier] = [one for one in line.tiers if one.key == "absent"]

    assert f"tier {tier.test_en} absent" in en
    assert f"档次 {tier.test_zh} absent" in zh
