"""Answers 304 to whoever has the answer already."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OK = 200
NOT_MODIFIED = 304


class Conditional:
    """Compares `If-None-Match` with the answer's `ETag`, once the answer had to be made.

    `*` says nothing of whose answer it was; so that nobody without the right to one learns that it
    is there, it is made first.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        known = Headers(scope=scope).get("if-none-match") if scope["type"] == "http" else None
        if known is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        unchanged = False

        async def send_unless_known(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start" and message["status"] == OK:
                headers = MutableHeaders(scope=message)
                if headers.get("etag") in tags or ("*" in tags and "etag" in headers):
                    unchanged = True
                    for name in ("content-length", "content-type"):
                        del headers[name]
                    message["status"] = NOT_MODIFIED
            if unchanged and message["type"] == "http.response.body":
                if message.get("more_body", False):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self._app(scope, receive, send_unless_known)
