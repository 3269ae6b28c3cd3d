"""An account's statement: every line, with the balance after it and the way to its event."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id
from jifen_ledger.adapters.http.asking import Question
from jifen_ledger.adapters.http.parameters import Cursor
from jifen_ledger.application.queries.balances import Account
from jifen_ledger.application.queries.statement import statement_of
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()
LINES_SHOWN = 50


@ROUTES.get("/people/{holder}/statement")
async def statement(
    visit: AVisit,
    holder: Annotated[Id, Path()],
    capacity: Annotated[Account, Query()],
    cursor: Annotated[Cursor | None, Query()] = None,
) -> Response:
    """Show a page of the statement, the newest line first."""
    question = visit.ended if capacity == "wallet" else Question(visit.asked, visit.reads)
    answer = await statement_of(
        question.reads, question.asked, holder, capacity, "newest", LINES_SHOWN, cursor
    )
    found = await visit.reads.holder(holder, visit.asked.read_on)
    return visit.page(
        "statement.html",
        holder=holder,
        of_unit=found is not None and found.of_unit,
        branch=None if found is None else found.branch,
        answer=answer,
        names=await visit.names([holder]),
    )
