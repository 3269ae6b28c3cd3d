"""Forms that pages send: from here alone, of a limited size, with a file where one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Final, cast
from urllib.parse import urlsplit

from fastapi import Request

from jifen_ledger.application.queries.refusals import Forbidden

_MULTIPART: Final = "multipart/form-data"


def only_from_here(request: Request) -> None:
    """Refuse a form that another site sent: it could sign its victim in as somebody else."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    foreign = site not in (None, "same-origin", "none")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        foreign = True
    if foreign:
        raise Forbidden("The form was not sent from a page of this board.")


async def body_of(request: Request, bytes_max: int) -> bytes:
    """Return what was sent. Raises Forbidden where it is too much."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > bytes_max:
            raise Forbidden("The form is larger than any that this board has.")
    return body


async def fields_of(request: Request, bytes_max: int) -> Mapping[str, bytes]:
    """Return the fields of a form that has a file among them; none where it is no such form."""
    kind = request.headers.get("content-type", "")
    body = await body_of(request, bytes_max)
    if not kind.startswith(_MULTIPART):
        return {}
    # A form of this kind is a MIME message, whose header came as one of HTTP.
    headed = b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body
    message = BytesParser(policy=HTTP).parsebytes(headed)
    return {
        str(part.get_param("name", header="content-disposition")): cast(
            "bytes", part.get_payload(decode=True)
        )
        for part in message.iter_parts()
        if not part.is_multipart()
    }
