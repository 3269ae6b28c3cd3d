"""Files of an import: headings, encodings, cells, and every problem with its row and column."""

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from jifen_ingest.adapters.importing.table_files import FileUnfit, read_table
from jifen_ingest.domain.importing import cells
from jifen_ingest.domain.importing.cells import CellWrong
from jifen_ingest.domain.importing.kinds.catalogue import KINDS
from jifen_ingest.domain.importing.tables import Problem, read_headings, read_row

ROSTER = KINDS["roster"].columns
HEAD = ["人员编号", "身份类别（正式/预备）", "起始日 *", "Branch", "姓名"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", ","), ("utf-8", "\t")],
)
def test_a_csv_file_is_read_as_spreadsheets_write_it(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    file = tmp_path / "people.csv"
    row = ["m-0a17", "正式党员", "2025-01-01", "u-b01", "王建国"]
    file.write_text("\r\n".join(delimiter.join(one) for one in (HEAD, row, [""] * 5)), encoding)

    table = read_table(file, None)

    assert (table.headings, table.rows) == (HEAD, [(2, row)])


def test_a_workbook_is_read_with_its_days_and_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("出勤")
    for cells_ in (
        ["人员编号", "日期", "次数", "分值", "签到", "空"],
        ["m-0a17", datetime(2025, 1, 9), 3.0, 2.5, True, None],  # noqa: DTZ001 - as Excel has it
    ):
        sheet.append(cells_)
    book.save(tmp_path / "book.xlsx")

    table = read_table(tmp_path / "book.xlsx", "出勤")

    assert table.rows == [(2, ["m-0a17", "2025-01-09", "3", "2.5", "yes", ""])]
    with pytest.raises(FileUnfit, match="the workbook has the sheets Sheet, 出勤"):
        read_table(tmp_path / "book.xlsx", "花名册")


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.csv", b"", "the first row has no headings"),
        ("a.csv", b"a\n\xff\xff", "neither utf-8-sig nor gb18030"),
        ("a.csv", b'a,b\n"open', "not CSV"),
        ("a.xlsx", b"a,b", "not a workbook"),
        ("a.csv", b"a\n" + b"," * 70 + b"x", "row 2 has more than 60 columns"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, complaint: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(FileUnfit, match=complaint):
        read_table(tmp_path / name, None)


def test_headings_may_be_in_either_language_with_remarks() -> None:
    headed, problems = read_headings(ROSTER, HEAD)

    found = [column.name for column in headed.columns if column is not None]
    assert (found, problems) == (["member", "standing", "from", "branch", "name_zh"], [])


def test_every_problem_of_the_headings_is_told_at_once() -> None:
    _, problems = read_headings(ROSTER, ["编号", "id", "工资"])

    assert problems == [
        Problem(1, "id", "this column is there twice"),
        Problem(1, "工资", "no such column"),
        Problem(1, "standing 身份类别", "this column is missing"),
        Problem(1, "from 起始日", "this column is missing"),
    ]


def test_every_problem_of_a_row_is_told_with_the_heading_of_the_file() -> None:
    headed, _ = read_headings(ROSTER, HEAD)

    _, problems = read_row(headed, 7, ["王建国", "", "2025-02-30", "u-b01"])

    assert [(one.row, one.column) for one in problems] == [
        (7, "人员编号"),
        (7, "起始日 *"),
        (7, "身份类别（正式/预备）"),
    ]


def test_a_problem_never_repeats_what_stands_in_the_cell() -> None:
    headed, _ = read_headings(ROSTER, HEAD)

    _, problems = read_row(headed, 2, ["王建国", "秘密", "秘密", "秘密", "王建国"])

    assert [
        one.message for one in problems if "秘密" in one.message or "王建国" in one.message
    ] == []


@pytest.mark.parametrize("text", ["2025-01-09", "2025/1/9", "2025.1.9", "2025年1月9日",
                                  "2025-01-09 00:00:00"])  # fmt: skip
def test_a_day_may_be_written_as_people_do(text: str) -> None:
    assert cells.a_day(text) == date(2025, 1, 9)


@pytest.mark.parametrize(
    ("text", "period"),
    [("2025-01", "2025-01"), ("2025年1月", "2025-01"), ("2025Q1", "2025-Q1"),
     ("2025年第1季度", "2025-Q1"), ("2025-q3".upper(), "2025-Q3")],
)  # fmt: skip
def test_a_period_may_be_written_as_people_do(text: str, period: str) -> None:
    assert cells.a_period(text) == period


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (cells.an_id, "王建国"), (cells.an_id, "A-1"), (cells.a_day, "1.1.2025"),
        (cells.a_period, "2025-13"), (cells.a_count, "-1"), (cells.a_count, "2.5"),
        (cells.an_amount, "2.55"), (cells.an_item, "E01"), (cells.a_tier, "Plant 1"),
        (cells.a_hash, "abc"), (cells.a_name, "a\nb"), (cells.a_phone, "call me"),
        (cells.yes_or_no, "maybe"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(read: cells.Read, text: str) -> None:
    with pytest.raises(CellWrong):
        read(text)
