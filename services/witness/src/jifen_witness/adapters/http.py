"""The witness over HTTP (C2SP tlog-witness): add-checkpoint, and what was cosigned last."""

from __future__ import annotations

import asyncio
import logging
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from jifen_ledger.log.note import NOTE_BYTES_MAX
from jifen_witness.application.cosign import CosignCheckpoint
from jifen_witness.domain.refusals import (
    Inconsistent,
    Refused,
    Stale,
    UnknownLog,
    Unreadable,
    Untrusted,
)

# A note, and a proof of 63 hashes before it.
BODY_BYTES_MAX: Final = NOTE_BYTES_MAX + 4_096
BODY_WITHIN_S: Final = 10.0
SIZE_TYPE: Final = "text/x.tlog.size"
STATUS: Final = {
    Unreadable: HTTPStatus.BAD_REQUEST,
    Untrusted: HTTPStatus.FORBIDDEN,
    UnknownLog: HTTPStatus.NOT_FOUND,
    Stale: HTTPStatus.CONFLICT,
    Inconsistent: HTTPStatus.UNPROCESSABLE_ENTITY,
}

_log = logging.getLogger("jifen_witness")


def witness_application(cosign: CosignCheckpoint) -> Starlette:
    """Return the application."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            line = await run_in_threadpool(cosign, await _body(request))
        except Stale as stale:
            # As a header: for a media type of text Starlette would add a charset.
            return Response(f"{stale.size}\n", STATUS[Stale], {"Content-Type": SIZE_TYPE})
        except Refused as refused:
            _log.warning("refused: %s", refused)
            return PlainTextResponse(f"{refused}\n", STATUS[type(refused)])
        return PlainTextResponse(line)

    async def checkpoint(request: Request) -> Response:
        wanted = request.path_params["origin"]
        for one in await run_in_threadpool(cosign.newest):
            if sha256(one.checkpoint.origin.encode()).hexdigest() == wanted:
                headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
                return PlainTextResponse(cosign.note_of(one), headers=headers)
        return PlainTextResponse("Nothing of this log was cosigned.\n", HTTPStatus.NOT_FOUND)

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{origin}/checkpoint", checkpoint, methods=["GET"]),
        ]
    )


async def _body(request: Request) -> bytes:
    """Return the body. Raises Unreadable where it is too long, or does not come."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for piece in request.stream():
                body += piece
                if len(body) > BODY_BYTES_MAX:
                    raise Unreadable(f"the request is longer than {BODY_BYTES_MAX} bytes")
    except (TimeoutError, ClientDisconnect):
        raise Unreadable("the request did not come to its end") from None
    return bytes(body)
