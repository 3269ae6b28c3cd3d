"""A claim: claimed, preliminary and verified side by side, its decisions and its deadlines."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from jifen_contracts.ids import Id
from jifen_ledger.application.queries.told_answers import claim_told
from jifen_ledger.board.pages.standards import tier_words
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()


@ROUTES.get("/claims/{claim}")
async def claim(visit: AVisit, claim: Annotated[Id, Path()]) -> Response:
    """Show the claim's life."""
    answer = await claim_told(visit.reads, visit.asked, claim)
    people = [one for stage in answer.events for one in (stage.by, *stage.deciders)]
    stages = (
        ("claimed", answer.claimed),
        ("preliminary", answer.preliminary),
        ("verified", answer.verified),
    )
    capacities = sorted({key for _, stage in stages if stage for key in stage.points})
    versions = await visit.reads.versions()
    return visit.page_with_texts(
        "claim.html",
        [stage.private for stage in answer.events],
        claim=answer,
        stages=stages,
        capacities=capacities,
        tiers=tier_words(versions[answer.version - 1].document, zh=visit.language == "zh"),
        opens=visit.opens("points.earned", answer.holder, answer.branch),
        names=await visit.names([answer.holder, answer.branch, *answer.counterpart, *people]),
    )
