"""Signing in and out: a reader's token in a cookie that no script and no other site can use."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from jifen_ledger.adapters.http.asking import desk_of
from jifen_ledger.adapters.http.parameters import SchemeId
from jifen_ledger.application.queries.refusals import Forbidden, Unauthorised
from jifen_ledger.application.queries.rights import Reader
from jifen_ledger.board.addresses import ROOT, home
from jifen_ledger.board.forms import body_of, only_from_here
from jifen_ledger.board.rendering import Sheet, sheet_for

COOKIE: Final = "jifen_reader"
# A token has 43 characters, a way back rarely more than 200.
FORM_BYTES_MAX: Final = 4_096
SEE_OTHER: Final = 303

ROUTES = APIRouter()


async def reader_of(request: Request, scheme: SchemeId) -> Reader:
    """Return who is signed in. Raises Unauthorised, and Forbidden for another scheme."""
    reader = signed_in(request)
    if reader is None:
        raise Unauthorised("Nobody is signed in.")
    if reader.scheme != scheme:
        raise Forbidden("The token belongs to another scheme.")
    return reader


def signed_in(request: Request) -> Reader | None:
    """Return whose token the cookie holds, None where there is none that is known."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    try:
        return desk_of(request).readers.reader_of(f"Bearer {token}")
    except Unauthorised:
        return None


@ROUTES.get("/")
async def front(request: Request, sheet: Annotated[Sheet, Depends(sheet_for)]) -> Response:
    """Lead to the reader's first page, or ask for a token."""
    reader = signed_in(request)
    if reader is None:
        return sheet.page("sign_in.html", back="", failed=False)
    return RedirectResponse(home(reader.scheme), SEE_OTHER, {"Cache-Control": "no-store"})


@ROUTES.post("/sign-in")
async def sign_in(request: Request, sheet: Annotated[Sheet, Depends(sheet_for)]) -> Response:
    """Keep the token in the cookie, if a reader has it."""
    only_from_here(request)
    sent = await body_of(request, FORM_BYTES_MAX)
    form = parse_qs(sent.decode("ascii", errors="replace"), keep_blank_values=True)
    token, back = (form.get(name, [""])[0].strip() for name in ("token", "back"))
    try:
        reader = desk_of(request).readers.reader_of(f"Bearer {token}")
    except Unauthorised:
        return sheet.page("sign_in.html", status=401, back=_way_back(back), failed=True)
    answer = RedirectResponse(
        _way_back(back) or home(reader.scheme), SEE_OTHER, {"Cache-Control": "no-store"}
    )
    answer.set_cookie(
        COOKIE,
        token,
        path=ROOT,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer


@ROUTES.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Forget the token, and let the browser forget the pages."""
    only_from_here(request)
    # On a shared computer the next person must not find these pages.
    headers = {"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'}
    answer = RedirectResponse(f"{ROOT}/", SEE_OTHER, headers)
    answer.delete_cookie(COOKIE, path=ROOT, httponly=True, samesite="strict")
    return answer


def _way_back(path: str) -> str:
    """Return the page to go on with, empty unless it is one of ours."""
    parts = urlsplit(path)
    ours = path.startswith(f"{ROOT}/") and not parts.netloc and not parts.scheme
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if ours and plain else ""
