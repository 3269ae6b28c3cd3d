"""What every read begins with: whose token it is, and one moment of the scheme."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from jifen_contracts.times import local_date, offset_minutes
from jifen_ledger.adapters.http.parameters import SchemeId
from jifen_ledger.adapters.readers import Readers
from jifen_ledger.adapters.reads.snapshot import Snapshot, Snapshots
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.refusals import Forbidden, NotFound
from jifen_ledger.application.queries.rights import Reader
from jifen_ledger.application.status import ProjectionStatus

BEARER = HTTPBearer(auto_error=False, description="A reader's token.")


def now_ms() -> int:
    """Return the time."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes share: the application's state."""

    snapshots: Snapshots
    readers: Readers
    status: ProjectionStatus
    lag_max: int
    clock_ms: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Question:
    """A read under way: who asks, and the moment that answers."""

    asked: Asked
    reads: Snapshot


def desk_of(request: Request) -> Desk:
    """Return what the routes share."""
    return cast("Desk", request.app.state.desk)


async def reader_of(
    request: Request,
    scheme: SchemeId,
    _: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
) -> Reader:
    """Return whose token it is. Raises Unauthorised, and Forbidden for another scheme."""
    reader = desk_of(request).readers.reader_of(request.headers.get("authorization"))
    if reader.scheme != scheme:
        raise Forbidden("The token belongs to another scheme.")
    return reader


async def question_of(
    request: Request,
    response: Response,
    reader: Annotated[Reader, Depends(reader_of)],
) -> AsyncIterator[Question]:
    """Open a moment of the reader's scheme. Raises NotFound where it has no record yet."""
    desk = desk_of(request)
    async with desk.snapshots.open(reader.scheme) as reads:
        if reads is None:
            raise NotFound("The ledger has no record of this scheme yet.")
        clock_ms = desk.clock_ms()
        today = await _today(reads, clock_ms)
        if reader.member is not None:
            reader = replace(reader, branch=await reads.home(reader.member, today))
        # Names may change and deadlines pass while no record comes.
        moment = reads.moment
        response.headers["ETag"] = f'"{moment.size}-{moment.revision}-{today:%Y%m%d}"'
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Authorization"
        yield Question(Asked(reader, moment.size, clock_ms, today), reads)


async def _today(reads: Snapshot, clock_ms: int) -> date:
    versions = await reads.versions()
    offset = offset_minutes(versions[0].document.utc_offset) if versions else 0
    return local_date(clock_ms, offset)


AReader = Annotated[Reader, Depends(reader_of)]
# The moment ends before the answer is sent: a slow client holds no connection.
AQuestion = Annotated[Question, Depends(question_of, scope="function")]
