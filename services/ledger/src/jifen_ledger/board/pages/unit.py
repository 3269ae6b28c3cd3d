"""A unit: a branch with its quarter, committee and health check, a group, or any other unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id, QuarterText
from jifen_contracts.periods import last_day, quarter_of
from jifen_ledger.application.queries.boards import branch_of, kind_of, units_below
from jifen_ledger.application.queries.comparison import (
    Comparison,
    ComparisonAsked,
    UnitEntry,
    comparison_of,
)
from jifen_ledger.application.queries.concern_figures import concern_figures_of
from jifen_ledger.application.queries.concern_list import Wanted, concerns_of
from jifen_ledger.application.queries.refusals import Forbidden, NotFound
from jifen_ledger.application.queries.scores import QuarterScore, scores_of
from jifen_ledger.board.pages.boards import board_shown
from jifen_ledger.board.pages.branches import branch_parts, group_parts
from jifen_ledger.board.spans import quarters_around
from jifen_ledger.board.visits import AVisit, Visit, if_seen

ROUTES = APIRouter()
CONCERNS_SHOWN = 8


@ROUTES.get("/units/{unit}")
async def unit(
    visit: AVisit,
    unit: Annotated[Id, Path()],
    period: Annotated[QuarterText | None, Query()] = None,
) -> Response:
    """Show the unit in a quarter."""
    if visit.outside:
        raise Forbidden("This reader sees the scheme and offers only.")
    quarter = period or visit.quarter
    units = await visit.reads.units()
    if unit not in units:
        raise NotFound("There is no such unit.")
    day, root = last_day(quarter), visit.reader.scheme
    kind = kind_of(units, unit, day)
    branch = branch_of(units, unit, day, root)
    below = units_below(units, unit, day, root)
    wanted = Wanted(unit=unit)
    compared = await _compared(visit, kind, quarter)
    context: dict[str, Any] = {
        "unit": unit,
        "registered": units[unit].on(day) or units[unit].latest,
        "branch": branch,
        "below": [one for one in below if units[one].in_force(day)],
        "kinds": {one: kind_of(units, one, day) for one in below},
        "span": quarters_around(quarter, quarter_of(visit.asked.today)),
        "means": {
            capacity: _mean(compared.get(capacity), unit) for capacity in ("member", "committee")
        },
        "provisional_means": any(one.provisional for one in compared.values()),
        "own": await _own(visit, unit, quarter),
        "members": await board_shown(visit, unit, "member", quarter),
        "concerns": await if_seen(
            concern_figures_of(visit.ended.reads, visit.ended.asked, unit, quarter)
        ),
        "concern_list": await concerns_of(
            visit.ended.reads, visit.ended.asked, wanted, CONCERNS_SHOWN, cursor=None
        ),
    }
    ids = [root, unit, branch, *below]
    match kind:
        case "branch":
            context |= await branch_parts(visit, unit, quarter)
            ids += context.pop("people")
        case "group":
            context |= await group_parts(visit, unit, branch, quarter)
        case _:
            pass
    page = kind if kind in ("branch", "group") else "unit"
    return visit.page(f"{page}.html", names=await visit.names(ids), **context)


async def _compared(visit: Visit, kind: str, quarter: str) -> Mapping[str, Comparison]:
    found = {}
    for capacity in ("member", "committee"):
        wanted = ComparisonAsked(quarter, kind, capacity, None)
        answer = await if_seen(comparison_of(visit.reads, visit.asked, wanted))
        if answer is not None:
            found[capacity] = answer
    return found


def _mean(compared: Comparison | None, unit: str) -> UnitEntry | None:
    entries = () if compared is None else compared.entries
    return next((one for one in entries if one.unit == unit), None)


async def _own(visit: Visit, unit: str, quarter: str) -> QuarterScore | None:
    """Return the unit's own figures, of the points that it earned itself."""
    found = await if_seen(scores_of(visit.reads, visit.asked, unit, quarter[:4]))
    quarters = () if found is None else found.quarters
    return next((one for one in quarters if one.quarter == quarter), None)
