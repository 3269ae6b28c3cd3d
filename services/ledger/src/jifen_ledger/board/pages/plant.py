"""The plant: its branches compared, where their quarters stand, and their health checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from jifen_contracts.ids import QuarterText
from jifen_contracts.periods import last_day, quarter_of
from jifen_ledger.application.queries.bulletins import BulletinAnswer, bulletin_of
from jifen_ledger.application.queries.comparison import (
    Comparison,
    ComparisonAsked,
    UnitEntry,
    comparison_of,
)
from jifen_ledger.application.queries.concern_figures import concern_figures_of
from jifen_ledger.application.queries.quarters import QuarterAnswer, quarters_answer
from jifen_ledger.board.charts.bars import bar_width
from jifen_ledger.board.spans import quarters_around
from jifen_ledger.board.visits import AVisit, Visit, if_seen

ROUTES = APIRouter()


@dataclass(frozen=True, slots=True)
class BranchLine:
    """A branch on the plant's page."""

    unit: str
    unit_class: str | None
    entry: UnitEntry | None
    width: int
    quarter: QuarterAnswer
    light: str | None
    bulletin: BulletinAnswer | None


@ROUTES.get("/")
async def plant(
    visit: AVisit,
    period: Annotated[QuarterText | None, Query()] = None,
    capacity: Annotated[Literal["member", "committee"], Query()] = "member",
) -> Response:
    """Show the whole scheme; who sees the scheme and offers only is led to the scheme."""
    if visit.outside:
        return RedirectResponse(visit.to.rules(), 303, {"Cache-Control": "no-store"})
    quarter = period or visit.quarter
    compared = await if_seen(
        comparison_of(visit.reads, visit.asked, ComparisonAsked(quarter, "branch", capacity, None))
    )
    lines = await _lines(visit, quarter, compared)
    root = visit.reader.scheme
    return visit.page(
        "plant.html",
        names=await visit.names([root, *(line.unit for line in lines)]),
        root_unit=root,
        span=quarters_around(quarter, quarter_of(visit.asked.today)),
        capacity=capacity,
        classes=_by_class(lines),
        lines=lines,
        compared=compared,
        minimum=None if visit.version is None else visit.version.document.ranking.min_n,
        health=_health(visit, lines),
        concerns=await if_seen(
            concern_figures_of(visit.ended.reads, visit.ended.asked, root, quarter)
        ),
    )


async def _lines(visit: Visit, quarter: str, compared: Comparison | None) -> list[BranchLine]:
    reads, asked = visit.reads, visit.asked
    entries = {} if compared is None else {one.unit: one for one in compared.entries}
    day = last_day(quarter)
    lines = []
    for id_, unit in sorted((await reads.units()).items()):
        state = unit.on(day) or unit.latest
        if state.kind != "branch" or not (unit.in_force(day) or id_ in entries):
            continue
        quarters = await quarters_answer(reads, asked, id_, quarter[:4])
        entry = entries.get(id_)
        stands = next(one for one in quarters.quarters if one.quarter == quarter)
        lines.append(
            BranchLine(
                unit=id_,
                unit_class=state.class_,
                entry=entry,
                width=bar_width(None if entry is None else entry.mean),
                quarter=stands,
                light=_worst(stands),
                bulletin=await if_seen(bulletin_of(reads, asked, id_, quarter, revision=None)),
            )
        )
    return lines


def _worst(quarter: QuarterAnswer) -> str | None:
    """Return the worst light of the quarter's deadlines, None where none has come yet."""
    lights = {one.light for one in quarter.milestones}
    return next((one for one in ("red", "amber", "green") if one in lights), None)


def _by_class(lines: Sequence[BranchLine]) -> list[tuple[str | None, list[BranchLine]]]:
    """Return the branches by class, since they compare only within one; ranked ones first."""
    order = ("frontline", "support", "office", None)
    found = []
    for class_ in order:
        own = [line for line in lines if line.unit_class == class_]
        own.sort(key=lambda line: (_rank(line), -line.width, line.unit))
        if own:
            found.append((class_, own))
    return found


def _rank(line: BranchLine) -> int:
    rank = None if line.entry is None else line.entry.rank
    return 1_000_000 if rank is None else rank


def _health(visit: Visit, lines: Sequence[BranchLine]) -> Mapping[str, object] | None:
    """Return the health checks side by side, of the bulletins that the reader may open."""
    published = [line for line in lines if line.bulletin is not None]
    if not published or visit.version is None:
        return None
    lights = {
        line.unit: {one["line"]: one["light"] for one in line.bulletin.content["health"]}
        for line in published
        if line.bulletin is not None
    }
    return {"lines": visit.version.document.health, "branches": published, "lights": lights}
