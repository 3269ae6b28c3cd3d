"""What a branch's quarter still lacks: base facts that are due, and drafts that could be filed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from jifen_contracts.ids import Id, QuarterText
from jifen_contracts.periods import month_of, months_of, quarter_of
from jifen_ledger.application.queries.drafts import Draft, drafts_of
from jifen_ledger.application.queries.holders import item_names
from jifen_ledger.application.queries.missing_facts import missing_facts_of
from jifen_ledger.board.spans import quarters_around
from jifen_ledger.board.visits import AVisit, Visit, if_seen

ROUTES = APIRouter(prefix="/units/{unit}")


@ROUTES.get("/missing/{quarter}")
async def missing(
    visit: AVisit, unit: Annotated[Id, Path()], quarter: Annotated[QuarterText, Path()]
) -> Response:
    """Show the facts, by person, and the drafts of the quarter's months that have begun."""
    answer = await missing_facts_of(visit.reads, visit.asked, unit, quarter)
    drafts = await _drafts(visit, unit, quarter)
    holders = sorted({one.holder for one in answer.missing})
    drafted = {one.holder for one in drafts}
    return visit.page(
        "missing.html",
        unit=unit,
        answer=answer,
        by_holder=[
            (holder, [one for one in answer.missing if one.holder == holder]) for holder in holders
        ],
        drafts=drafts,
        items=item_names(await visit.reads.versions()),
        units=await visit.reads.units(),
        span=quarters_around(quarter, quarter_of(visit.asked.today)),
        names=await visit.names([unit, *holders, *drafted]),
    )


async def _drafts(visit: Visit, unit: str, quarter: str) -> list[Draft]:
    now = month_of(visit.ended.asked.today)
    found: list[Draft] = []
    for month in months_of(quarter):
        if month <= now:
            answer = await if_seen(drafts_of(visit.ended.reads, visit.ended.asked, unit, month))
            found += () if answer is None else answer.drafts
    return found
