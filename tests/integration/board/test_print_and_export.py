"""X23: the bulletin, the personal sheet and the form with signature lines, as page and as table."""

import csv
import io
import re
from codecs import BOM_UTF8
from hashlib import sha256

import pytest

from tests.support.board_world import QUARTER
from tests.support.boarding import Board
from tests.support.people import ANNA, BRANCH_X

pytestmark = pytest.mark.asyncio(loop_scope="session")

BULLETIN = f"/units/{BRANCH_X}/bulletins/{QUARTER}"


async def table(board: Board, path: str, who: str, language: str = "zh") -> list[list[str]]:
    answer = await board.open(path, who, language)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert answer.content.startswith(BOM_UTF8)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("path", "lines"),
    [(BULLETIN, 2), (f"/people/{ANNA}/sheet/{QUARTER}", 2), (f"/people/{ANNA}/form/2023-07", 4)],
)
async def test_each_is_a_page_to_print_and_to_sign(board: Board, path: str, lines: int) -> None:
    page = await board.page(path)
    signatures = page.partition('<dl class="signatures">')[2].partition("</dl>")[0]

    assert re.search(r'<main id="content" class="page paper', page)
    assert signatures.count("<dt>") == lines + 1


async def test_sheet_and_form_have_all_items_of_the_scheme(board: Board) -> None:
    paths = (f"/people/{ANNA}/sheet/{QUARTER}", f"/people/{ANNA}/form/2023-07")
    codes = [
        set(
            re.findall(
                r'<th scope="row"[^>]*><span class="code">([A-D]\d\d)', await board.page(path)
            )
        )
        for path in paths
    ]

    assert [len(found) for found in codes] == [31, 31]


async def test_the_form_has_self_preliminary_and_confirmed_values_side_by_side(
    board: Board,
) -> None:
    rows = await table(board, f"/people/{ANNA}/form/2023-07.csv", "self")
    [attended] = [row for row in rows if row[0] == "B01"]

    assert attended == ["B01", "参加三会一课", "党员", "每月最多 4.0", "4", "4", "4", "0"]


async def test_the_table_of_a_sheet_opens_in_a_spreadsheet(board: Board) -> None:
    rows = await table(board, f"/people/{ANNA}/sheet/{QUARTER}.csv", "self")
    [snaps] = [row for row in rows if row[0] == "D03"]

    assert rows[0][:4] == ["小项", "事项", "身份", "类别"]
    assert snaps == ["D03", "随手拍", "党员", "加分", "1.5", "3", "", "1.5", "3", "0"]


async def test_no_cell_of_a_table_runs_as_a_formula(board: Board) -> None:
    rows = await table(board, f"{BULLETIN}.csv", "upper", "en")
    names = {row[1] for row in rows if row[0] == "m-recorder"}

    assert names == {"'=Recorder"}


async def test_a_table_holds_what_its_reader_may_see_and_no_more(board: Board) -> None:
    full = await table(board, f"{BULLETIN}.csv", "upper", "en")
    open_ = await table(board, f"{BULLETIN}.csv", "branch", "en")
    place = full[0].index("deductions")
    taken = {row[place] for row in open_[1:]}

    assert [ANNA, "Anna Testova", "as member"] in [row[:3] for row in full]
    assert ANNA not in {row[0] for row in open_}
    assert taken == {""}


async def test_the_bytes_of_a_bulletin_have_the_hash_that_its_page_shows(board: Board) -> None:
    for who in ("upper", "branch"):
        page = await board.page(BULLETIN, who)
        answer = await board.open(f"{BULLETIN}.json?revision=2", who)

        assert sha256(answer.content).hexdigest() in page


async def test_a_revision_lists_every_difference_and_the_old_one_stays_readable(
    board: Board,
) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", await board.page(BULLETIN)))
    first = await board.page(f"{BULLETIN}?revision=1")

    assert "Anna Testova as member deductions 2.0 0.0" in page
    assert "Anna Testova as member score 88.3 90.3" in page
    assert "Revision 2 has taken its place" in first
