"""What to look at again: the sample of a quarter, patterns, and claims that no longer fit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from jifen_contracts.ids import Id, QuarterText
from jifen_contracts.periods import quarter_of
from jifen_ledger.application.queries.holders import item_names
from jifen_ledger.application.queries.patterns import Patterns, patterns_of
from jifen_ledger.application.queries.rechecks import recheck_of
from jifen_ledger.application.queries.unfit import unfit_claims
from jifen_ledger.board.spans import quarters_around
from jifen_ledger.board.visits import AVisit, if_seen

ROUTES = APIRouter(prefix="/units/{unit}")
UNFIT_SHOWN = 50


@ROUTES.get("/rechecks/{quarter}")
async def rechecks(
    visit: AVisit, unit: Annotated[Id, Path()], quarter: Annotated[QuarterText, Path()]
) -> Response:
    """Show the three; nothing follows from any of them by itself."""
    reads, asked = visit.reads, visit.asked
    patterns = await patterns_of(reads, asked, unit, quarter)
    unfit = None
    # What the registers say now has no earlier moment.
    if not asked.moment:
        unfit = await if_seen(unfit_claims(reads, asked, unit, quarter, UNFIT_SHOWN, cursor=None))
    sample = await if_seen(recheck_of(reads, asked, unit, quarter))
    drawn = [] if sample is None else [one.claim for one in (*sample.drawn, *sample.more)]
    claims = {one.id: one for one in await reads.claims(drawn)} if drawn else {}
    holders = [one.holder for one in claims.values()]
    return visit.page(
        "rechecks.html",
        claims=claims,
        items=item_names(await reads.versions()),
        unit=unit,
        quarter=quarter,
        sample=sample,
        patterns=patterns,
        unfit=unfit,
        span=quarters_around(quarter, quarter_of(asked.today)),
        names=await visit.names([unit, *holders, *_people(patterns)]),
    )


def _people(patterns: Patterns) -> list[str | None]:
    pairs = [one for pair in (*patterns.reviews, *patterns.helps) for one in (pair.one, pair.other)]
    concerned = [one for pair in patterns.concerns for one in (pair.raiser, pair.handler)]
    return [*pairs, *(one.by for one in patterns.bursts), *concerned]
