"""Who opened a page as it was at a moment stays in that moment, wherever its links lead."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.board_world import QUARTER
from tests.support.boarding import Board
from tests.support.crawling import links_of
from tests.support.people import ANNA, BRANCH_X

pytestmark = pytest.mark.asyncio(loop_scope="session")

STARTS = (
    f"/?period={QUARTER}",
    f"/units/{BRANCH_X}?period={QUARTER}",
    f"/units/{BRANCH_X}/bulletins/{QUARTER}",
    f"/people/{ANNA}?year=2023",
    f"/why?holder={ANNA}&capacity=member&period={QUARTER}",
    f"/people/{ANNA}/statement?capacity=member",
    "/claims/c-b06",
    "/concerns",
)


async def frozen_at(board: Board) -> int:
    """The record that froze the branch's first bulletin."""
    answer = await board.asking.get(f"/branches/{BRANCH_X}/bulletins/{QUARTER}", revision=1)
    seq: int = answer["content"]["upto_seq"]
    return seq


def at(path: str, **moment: object) -> str:
    added = "&".join(f"{name}={value}" for name, value in moment.items())
    return f"{path}{'&' if '?' in path else '?'}{added}"


def leaving(text: str, moment: dict[str, list[str]]) -> list[str]:
    """Links to pages of the scheme that are not of the moment, but for the one way back."""
    main = re.sub(r"<p class=\"notice then\".*?</p>", "", text, flags=re.DOTALL)
    return [
        one
        for one in links_of(main)
        if one.startswith("/board/plant/")
        and not moment.items() <= parse_qs(urlsplit(one).query).items()
    ]


async def test_every_link_of_a_page_at_a_moment_leads_to_the_same_moment(board: Board) -> None:
    seq = await frozen_at(board)
    moment = {"known_at": [str(seq)], "as_of": ["2023-09-30"]}
    left = {}
    for path in STARTS:
        text = await board.page(at(path, known_at=seq, as_of="2023-09-30"))
        left[path] = leaving(text, moment)

    assert left == {path: [] for path in STARTS}


async def test_from_the_plant_two_links_on_the_score_is_still_that_of_the_moment(
    board: Board,
) -> None:
    """The deduction that was reversed later is still in the score."""
    seq = await frozen_at(board)
    person = await board.page(at(f"/people/{ANNA}?year=2023", known_at=seq))
    why = next(one for one in links_of(person) if "/why?" in one and "capacity=member" in one)
    then, now = await board.page(why), await board.page(why.partition("&known_at")[0])

    assert "Why 88.3" in then
    assert "Why 90.3" in now


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("这是过去某一时刻的看板", "回到现在", "当时")),
        ("en", ("as it was known", "Back to the present", "As of then")),
    ],
)
async def test_a_page_of_the_past_says_so_and_shows_the_way_back(
    board: Board, language: str, words: tuple[str, str]
) -> None:
    seq = await frozen_at(board)
    then = await board.page(at(f"/people/{ANNA}?year=2023", known_at=seq), language=language)
    now = await board.page(f"/people/{ANNA}?year=2023", language=language)

    assert all(one in then for one in words)
    assert f'href="/board/plant/people/{ANNA}?year=2023"' in then
    assert not any(one in now for one in words)


async def test_a_moment_that_is_ahead_or_no_moment_is_refused(board: Board) -> None:
    answers = [
        (await board.open(f"/concerns?{query}")).status_code
        for query in ("known_at=99999999", "known_at=soon", "as_of=2023-13-01")
    ]

    assert answers == [422, 422, 422]
