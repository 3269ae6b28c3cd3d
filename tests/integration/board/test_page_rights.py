"""Who opens which page, and what is not there for the rest."""

import pytest

from tests.support.board_world import GRADED, NAMES, QUARTER
from tests.support.boarding import COLUMNS, Board
from tests.support.people import ANNA, BRANCH_X, BRANCH_Y, COMMITTEE, DORA

pytestmark = pytest.mark.asyncio(loop_scope="session")

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
    f"/units/{GRADED}/mean?capacity=member&period={QUARTER}": INSIDE,
    f"/units/{GRADED}/ranking?capacity=member&period={QUARTER}": REVIEWING,
    f"/units/{BRANCH_X}/bulletins/{QUARTER}": INSIDE,
    f"/units/{BRANCH_X}/bulletins/{QUARTER}.json": "self branch reviewer upper auditor",
    f"/units/{BRANCH_X}/inbox": REVIEWING,
    f"/units/{BRANCH_Y}/inbox": HIGH,
    f"/units/{BRANCH_X}/objections/{QUARTER}": INSIDE,
    f"/units/{BRANCH_X}/assessments/2023-07": "branch reviewer upper auditor",
    f"/units/{BRANCH_Y}/assessments/2023-07": HIGH,
    f"/units/{BRANCH_X}/missing/{QUARTER}": REVIEWING,
    f"/units/{BRANCH_Y}/missing/{QUARTER}": HIGH,
    f"/units/{BRANCH_X}/rechecks/{QUARTER}": REVIEWING,
    f"/units/{BRANCH_Y}/rechecks/{QUARTER}": HIGH,
    f"/units/{BRANCH_X}/grades/2023": REVIEWING,
    f"/units/{BRANCH_Y}/grades/2023": HIGH,
    "/awards": OFFICE,
    "/awards?kind=badge": "reviewer upper",
    "/scheme/differences?from=1&to=2": ALL,
    "/scheme/simulation": HIGH,
    f"/people/{ANNA}": f"{OWN} branch",
    f"/people/{COMMITTEE}": OFFICE,
    f"/people/{DORA}": REVIEWING,
    f"/people/{ANNA}/sheet/{QUARTER}": OWN,
    f"/people/{COMMITTEE}/sheet/{QUARTER}": OFFICE,
    f"/people/{ANNA}/form/2023-07": OWN,
    f"/people/{COMMITTEE}/form/2023-07": REVIEWING,
    f"/people/{ANNA}/statement?capacity=member": OWN,
    f"/people/{ANNA}/statement?capacity=wallet": "self auditor",
    f"/people/{COMMITTEE}/statement?capacity=committee": OFFICE,
    f"/people/{ANNA}/wallet": "self upper auditor",
    f"/why?holder={ANNA}&capacity=member&period={QUARTER}": OWN,
    f"/why?holder={COMMITTEE}&capacity=committee&period={QUARTER}": OFFICE,
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


async def test_who_raised_a_concern_stays_hidden(board: Board) -> None:
    pages = [
        await board.page("/concerns/cn-1", who)
        for who in ("upper", "reviewer", "branch", "fellow", "staff")
    ]

    assert not any(ANNA in text or name in text for text in pages for name in NAMES[ANNA])


async def test_the_raiser_sees_that_the_concern_is_their_own(board: Board) -> None:
    voices = (await board.page("/concerns/cn-1", "self")).partition('id="voices"')[2]

    assert "Anna Testova" in voices
