"""How long an answer may be kept: tags of answers, and the answers that never change."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from jifen_ledger.adapters.reads.snapshot import Moment
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.private_text import PrivateText
from jifen_ledger.application.queries.rights import Column

KEPT_S = 86_400
NOT_KEPT = "private, no-store"
TAG_HEX = 20
# No name is joined into what they see, and no register changes their rights.
_UNCHANGING = frozenset({Column.AUDITOR, Column.PUBLIC})


def keep_as(
    headers: MutableHeaders, asked: Asked, moment: Moment, address: str, *, final: bool
) -> None:
    """Set the headers of the answer to one address.

    Names may change, deadlines pass and rights end while no record comes; so every answer with
    names or rights in it is asked for again, and its tag says all that it depends on: also whose
    answer it is, so that whoever brings the tag was given the answer before. What an auditor or
    the public sees of a final moment is the same for ever; a day is enough.
    """
    reader = asked.reader
    whose = (reader.scheme, reader.name, reader.column, reader.member, reader.branch, address)
    kept = final and asked.reader.column in _UNCHANGING
    parts = [str(asked.size), f"{asked.today:%Y%m%d}"]
    if asked.as_of is not None:
        parts.append(f"d{asked.as_of:%Y%m%d}")
    if not kept:
        parts += [f"n{moment.size}", str(moment.revision), f"{asked.read_on:%Y%m%d}"]
        # Another generation may answer otherwise at the same size.
        parts.append(f"g{moment.generation}")
    parts.append(sha256(repr(whose).encode()).hexdigest()[:TAG_HEX])
    headers["ETag"] = f'"{"-".join(parts)}"'
    headers["Cache-Control"] = (
        f"private, max-age={KEPT_S}, immutable" if kept else "private, no-cache"
    )
    headers["Vary"] = "Authorization"


def keep_nothing(headers: MutableHeaders) -> None:
    """Let nobody keep the answer: it has a private text, or may have one a moment later."""
    if "ETag" in headers:
        del headers["ETag"]
    headers["Cache-Control"] = NOT_KEPT
    headers["Vary"] = "Authorization"


def keep_texts(headers: MutableHeaders, asked: Asked, texts: Iterable[PrivateText | None]) -> None:
    """Let nobody keep an answer in which private texts are opened; hashes may be kept."""
    if asked.reader.column is not Column.AUDITOR and any(text is not None for text in texts):
        keep_nothing(headers)


class NotModified(Exception):  # noqa: N818 - an answer, not an error
    """Whoever asks has the answer already; these are its headers."""

    def __init__(self, headers: MutableHeaders) -> None:
        """Carry the headers."""
        super().__init__()
        self.headers = headers


def refuse_known(headers: MutableHeaders, known: str | None) -> None:
    """Raise NotModified where `If-None-Match` names the answer; it need not be made again."""
    tags = {tag.strip().removeprefix("W/") for tag in (known or "").split(",")}
    if headers["ETag"] in tags:
        raise NotModified(headers)


async def not_modified(_: Request, found: Exception) -> Response:
    """Answer 304."""
    assert isinstance(found, NotModified)
    kept = {name: found.headers[name] for name in ("ETag", "Cache-Control", "Vary")}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
