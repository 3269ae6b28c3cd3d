"""The audit bundle of a published size, made when it is asked for."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from jifen_ledger.adapters.audit.archive import ENDS, pack
from jifen_ledger.adapters.http.log_asking import (
    ALog,
    LogRoute,
    WritesBundle,
    entries_access,
    log_desk_of,
    scheme_log,
)
from jifen_ledger.adapters.http.log_routes import in_media_type
from jifen_ledger.adapters.http.problems import LOG_REFUSALS
from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights_of_log import EntriesAccess
from jifen_ledger.log.keys import VerifierKey

ROUTES = APIRouter(prefix="/log", tags=["log"], route_class=LogRoute, responses=LOG_REFUSALS)
GZIP = "application/gzip"


@ROUTES.get("/audit-bundle/{size}", **in_media_type(GZIP, "A .tar.gz for an auditor."))
async def audit_bundle(
    request: Request,
    question: ALog,
    _: Annotated[EntriesAccess, Depends(entries_access)],
    status: Annotated[SchemeLog, Depends(scheme_log)],
    size: str,
) -> Response:
    """Return one file with everything an auditor needs, at a published size."""
    published = await question.log.published(question.log.covered_size(size))
    desk = log_desk_of(request)
    if desk.writes_bundle is None:
        raise NotFound("No bundles are made here.")
    keys = (*status.keys, *desk.witnesses)
    async with desk.one_bundle:
        place = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="jifen-bundle-"))
        remove = BackgroundTask(shutil.rmtree, place, ignore_errors=True)
        try:
            packed = await asyncio.to_thread(
                _packed, desk.writes_bundle, status.scheme, published.size, keys, place
            )
        except BaseException:
            await remove()
            raise
    return FileResponse(
        packed,
        media_type=GZIP,
        filename=f"jifen-audit-{status.scheme}-{published.size}{ENDS}",
        headers={"Cache-Control": "private, no-store", "Vary": "Authorization"},
        background=remove,
    )


def _packed(
    write: WritesBundle, scheme: str, size: int, keys: Sequence[VerifierKey], place: Path
) -> Path:
    folder, packed = place / "bundle", place / f"bundle{ENDS}"
    write(scheme, size, keys, folder)
    with packed.open("xb") as file:
        pack(folder, file)
    shutil.rmtree(folder)
    return packed
