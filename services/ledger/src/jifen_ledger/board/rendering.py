"""Makes pages of templates, each with the headers that keep it safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from jifen_ledger.board.addresses import ROOT
from jifen_ledger.board.languages import (
    COOKIE,
    LANGUAGES,
    PARAMETER,
    TAGS,
    Language,
    Texts,
    language_of,
    texts_in,
)
from jifen_ledger.board.wording import FILTERS

LANGUAGE_KEPT_S: Final = 365 * 86_400
# Nothing is loaded but our own stylesheet, nothing runs, nothing frames a page.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
SAFE: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Cookie, Accept-Language",
}


@cache
def environment() -> Environment:
    """Return the templates; a name that a page does not give is a defect."""
    made = Environment(
        loader=PackageLoader("jifen_ledger.board"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.globals["root"] = ROOT
    made.globals["style"] = f"{ROOT}/static/{style_name()}"
    return made


@cache
def style_sheet() -> bytes:
    """Return the stylesheet."""
    return files(__package__).joinpath("static/board.css").read_bytes()


@cache
def style_name() -> str:
    """Return the stylesheet's name, which changes with it: it can be kept for ever."""
    return f"board-{sha256(style_sheet()).hexdigest()[:12]}.css"


@cache
def edition() -> str:
    """Return what changes whenever templates, texts or styles do: part of every page's tag."""
    digest = sha256(style_sheet())
    for folder in ("templates", "texts"):
        found = files(__package__).joinpath(folder).iterdir()
        for file in sorted(found, key=lambda one: one.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in the reader's language, for whoever is signed in or not."""

    request: Request
    language: Language

    @property
    def texts(self) -> Texts:
        return texts_in(self.language)

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,  # noqa: ANN401 - what a template shows
    ) -> Response:
        """Return the page; without headers of its own it is kept by nobody."""
        texts = self.texts
        body = (
            environment()
            .get_template(template)
            .render(
                # What `context` says is more than what every page has.
                {
                    "language": self.language,
                    "tag": TAGS[self.language],
                    "t": texts,
                    "word": texts.word,
                    "other_languages": self._other_languages(),
                    "visit": None,
                    **context,
                }
            )
        )
        own = {"Cache-Control": "no-store"} if headers is None else headers
        answer = HTMLResponse(body, status, {**SAFE, **own})
        asked = self.request.query_params.get(PARAMETER)
        if asked == self.language:
            answer.set_cookie(
                COOKIE, asked, max_age=LANGUAGE_KEPT_S, path=ROOT, httponly=True, samesite="lax"
            )
        return answer

    def _other_languages(self) -> list[tuple[Language, str]]:
        """Return the same page in the other languages; where it was sent a form, the first page."""
        url = self.request.url
        if self.request.method != "GET":
            url = url.replace(path=f"{ROOT}/", query="")
        return [
            (one, f"{url.path}?{url.include_query_params(**{PARAMETER: one}).query}")
            for one in LANGUAGES
            if one != self.language
        ]


async def sheet_for(request: Request) -> Sheet:
    """Return the maker of pages for a request."""
    return Sheet(request, language_of(request))
