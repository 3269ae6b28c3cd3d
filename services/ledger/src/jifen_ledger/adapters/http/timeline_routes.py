"""Reads of what was so over time: members, units, and transfers under way."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from jifen_contracts.ids import Id
from jifen_ledger.adapters.http.asking import AQuestion
from jifen_ledger.adapters.http.parameters import (
    PAGE_DEFAULT,
    Cursor,
    HolderId,
    Limit,
    MomentQuery,
    UnitId,
)
from jifen_ledger.application.queries.member_timeline import MemberTimeline, member_timeline
from jifen_ledger.application.queries.registrations import Registrations, registrations_of
from jifen_ledger.application.queries.span_pages import SpanPage
from jifen_ledger.application.queries.transfers import Transfers, transfers_of
from jifen_ledger.application.queries.unit_timeline import UnitTimeline, unit_timeline

ROUTES = APIRouter(tags=["timelines"])

BranchId = Annotated[Id, Path(description="A branch.")]


class SpansQuery(MomentQuery):
    """A page of spans; those that begin after `as_of` are left out."""

    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class TransfersQuery(MomentQuery):
    """A page of the transfers under way on the day `as_of`, today where none is named."""

    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class RegistrationsQuery(MomentQuery):
    """A page of the channels, or one of them."""

    channel: Annotated[Id, Field(description="A call-up code.")] | None = None
    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


@ROUTES.get("/members/{member}/timeline")
async def of_member(
    question: AQuestion, member: HolderId, query: Annotated[SpansQuery, Query()]
) -> MemberTimeline:
    """Return standings, assignments, absences, vetoes, awards, joins and leaving, by first day.

    What a later record corrected stays, with the record that replaced it. Of a committee member
    the branch and the staff see the offices and the awards held.
    """
    page = SpanPage(query.limit, query.cursor, question.asked.as_of)
    return await member_timeline(question.reads, question.asked, member, page)


@ROUTES.get("/units/{unit}/timeline")
async def of_unit(
    question: AQuestion, unit: UnitId, query: Annotated[SpansQuery, Query()]
) -> UnitTimeline:
    """Return registrations, successors, panels and offices of a unit, by first day.

    Who steps back towards whom is shown to both and to those whose cases it is.
    """
    page = SpanPage(query.limit, query.cursor, question.asked.as_of)
    return await unit_timeline(question.reads, question.asked, unit, page)


@ROUTES.get("/branches/{branch}/transfers")
async def transfers(
    question: AQuestion, branch: BranchId, query: Annotated[TransfersQuery, Query()]
) -> Transfers:
    """Return who is on the way from the branch or to it (在途), the next to arrive first."""
    return await transfers_of(question.reads, question.asked, branch, query.limit, query.cursor)


@ROUTES.get("/registrations")
async def registrations(
    question: AQuestion, query: Annotated[RegistrationsQuery, Query()]
) -> Registrations:
    """Return how many people were registered by each call-up code, and what they are.

    The channels of all pages add up to the total. Nobody is named. With `as_of` whoever was
    registered from a later day is not counted, and what they are is of that day.
    """
    return await registrations_of(
        question.reads, question.asked, query.channel, query.limit, query.cursor
    )
