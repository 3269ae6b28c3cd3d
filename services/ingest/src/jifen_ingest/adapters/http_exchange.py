"""One exchange over HTTP, whatever is sent: headers in, a reply or a refusal out."""

from collections.abc import Awaitable, Mapping

from starlette.types import Scope, Send

from jifen_contracts.tracing import TRACEPARENT
from jifen_ingest.adapters.reception import Reception, Reply
from jifen_ingest.domain.refusals import Malformed, Refusal


class ClientLeft(Exception):  # noqa: N818 - nobody is there to be told
    """The client went away before its request was complete."""


def headers_of(scope: Scope) -> Mapping[str, str]:
    """Return the headers; ASGI has their names in lower case already."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1")
        if key in headers and (key == "authorization" or key.startswith(("ce-", "content-"))):
            raise Malformed(f"the header {key} occurs twice")
        headers[key] = value.decode("latin-1")
    return headers


def announces_more_than(headers: Mapping[str, str], bytes_max: int) -> bool:
    """Whether the body will be longer, so that it need not be read."""
    announced = headers.get("content-length", "")
    return announced.isdecimal() and int(announced) > bytes_max


async def answer(
    replying: Awaitable[Reply], reception: Reception, scope: Scope, send: Send
) -> None:
    """Send the reply, or the problem of the refusal that was raised instead."""
    try:
        reply = await replying
    except Refusal as refusal:
        reply = reception.refuse(refusal, scope["path"], _trace_of(scope))
    except ClientLeft:
        return
    headers = [
        (b"content-type", reply.media_type.encode()),
        (b"content-length", str(len(reply.body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in reply.headers.items()),
    ]
    await send({"type": "http.response.start", "status": int(reply.status), "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


def _trace_of(scope: Scope) -> str | None:
    name = TRACEPARENT.encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)
