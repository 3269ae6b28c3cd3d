"""Reads about events: outcomes, records, claims, and explanations of postings and figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from jifen_ledger.adapters.http.asking import AQuestion, ARecordedQuestion
from jifen_ledger.adapters.http.keeping import keep_nothing, keep_texts
from jifen_ledger.adapters.http.parameters import (
    ClaimId,
    EventQuery,
    FiguresQuery,
    KnownQuery,
    MomentQuery,
    Ordinal,
    Seq,
)
from jifen_ledger.application.queries.claims import ClaimAnswer
from jifen_ledger.application.queries.explain import PostingAnswer, posting_explained
from jifen_ledger.application.queries.explain_figures import FiguresAnswer, figures_explained
from jifen_ledger.application.queries.explain_wallet import WalletPostingAnswer
from jifen_ledger.application.queries.outcomes import EventOutcome, outcome_of, record_of
from jifen_ledger.application.queries.private_text import Opening
from jifen_ledger.application.queries.shown_text import opening_of
from jifen_ledger.application.queries.told_answers import claim_told

ROUTES = APIRouter(tags=["events"])


@ROUTES.get("/outcomes")
async def outcome(
    question: ARecordedQuestion, query: Annotated[EventQuery, Query()]
) -> EventOutcome:
    """Return what became of an event."""
    return await outcome_of(question.reads, question.asked, query.source, query.id)


@ROUTES.get(
    "/records/{seq}",
    response_class=Response,
    responses={
        200: {
            "description": "The record's exact bytes.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
async def record(
    question: ARecordedQuestion, response: Response, seq: Seq, _: Annotated[KnownQuery, Query()]
) -> Response:
    """Return the record's exact bytes, the leaf of the log."""
    found = await record_of(question.reads, question.asked, seq)
    return Response(found, media_type="application/json", headers=dict(response.headers))


@ROUTES.get("/records/{seq}/opening")
async def opening(
    question: ARecordedQuestion, response: Response, seq: Seq, _: Annotated[KnownQuery, Query()]
) -> Opening:
    """Return the private part of a record's event and its salt, which open its `privatehash`."""
    found = await opening_of(question.reads, question.asked, seq)
    keep_nothing(response.headers)
    return found


@ROUTES.get("/claims/{claim}")
async def claim(
    question: AQuestion, response: Response, claim: ClaimId, _: Annotated[MomentQuery, Query()]
) -> ClaimAnswer:
    """Return a claim's life: claimed, preliminary and verified side by side.

    Each step has its private text and files for the holder, whoever said it and those whose case
    it is; an auditor sees their hashes.

    At an earlier moment it is lapsed or overdue by the time of then; a deed after `as_of` was not
    done yet, and so there is no claim.
    """
    found = await claim_told(question.reads, question.asked, claim)
    keep_texts(response.headers, question.asked, (one.private for one in found.events))
    return found


@ROUTES.get("/explain/postings/{seq}/{ordinal}")
async def explain_posting(
    question: AQuestion, seq: Seq, ordinal: Ordinal, _: Annotated[MomentQuery, Query()]
) -> PostingAnswer | WalletPostingAnswer:
    """Return everything behind one posting, with every step of the caps, as known at a moment.

    It was made once, from every deed known then: with `as_of` a posting of a later deed is not
    there, and others are what they are.
    """
    return await posting_explained(question.all_deeds, question.asked, seq, ordinal)


@ROUTES.get("/explain/figures")
async def explain_figures(
    question: AQuestion, query: Annotated[FiguresQuery, Query()]
) -> FiguresAnswer:
    """Return everything behind a score, down to the claims, on any date and at any record.

    Who sees the published score of the holder only is told what was behind that one.
    """
    return await figures_explained(
        question.reads,
        question.then,
        question.asked,
        query.holder,
        query.capacity,
        query.period,
    )
