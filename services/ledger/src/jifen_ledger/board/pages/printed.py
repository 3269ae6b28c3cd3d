"""Sheets to print, sign and export: that of a quarter or a year, and the form of a month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from jifen_contracts.ids import Id, MonthText
from jifen_contracts.periods import month_of, quarter_of, year_of
from jifen_contracts.points import format_points, parse_points
from jifen_ledger.adapters.http.parameters import Period
from jifen_ledger.application.queries.assessment import ComparedLine, SubjectMonth, subject_month
from jifen_ledger.application.queries.sheet import Sheet, SheetItem, SheetLine, sheet_of
from jifen_ledger.board.pages.standards import standard_of
from jifen_ledger.board.pages.tables import csv_file
from jifen_ledger.board.spans import months_around, quarters_around, years_around
from jifen_ledger.board.visits import AVisit, Visit

ROUTES = APIRouter(prefix="/people/{holder}")
SHEET_COLUMNS: Final = (
    "common_column.item", "common_column.what", "common_column.capacity", "common_column.kind",
    "sheet_page.done", "sheet_page.most", "sheet_page.required", "sheet_page.left",
    "sheet_page.verified", "sheet_page.open",
)  # fmt: skip
FORM_COLUMNS: Final = (
    "common_column.item", "common_column.what", "common_column.capacity", "form.standard",
    "form.self", "form.preliminary", "form.confirmed", "form.gap",
)  # fmt: skip

HolderId = Annotated[Id, Path()]
SheetPeriod = Annotated[Period, Path()]
Month = Annotated[MonthText, Path()]


@ROUTES.get("/sheet/{period}.csv")
async def sheet_table(visit: AVisit, holder: HolderId, period: SheetPeriod) -> Response:
    """Return the personal sheet as a table."""
    sheet = await sheet_of(visit.reads, visit.then, visit.asked, holder, period)
    head = [visit.sheet.texts(key) for key in SHEET_COLUMNS]
    rows = [
        row
        for item in sheet.items
        for row in (
            [_sheet_cells(visit, item, line) for line in item.lines]
            or [_sheet_cells(visit, item, None)]
        )
    ]
    return csv_file(visit, [head, *rows], f"sheet-{holder}-{period}.csv")


@ROUTES.get("/sheet/{period}")
async def sheet(visit: AVisit, holder: HolderId, period: SheetPeriod) -> Response:
    """Show the personal sheet of a quarter or a year."""
    today = visit.asked.today
    return visit.page(
        "sheet.html",
        holder=holder,
        sheet=await sheet_of(visit.reads, visit.then, visit.asked, holder, period),
        span=quarters_around(period, quarter_of(today))
        if "Q" in period
        else years_around(period, year_of(today)),
        names=await visit.names([holder]),
    )


@ROUTES.get("/form/{month}.csv")
async def form_table(visit: AVisit, holder: HolderId, month: Month) -> Response:
    """Return the form as a table."""
    answer, sheet = await _form(visit, holder, month)
    compared = _by_line(answer)
    head = [visit.sheet.texts(key) for key in FORM_COLUMNS]
    rows = []
    for item in sheet.items:
        for line in item.lines:
            found = compared.get((item.code, line.capacity))
            rows.append(_form_cells(visit, item, line.capacity, found))
    return csv_file(visit, [head, *rows], f"form-{holder}-{month}.csv")


@ROUTES.get("/form/{month}")
async def form(visit: AVisit, holder: HolderId, month: Month) -> Response:
    """Show the form of a month, with lines to sign on."""
    answer, sheet = await _form(visit, holder, month)
    return visit.page(
        "form.html",
        holder=holder,
        answer=answer,
        sheet=sheet,
        compared=_by_line(answer),
        totals=_totals(answer),
        standard=lambda code, capacity: standard_of(visit, code, capacity),
        span=months_around(month, month_of(visit.asked.today)),
        names=await visit.names([holder]),
    )


async def _form(visit: Visit, holder: str, month: str) -> tuple[SubjectMonth, Sheet]:
    """Return what was thought, reviewed and confirmed in a month, and the items there are."""
    answer = await subject_month(visit.ended.reads, visit.ended.asked, holder, month)
    quarter = f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return answer, await sheet_of(visit.reads, visit.then, visit.asked, holder, quarter)


def _by_line(answer: SubjectMonth) -> Mapping[tuple[str, str], ComparedLine]:
    return {(line.item, line.capacity): line for line in answer.lines}


def _totals(answer: SubjectMonth) -> Mapping[str, str]:
    """Return the sums of the three columns of values."""
    return {
        name: format_points(sum(parse_points(getattr(line, name) or "0") for line in answer.lines))
        for name in ("thought", "preliminary", "confirmed")
    }


def _sheet_cells(visit: Visit, item: SheetItem, line: SheetLine | None) -> list[str]:
    texts = visit.sheet.texts
    if line is None:
        why = texts("sheet_page.no_line" if item.applies else "sheet_page.excluded")
        return [item.code, _name(visit, item), why, *[""] * (len(SHEET_COLUMNS) - 3)]
    deducted = line.kind == "deduct" and line.done != "0"
    return [
        item.code,
        _name(visit, item),
        texts.word("capacity_short", line.capacity),
        texts.word("kind", line.kind),
        f"-{line.done}" if deducted else line.done,
        (line.applicable if line.kind == "base" else line.quarter_cap or line.year_cap) or "",
        "" if line.required is None else str(line.required),
        line.left_quarter or line.left_year or "",
        str(line.claims_verified),
        "" if line.claims_open is None else str(line.claims_open),
    ]


def _form_cells(
    visit: Visit, item: SheetItem, capacity: str, found: ComparedLine | None
) -> list[str]:
    values = (
        ("", "", "", "")
        if found is None
        else (found.thought, found.preliminary, found.confirmed, found.gap)
    )
    return [
        item.code,
        _name(visit, item),
        visit.sheet.texts.word("capacity_short", capacity),
        standard_of(visit, item.code, capacity),
        *(value or "" for value in values),
    ]


def _name(visit: Visit, item: SheetItem) -> str:
    return item.name_zh if visit.language == "zh" else item.name_en
