"""Why a number is what it is: from a score down to its claims, from a posting up to its event."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from jifen_contracts.ids import Id
from jifen_ledger.adapters.http.parameters import Capacity, Ordinal, Period, Seq
from jifen_ledger.application.queries.explain import PostingAnswer, posting_explained
from jifen_ledger.application.queries.explain_figures import figures_explained
from jifen_ledger.application.queries.outcomes import record_of
from jifen_ledger.board.visits import AVisit, if_seen

ROUTES = APIRouter()


@ROUTES.get("/why")
async def why(
    visit: AVisit,
    holder: Annotated[Id, Query()],
    capacity: Annotated[Capacity, Query()],
    period: Annotated[Period, Query()],
) -> Response:
    """Show everything behind a score: its terms, items, caps and claims."""
    answer = await figures_explained(visit.reads, visit.then, visit.asked, holder, capacity, period)
    found = await visit.reads.holder(holder, visit.asked.read_on)
    people = [
        person
        for quarter in answer.quarters
        for item in quarter.items
        for claim in item.claims
        for person in claim.deciders
    ]
    return visit.page(
        "why.html",
        answer=answer,
        branch=holder if capacity == "unit" or found is None else found.branch,
        names=await visit.names([holder, *people]),
    )


@ROUTES.get("/postings/{seq}/{ordinal}")
async def posting(visit: AVisit, seq: Seq, ordinal: Ordinal) -> Response:
    """Show everything behind one posting, with the event as it was recorded."""
    answer = await posting_explained(visit.all_deeds, visit.asked, seq, ordinal)
    opened = await if_seen(record_of(visit.ended.reads, visit.ended.asked, seq))
    if isinstance(answer, PostingAnswer):
        people = [*answer.preliminary_deciders, *answer.deciders, *answer.counterpart]
        names = await visit.names([answer.holder, answer.branch, *people])
        return visit.page(
            "posting.html", answer=answer, record_seen=opened is not None, names=names
        )
    names = await visit.names([answer.holder])
    return visit.page("lots.html", answer=answer, record_seen=opened is not None, names=names)
