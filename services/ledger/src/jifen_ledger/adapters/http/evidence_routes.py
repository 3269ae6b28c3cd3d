"""Files of evidence: who uses one, and its bytes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from jifen_contracts.ids import Sha256Hex
from jifen_ledger.adapters.http.asking import ARecordedQuestion, desk_of
from jifen_ledger.adapters.http.file_answers import file_answer
from jifen_ledger.adapters.http.keeping import NOT_KEPT, keep_nothing
from jifen_ledger.adapters.http.parameters import KnownQuery
from jifen_ledger.application.queries.files import FileUses, file_of, uses_of

ROUTES = APIRouter(prefix="/evidence/{sha256}", tags=["evidence"])

FileHash = Annotated[Sha256Hex, Path(description="The SHA-256 of the file.")]


@ROUTES.get(
    "",
    response_class=Response,
    responses={
        200: {
            "description": "The file's bytes.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def file(
    request: Request,
    question: ARecordedQuestion,
    sha256: FileHash,
    _: Annotated[KnownQuery, Query()],
) -> Response:
    """Return a file of evidence, for whoever may see one of the cases that name it.

    At a moment before anything named the file there is none: 404. What was erased or has been
    removed since is not there at any moment.
    """
    opened = await file_of(question.reads, desk_of(request).evidence, question.asked, sha256)
    return file_answer(opened, {"Cache-Control": NOT_KEPT, "Vary": "Authorization"})


@ROUTES.get("/uses")
async def uses(
    question: ARecordedQuestion,
    response: Response,
    sha256: FileHash,
    _: Annotated[KnownQuery, Query()],
) -> FileUses:
    """Return the cases that name a file, as far as the reader may know them, the latest first."""
    found = await uses_of(question.reads, question.asked, sha256)
    keep_nothing(response.headers)
    return found
