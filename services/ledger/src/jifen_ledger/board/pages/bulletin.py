"""A bulletin (通报) as the reader sees it: a page to print, a table, and the bytes of its hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id, QuarterText
from jifen_contracts.points import format_points
from jifen_ledger.adapters.http.parameters import REVISIONS_MAX
from jifen_ledger.application.queries.bulletins import (
    BulletinAnswer,
    bulletin_of,
    bulletins_of,
    sheet_of,
)
from jifen_ledger.application.queries.outcomes import record_of
from jifen_ledger.board.pages.differences import figure_name, figure_value
from jifen_ledger.board.pages.health import health_rows
from jifen_ledger.board.pages.tables import csv_file
from jifen_ledger.board.visits import AVisit, Visit, if_seen

ROUTES = APIRouter(prefix="/units/{unit}/bulletins")
CAPACITIES: Final = ("committee", "member", "unit")
COLUMNS: Final = (
    "holder", "name", "capacity", "base_earned", "base_applicable", "bonus_a", "bonus_b",
    "bonus_c", "bonus_d", "excess", "deductions", "score", "rank", "band", "partial",
)  # fmt: skip

BranchId = Annotated[Id, Path()]
Quarter = Annotated[QuarterText, Path()]
Number = Annotated[int | None, Query(ge=1, le=REVISIONS_MAX)]


@ROUTES.get("/{quarter}.csv")
async def table(
    visit: AVisit, unit: BranchId, quarter: Quarter, revision: Number = None
) -> Response:
    """Return the lines of a revision as a table."""
    answer = await bulletin_of(visit.reads, visit.asked, unit, quarter, revision)
    words = visit.sheet.texts
    head = [words(f"bulletin_column.{name}") for name in COLUMNS]
    lines = [_cells(visit, answer, line) for line in _lines(answer)]
    return csv_file(visit, [head, *lines], f"bulletin-{unit}-{quarter}-{answer.revision}.csv")


@ROUTES.get("/{quarter}.json")
async def sheet(
    visit: AVisit, unit: BranchId, quarter: Quarter, revision: Number = None
) -> Response:
    """Return the sheet byte for byte as it was hashed."""
    found = await sheet_of(visit.reads, visit.asked, unit, quarter, revision)
    return visit.file(found, "application/json", f"bulletin-{unit}-{quarter}.json")


@ROUTES.get("/{quarter}")
async def bulletin(
    visit: AVisit, unit: BranchId, quarter: Quarter, revision: Number = None
) -> Response:
    """Show a revision; without a number, the last one."""
    answer = await bulletin_of(visit.reads, visit.asked, unit, quarter, revision)
    content = answer.content
    revisions = [
        one
        for one in (await bulletins_of(visit.reads, visit.asked, unit)).revisions
        if one.quarter == quarter
    ]
    frozen = next(one for one in revisions if one.revision == answer.revision)
    opened = await if_seen(record_of(visit.ended.reads, visit.ended.asked, frozen.seq))
    panel = content.get("panel")
    people = [] if panel is None else [panel["chair"], *panel["members"]]
    changed = content.get("differences", ())
    people += [one for change in changed for one in change.get("deciders", ())]
    people += [one["holder"] for one in (*content["adjustments"], *content.get("waived", ()))]
    found = await visit.names([unit, *people])
    return visit.page(
        "bulletin.html",
        unit=unit,
        answer=answer,
        content=content,
        frozen=frozen,
        record_seen=opened is not None,
        revisions=revisions,
        lines={capacity: _of(answer, capacity) for capacity in CAPACITIES},
        bands=_bands(answer),
        health=health_rows(visit, answer),
        figure_name=figure_name,
        figure_value=figure_value,
        names={**found, **answer.names},
    )


def _of(answer: BulletinAnswer, capacity: str) -> list[Mapping[str, Any]]:
    """Return the lines of a capacity, the best first where the policy gives ranks."""
    own = [line for line in answer.content["holders"] if line["capacity"] == capacity]
    return sorted(own, key=lambda line: (line.get("rank", 10**6), line["holder"]))


def _bands(answer: BulletinAnswer) -> list[tuple[int, list[str]]]:
    """Return whom the branch sheet lists by band, in no order inside one."""
    bands: dict[int, list[str]] = {}
    for line in answer.content.get("bands", ()):
        bands.setdefault(line["band"], []).append(line["holder"])
    return sorted(bands.items(), reverse=True)


def _lines(answer: BulletinAnswer) -> Sequence[Mapping[str, Any]]:
    return [*answer.content["holders"], *answer.content.get("bands", ())]


def _cells(visit: Visit, answer: BulletinAnswer, line: Mapping[str, Any]) -> list[str]:
    name = answer.names.get(line["holder"])
    bonus = line.get("bonus", {})
    shown = {
        "holder": line["holder"],
        "name": "" if name is None else getattr(name, visit.language),
        "capacity": visit.sheet.texts.word("capacity", line["capacity"]),
        "rank": str(line.get("rank", "")),
        "partial": visit.sheet.texts("bulletin.partial") if line.get("partial") else "",
    }
    for name_ in ("base_earned", "base_applicable", "excess", "deductions", "score", "band"):
        shown[name_] = format_points(line[name_]) if name_ in line else ""
    for category in "abcd":
        listed = "bonus" in line
        shown[f"bonus_{category}"] = format_points(bonus.get(category, 0)) if listed else ""
    return [shown[name_] for name_ in COLUMNS]
