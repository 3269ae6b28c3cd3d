"""What every read of the log begins with: the published log, and who may see its entries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials

from jifen_ledger.adapters.http.asking import BEARER, desk_of
from jifen_ledger.adapters.http.problems import faults_of
from jifen_ledger.adapters.http.timeless import MOMENTS, reason_of
from jifen_ledger.adapters.reads.snapshot import Snapshot
from jifen_ledger.application.log_status import LogStatus, SchemeLog
from jifen_ledger.application.queries.holders import document_now
from jifen_ledger.application.queries.log import Log, published_log
from jifen_ledger.application.queries.refusals import (
    Forbidden,
    NotFound,
    NotPublished,
    ProofInvalid,
)
from jifen_ledger.application.queries.rights import require
from jifen_ledger.application.queries.rights_of_log import (
    EntriesAccess,
    access_in_force,
    sees_entries,
)
from jifen_ledger.domain.moment import local_day_of
from jifen_ledger.log.keys import VerifierKey

# Writes the audit bundle of a scheme's published size, with the log's keys, into a folder.
WritesBundle = Callable[[str, int, Sequence[VerifierKey], Path], object]


@dataclass(frozen=True, slots=True)
class LogDesk:
    """What the routes of the log share; bundles are made one at a time."""

    status: LogStatus = field(default_factory=LogStatus)
    access: Mapping[str, EntriesAccess] = field(default_factory=dict)
    witnesses: Sequence[VerifierKey] = ()
    writes_bundle: WritesBundle | None = None
    one_bundle: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """A read of the log under way."""

    log: Log
    reads: Snapshot


class LogRoute(APIRoute):
    """A route whose wrong parameters are answered as tlog.md says: 400."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            refuse_moments(self.path_format, request.query_params)
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise ProofInvalid(faults_of(error)) from error

        return answer


def refuse_moments(path: str, sent: Mapping[str, str]) -> None:
    """Refuse a moment where none has a meaning: otherwise it would seem to have been heard."""
    for name in MOMENTS:
        if name in sent:
            raise ProofInvalid(f"{name} has no meaning here: {reason_of(path)}")


def log_desk_of(request: Request) -> LogDesk:
    """Return what the routes of the log share."""
    found: LogDesk = request.app.state.log
    return found


async def scheme_log(request: Request, scheme: str) -> SchemeLog:
    """Return the status of the scheme's log. Raises NotFound."""
    status = log_desk_of(request).status.schemes.get(scheme)
    if status is None:
        raise NotFound("There is no log of this scheme.")
    return status


async def served_before(status: Annotated[SchemeLog, Depends(scheme_log)]) -> int:
    """Return the largest size that was served before the question's moment is opened."""
    return status.served_size


ServedBefore = Annotated[int, Depends(served_before)]


async def log_question(
    request: Request, status: Annotated[SchemeLog, Depends(scheme_log)], served: ServedBefore
) -> AsyncIterator[LogQuestion]:
    """Open a moment of the scheme's log. Raises NotFound, NotPublished."""
    async with desk_of(request).snapshots.open(status.scheme) as reads:
        if reads is None:
            raise NotPublished("The ledger has not begun with this scheme.")
        log = await published_log(reads, status, served)
        yield LogQuestion(log, reads)


ALog = Annotated[LogQuestion, Depends(log_question, scope="function")]


async def entries_access(
    request: Request,
    scheme: str,
    question: ALog,
    _: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
) -> EntriesAccess:
    """Return who reads entries of this scheme. Raises Unauthorised, Forbidden for others."""
    access = log_desk_of(request).access.get(scheme, EntriesAccess.AUDITORS)
    if access is not EntriesAccess.AUDITORS:
        access = await _in_force(request, access, question.reads)
    if access is EntriesAccess.PUBLIC:
        return access
    reader = desk_of(request).readers.reader_of(request.headers.get("authorization"))
    if reader.scheme != scheme:
        raise Forbidden("The token belongs to another scheme.")
    require(allowed=sees_entries(reader, access))
    return access


async def _in_force(request: Request, access: EntriesAccess, reads: Snapshot) -> EntriesAccess:
    versions = await reads.versions_now()
    if not versions:
        return access_in_force(access, None)
    today = local_day_of(versions, desk_of(request).clock_ms())
    return access_in_force(access, document_now(versions, today))
