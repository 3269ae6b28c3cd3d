"""What every read begins with: whose token it is, and one moment of the scheme."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from jifen_ledger.adapters.http.keeping import keep_as, refuse_known
from jifen_ledger.adapters.http.parameters import SchemeId
from jifen_ledger.adapters.readers import Readers
from jifen_ledger.adapters.reads.past import PastSnapshot
from jifen_ledger.adapters.reads.snapshot import Snapshot, Snapshots
from jifen_ledger.application.evidence import Evidence
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.moments import deed_day, known_by, known_moment
from jifen_ledger.application.queries.refusals import Forbidden, NotFound
from jifen_ledger.application.queries.rights import Reader
from jifen_ledger.application.status import ProjectionStatus
from jifen_ledger.domain.moment import local_day_of

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
    evidence: Evidence
    lag_max: int
    clock_ms: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Question:
    """A read under way: who asks, and the moment that answers."""

    asked: Asked
    reads: Snapshot

    def then(self, seq: int) -> Snapshot:
        """Return what was known after an earlier record, of the same deeds."""
        return PastSnapshot(self.reads, seq, self.asked.as_of)

    @property
    def all_deeds(self) -> Snapshot:
        """What was known at the moment, of every deed; `as_of` may have left some out."""
        return self.reads if self.asked.as_of is None else PastSnapshot(self.reads, self.asked.size)

    async def at_the_end(self) -> Question:
        """Return the question at the end of the day `as_of`, for what goes by recorded time."""
        if self.asked.as_of is None:
            return self
        asked = replace(self.asked, as_of=None)
        known = await known_by(self.reads, self.asked, self.asked.as_of)
        if known is not None:
            asked = replace(asked, size=known.seq, now_ms=known.now_ms, today=self.asked.as_of)
        return Question(asked, PastSnapshot(self.reads, asked.size))


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
        today = await _local_day(reads, clock_ms)
        if reader.member is not None:
            reader = replace(reader, branch=await reads.home(reader.member, today))
        question, final = await _moment(request, reader, reads, clock_ms, today)
        address = f"{request.url.path}?{request.url.query}"
        keep_as(response.headers, question.asked, reads.moment, address, final=final)
        if request.method in ("GET", "HEAD"):
            refuse_known(response.headers, request.headers.get("if-none-match"))
        yield question


async def _moment(
    request: Request, reader: Reader, reads: Snapshot, clock_ms: int, today: date
) -> tuple[Question, bool]:
    """Return the question at the moment it asks for, and whether that moment is final."""
    size, final = reads.moment.size, False
    known_at, as_of = (request.query_params.get(name) for name in ("known_at", "as_of"))
    asked = Asked(reader, size, clock_ms, today, today)
    if known_at is None and as_of is None:
        return Question(asked, reads), final
    if as_of is not None:
        asked = replace(asked, as_of=deed_day(as_of))
    asked = replace(asked, moment=f"{known_at or ''},{as_of or ''}")
    if known_at is not None:
        known = await known_moment(reads, known_at, size, clock_ms)
        asked, final = replace(asked, size=known.seq, now_ms=known.now_ms), known.final
    reads = PastSnapshot(reads, asked.size, asked.as_of)
    day = await _local_day(reads, asked.now_ms)
    return Question(replace(asked, today=day), reads), final


async def _local_day(reads: Snapshot, ms: int) -> date:
    return local_day_of(await reads.versions(), ms)


async def recorded_question_of(
    question: Annotated[Question, Depends(question_of, scope="function")],
) -> Question:
    """Return the question for a read of what goes by recorded time."""
    return await question.at_the_end()


AReader = Annotated[Reader, Depends(reader_of)]
# The moment ends before the answer is sent: a slow client holds no connection.
AQuestion = Annotated[Question, Depends(question_of, scope="function")]
# The same, of what goes by recorded time: `as_of` is the end of that day.
ARecordedQuestion = Annotated[Question, Depends(recorded_question_of, scope="function")]
