"""Who opens which page, and that no page tells what its reader may not know."""

import re

import pytest

from tests.integration.board.conftest import Crawled
from tests.support.board_world import BEST, GRADED, NAMES, QUARTER
from tests.support.boarding import COLUMNS, Board
from tests.support.people import ANNA, BRANCH_X, BRANCH_Y, COMMITTEE, DORA

ALL = "self branch staff reviewer upper auditor public shop"
INSIDE = "self branch staff reviewer upper auditor"
OWN = "self reviewer upper auditor"
REVIEWING = "reviewer upper auditor"
OFFICE = "branch staff reviewer upper auditor"
HIGH = "upper auditor"

# `self` is Anna, `branch` Bo, `reviewer` the recorder, all of branch X, as in the reads' matrix.
MATRIX = {
    f"/?period={QUARTER}": INSIDE,
    f"/units/{BRANCH_X}": INSIDE,
    f"/units/{BRANCH_Y}": INSIDE,
    f"/units/{GRADED}/mean?capacity=member&period={QUARTER}": INSIDE,
    f"/units/{GRADED}/ranking?capacity=committee&period={QUARTER}": INSIDE,
    f"/units/{GRADED}/ranking?capacity=member&period={QUARTER}": REVIEWING,
    f"/units/{BRANCH_X}/bulletins/{QUARTER}": INSIDE,
    f"/units/{BRANCH_X}/bulletins/{QUARTER}.csv": INSIDE,
    f"/units/{BRANCH_X}/bulletins/{QUARTER}.json": "self branch reviewer upper auditor",
    f"/units/{BRANCH_X}/inbox": REVIEWING,
    f"/units/{BRANCH_Y}/inbox": HIGH,
    f"/units/{BRANCH_X}/objections/{QUARTER}": INSIDE,
    f"/units/{BRANCH_X}/assessments/2023-07": "branch reviewer upper auditor",
    f"/units/{BRANCH_Y}/assessments/2023-07": HIGH,
    f"/people/{ANNA}": f"{OWN} branch",
    f"/people/{COMMITTEE}": OFFICE,
    f"/people/{DORA}": REVIEWING,
    f"/people/{ANNA}/sheet/{QUARTER}": OWN,
    f"/people/{ANNA}/sheet/{QUARTER}.csv": OWN,
    f"/people/{COMMITTEE}/sheet/{QUARTER}": OFFICE,
    f"/people/{ANNA}/form/2023-07": OWN,
    f"/people/{COMMITTEE}/form/2023-07": REVIEWING,
    f"/people/{ANNA}/statement?capacity=member": OWN,
    f"/people/{ANNA}/statement?capacity=wallet": "self auditor",
    f"/people/{COMMITTEE}/statement?capacity=committee": OFFICE,
    f"/people/{ANNA}/wallet": "self upper auditor",
    f"/people/{DORA}/wallet": HIGH,
    f"/why?holder={ANNA}&capacity=member&period={QUARTER}": OWN,
    f"/why?holder={COMMITTEE}&capacity=committee&period={QUARTER}": OFFICE,
    "/claims/c-d03-0": OWN,
    "/claims/c-b06": OWN,
    "/claims/c-open-dora": HIGH,
    "/claims/c-duty-a02-2023-07": OFFICE,
    "/records/1": HIGH,
    "/concerns": INSIDE,
    "/concerns/cn-1": INSIDE,
    "/offers": ALL,
    "/scheme": ALL,
}


async def test_every_column_opens_the_pages_that_the_matrix_allows(board: Board) -> None:
    found = {}
    for path in MATRIX:
        answers = {who: (await board.open(path, who)).status_code for who in COLUMNS}
        # Who sees the scheme alone is led from the first page to it.
        assert set(answers.values()) <= {200, 303, 403}, (path, answers)
        found[path] = " ".join(who for who in COLUMNS if answers[who] == 200)

    expected = {
        path: " ".join(who for who in COLUMNS if who in allowed.split())
        for path, allowed in MATRIX.items()
    }
    assert found == expected


@pytest.mark.parametrize("path", ["/", "/people/m-anna", "/records/1", "/offers"])
async def test_who_is_not_signed_in_gets_the_form_and_nothing_else(board: Board, path: str) -> None:
    answer = await board.open(path, who=None)

    assert answer.status_code == 401
    assert 'name="token"' in answer.text
    assert f'value="/board/plant{path}"' in answer.text


async def test_a_token_of_another_scheme_opens_nothing_here(board: Board) -> None:
    board.asking.add_reader("stranger", "upper", scheme="other")
    answer = await board.open("/scheme", "stranger")

    assert answer.status_code == 403


def seen_by(crawled: Crawled, who: str) -> str:
    """All text of all pages that the reader came to, without the footer that names the reader."""
    texts = [
        page.text
        for (reader, _), pages in crawled.items()
        for page in pages.values()
        if reader == who
    ]
    return "\n".join(re.sub(r"<footer.*?</footer>", "", text, flags=re.DOTALL) for text in texts)


def test_an_auditor_sees_ids_and_no_name(crawled: Crawled) -> None:
    seen = seen_by(crawled, "auditor")

    assert ANNA in seen
    assert not any(name in seen for names in NAMES.values() for name in names)


@pytest.mark.parametrize("who", ["public", "shop"])
def test_who_sees_scheme_and_offers_learns_of_no_person(crawled: Crawled, who: str) -> None:
    seen = seen_by(crawled, who)

    assert "Canteen meal" in seen or "食堂套餐" in seen
    assert re.findall(r"\b[ms]-[a-z0-9-]+\b", seen) == []


def test_under_bands_a_member_learns_no_score_of_another(crawled: Crawled) -> None:
    seen = seen_by(crawled, "fellow")

    assert BEST in seen
    assert "90 and above" in seen
    assert not re.search(r"\b(?:95|91|83)\.0\b", seen)


def test_the_branch_learns_neither_deductions_nor_open_claims_of_a_member(
    crawled: Crawled,
) -> None:
    seen = seen_by(crawled, "branch")

    assert "c-open" not in seen
    assert "c-b06" not in seen
    assert not re.search(r"\b(?:90|88)\.3\b", seen)


async def test_who_raised_a_concern_stays_hidden(board: Board) -> None:
    pages = [
        await board.page("/concerns/cn-1", who)
        for who in ("upper", "reviewer", "branch", "fellow", "staff")
    ]

    assert not any(ANNA in text or name in text for text in pages for name in NAMES[ANNA])


async def test_the_raiser_sees_that_the_concern_is_their_own(board: Board) -> None:
    voices = (await board.page("/concerns/cn-1", "self")).partition('id="voices"')[2]

    assert "Anna Testova" in voices
