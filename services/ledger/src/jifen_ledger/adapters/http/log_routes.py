"""The log for anybody's tools (C2SP tlog-tiles): checkpoint, tiles, bundles, proofs, keys."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from jifen_ledger.adapters.http.asking import AQuestion
from jifen_ledger.adapters.http.log_asking import (
    ALog,
    LogRoute,
    ServedBefore,
    entries_access,
    log_desk_of,
    scheme_log,
)
from jifen_ledger.adapters.http.parameters import NowQuery
from jifen_ledger.adapters.http.problems import LOG_REFUSALS
from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.queries.log import PAGE_MAX, Published, parameter, published_log
from jifen_ledger.application.queries.receipts import receipt_of
from jifen_ledger.application.queries.refusals import NotPublished
from jifen_ledger.application.queries.rights_of_log import EntriesAccess

ROUTES = APIRouter(prefix="/log", tags=["log"], route_class=LogRoute, responses=LOG_REFUSALS)
TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
KEPT_S = 31_536_000
ANYBODY = {"Access-Control-Allow-Origin": "*"}
NEVER_KEPT = {"Cache-Control": "no-cache"}

Number = Annotated[str, StringConstraints(pattern=r"^(?:0|[1-9][0-9]{0,18})$")]


class InclusionQuery(BaseModel):
    """An entry, and the size of a published tree; the newest one where none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: Number
    size: Number | None = None


class ConsistencyQuery(BaseModel):
    """The size of an older tree, and of a published one; the newest where none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    old: Number
    size: Number | None = None


class CheckpointsQuery(BaseModel):
    """A page of the checkpoints from a size on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_size: Annotated[Number, Field(alias="from")] = "0"
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = PAGE_MAX


@dataclass(frozen=True)
class Checkpoints:
    """Published checkpoints, the smallest first."""

    checkpoints: Sequence[Published]


def in_media_type(media_type: str, description: str) -> dict[str, Any]:
    """Return what OpenAPI says of a body that is no JSON."""
    plain, _, _ = media_type.partition(";")
    content = {plain: {"schema": {"type": "string"}}}
    return {
        "response_class": Response,
        "responses": {200: {"description": description, "content": content}},
    }


@ROUTES.head("/checkpoint", include_in_schema=False)
@ROUTES.get("/checkpoint", **in_media_type(TEXT, "A signed note."))
async def checkpoint(question: ALog) -> Response:
    """Return the newest published checkpoint with its cosignatures."""
    return Response(question.log.newest.note, media_type=TEXT, headers=ANYBODY | NEVER_KEPT)


@ROUTES.head("/tile/entries/{place:path}", include_in_schema=False)
@ROUTES.get("/tile/entries/{place:path}", **in_media_type(BYTES, "Entries, each after its length."))
async def bundle(
    question: ALog, access: Annotated[EntriesAccess, Depends(entries_access)], place: str
) -> Response:
    """Return an entry bundle: up to 256 records in their exact bytes."""
    return _immutable(await question.log.bundle(place), public=access is EntriesAccess.PUBLIC)


@ROUTES.head("/tile/{level}/{place:path}", include_in_schema=False)
@ROUTES.get("/tile/{level}/{place:path}", **in_media_type(BYTES, "Up to 256 hashes."))
async def tile(question: ALog, level: str, place: str) -> Response:
    """Return a tile of the tree."""
    return _immutable(await question.log.tile(level, place), public=True)


@ROUTES.head("/vkeys", include_in_schema=False)
@ROUTES.get("/vkeys", **in_media_type(TEXT, "One vkey a line."))
async def vkeys(request: Request, status: Annotated[SchemeLog, Depends(scheme_log)]) -> Response:
    """Return the log's current key, those of before, and the witnesses'.

    A convenience: whoever checks the log takes its key from elsewhere.
    """
    if not status.keys:
        raise NotPublished("The log has no key yet.")
    keys = (*status.keys, *log_desk_of(request).witnesses)
    text = "".join(f"{key.text}\n" for key in keys)
    return Response(text, media_type=TEXT, headers=ANYBODY | NEVER_KEPT)


@ROUTES.head("/proof/inclusion", include_in_schema=False)
@ROUTES.get("/proof/inclusion", **in_media_type(TEXT, "A tlog-proof."))
async def inclusion(question: ALog, query: Annotated[InclusionQuery, Query()]) -> Response:
    """Return the proof that an entry is in a published tree."""
    size = None if query.size is None else parameter("size", query.size)
    proof = await question.log.inclusion(parameter("index", query.index), size)
    return Response(proof.text, media_type=TEXT, headers=ANYBODY | NEVER_KEPT)


@ROUTES.head("/proof/consistency", include_in_schema=False)
@ROUTES.get("/proof/consistency", **in_media_type(TEXT, "A consistency proof and its checkpoint."))
async def consistency(question: ALog, query: Annotated[ConsistencyQuery, Query()]) -> Response:
    """Return the proof that a published tree begins with an older one."""
    size = None if query.size is None else parameter("size", query.size)
    proof = await question.log.consistency(parameter("old", query.old), size)
    return Response(proof.text, media_type=TEXT, headers=ANYBODY | NEVER_KEPT)


@ROUTES.head("/checkpoints", include_in_schema=False)
@ROUTES.get("/checkpoints")
async def checkpoints(
    response: Response, question: ALog, query: Annotated[CheckpointsQuery, Query()]
) -> Checkpoints:
    """Return published checkpoints, the smallest first."""
    response.headers.update(ANYBODY | NEVER_KEPT)
    from_size = parameter("from", query.from_size)
    return Checkpoints(await question.log.checkpoints(from_size, query.limit))


@ROUTES.get("/records/{seq}/receipt", **in_media_type(TEXT, "A tlog-proof that holds the record."))
async def receipt(
    served: ServedBefore,
    question: AQuestion,
    status: Annotated[SchemeLog, Depends(scheme_log)],
    seq: str,
    _: Annotated[NowQuery, Query()],
) -> Response:
    """Return the receipt of a record: its bytes, its proof, and what it may show of its reasons."""
    log = await published_log(question.reads, status, served)
    found = await receipt_of(log, question.reads, question.asked, seq)
    headers = {"Cache-Control": "private, no-store", "Vary": "Authorization"}
    return Response(found, media_type=TEXT, headers=headers)


def _immutable(body: bytes, *, public: bool) -> Response:
    headers = {
        "Cache-Control": f"{'public' if public else 'private'}, max-age={KEPT_S}, immutable",
        "ETag": f'"{sha256(body).hexdigest()[:32]}"',
        **(ANYBODY if public else {"Vary": "Authorization"}),
    }
    return Response(body, media_type=BYTES, headers=headers)
