"""A visit: who is signed in, in which language, and the moment of the scheme that answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response

from jifen_contracts.periods import quarter_of
from jifen_contracts.times import offset_minutes
from jifen_ledger.adapters.http.asking import Question, question_of
from jifen_ledger.adapters.http.keeping import NOT_KEPT
from jifen_ledger.adapters.reads.snapshot import Snapshot
from jifen_ledger.application.queries.holders import Asked, PersonName, policy_of
from jifen_ledger.application.queries.people_named import people_named
from jifen_ledger.application.queries.private_text import PrivateText
from jifen_ledger.application.queries.refusals import Forbidden, NotFound, QueryInvalid
from jifen_ledger.application.queries.rights import (
    OUTSIDE,
    Column,
    Holder,
    Reader,
    View,
    sees_assessments,
    sees_record,
    sees_simulations,
    sees_wallet_lines,
    view_of,
)
from jifen_ledger.application.queries.rights_about_people import kinds_on_register
from jifen_ledger.board.addresses import Addresses
from jifen_ledger.board.languages import Language
from jifen_ledger.board.rendering import SAFE, Sheet, edition, sheet_for
from jifen_ledger.board.signing import reader_of
from jifen_ledger.domain.postings import EXPIRED, SPENT
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.versions import version_on

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page of a signed-in reader is made with."""

    sheet: Sheet
    asked: Asked
    reads: Snapshot
    then: Callable[[int], Snapshot]
    # The same at the end of the day `as_of`, for what goes by recorded time.
    ended: Question
    # The same with every deed, also those after the day `as_of`.
    all_deeds: Snapshot
    headers: Mapping[str, str]
    version: Version | None
    moved_quarter: str | None
    known_at: str | None
    as_of: str | None
    # The same page as it is now.
    present: str

    @property
    def reader(self) -> Reader:
        return self.asked.reader

    @property
    def language(self) -> Language:
        return self.sheet.language

    @property
    def to(self) -> Addresses:
        """The addresses of the scheme's pages, at the moment that is asked for."""
        return Addresses(self.reader.scheme, self.known_at, self.as_of)

    @property
    def outside(self) -> bool:
        """Tell whether the reader sees the scheme and offers only."""
        return self.reader.column in OUTSIDE

    @property
    def offset_minutes(self) -> int:
        """How far the scheme's clocks run ahead of UTC."""
        return 0 if self.version is None else offset_minutes(self.version.document.utc_offset)

    @property
    def quarter(self) -> str:
        """The quarter that is shown unless another is asked for: the last with any claim."""
        now = quarter_of(self.asked.today)
        return now if self.moved_quarter is None else min(now, self.moved_quarter)

    @property
    def categories(self) -> list[tuple[str, str]]:
        """The four categories with their names."""
        if self.version is None:
            return []
        found = self.version.document.categories
        return [(one.code, one.name_zh if self.language == "zh" else one.name_en) for one in found]

    def view(self, holder: str, branch: str | None, capacity: str) -> View:
        """Return how much the reader sees of a holder whose home branch is known."""
        if self.version is None:
            return View.NOTHING
        of_unit, in_committee = capacity == "unit", capacity == "committee"
        about = Holder(holder, of_unit, branch, in_committee)
        return view_of(self.reader, about, capacity, policy_of(self.version.document, capacity))

    def opens(self, kind: str, subject: str | None, branch: str | None = None) -> bool:
        """Tell whether the reader may open a record of the kind, such as `points.earned`."""
        return sees_record(self.reader, f"jifen.{kind}.v1", subject, branch)

    def sees_form(self, holder: str, branch: str | None) -> bool:
        """Tell whether the reader sees what a holder thinks of their own months."""
        return self.reader.is_holder(holder) or sees_assessments(self.reader, branch)

    def opens_posting(self, account: str, subject: str | None) -> bool:
        """Tell whether the reader may open a posting of a record that they may open."""
        of_wallets = account.startswith("wallet:") or account in (SPENT, EXPIRED)
        if not of_wallets or subject is None:
            return True
        return sees_wallet_lines(self.reader, Holder(subject, of_unit=False, branch=None))

    async def names(self, ids: Collection[str | None]) -> Mapping[str, PersonName]:
        """Return the names that the reader may see of these people and units."""
        wanted = sorted({one for one in ids if one is not None})
        return await people_named(self.reads, self.asked, wanted)

    @property
    def sees_awards(self) -> bool:
        """Tell whether the reader sees some of the awards that are held."""
        return not self.outside and bool(kinds_on_register(self.reader))

    @property
    def sees_simulations(self) -> bool:
        """Tell whether the reader may try out a draft."""
        return sees_simulations(self.reader)

    def only_now(self) -> None:
        """Refuse an earlier moment: a draft is tried out on what is known by now."""
        if self.asked.moment:
            raise QueryInvalid("A draft is tried out on what is known by now.")

    def page(self, template: str, **context: Any) -> Response:  # noqa: ANN401 - what it shows
        """Return the page, which its reader may keep and ask for again by its tag."""
        return self._page(template, self._kept(), context)

    def page_with_texts(
        self,
        template: str,
        told: Iterable[PrivateText | None],
        **context: Any,  # noqa: ANN401 - as above
    ) -> Response:
        """Return a page that nobody keeps, if a private text or a file is opened on it."""
        auditor = self.reader.column is Column.AUDITOR
        opened = not auditor and any(one is not None for one in told)
        kept = {"Cache-Control": NOT_KEPT} if opened else self._kept()
        return self._page(template, kept, context)

    def page_of_form(self, template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - as above
        """Return the answer to a form, which nobody keeps."""
        return self._page(template, {"Cache-Control": NOT_KEPT}, {**context, "status": status})

    def _page(
        self, template: str, headers: Mapping[str, str], context: Mapping[str, Any]
    ) -> Response:
        texts: dict[str, Any] = {"names": {}, **context, "visit": self, "to": self.to}
        return self.sheet.page(template, headers=headers, **texts)

    def file(self, content: bytes, media_type: str, name: str) -> Response:
        """Return a file to save."""
        headers = {**SAFE, **self._kept(), "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media_type, headers=headers)

    def _kept(self) -> Mapping[str, str]:
        """Return how the answer may be kept.

        Its tag says whose it is, or a browser could show the next reader what the last one saw.
        """
        reader = self.reader
        whose = "|".join((reader.name, reader.column, reader.member or "", reader.branch or ""))
        digest = sha256(whose.encode()).hexdigest()[:16]
        tag = self.headers["etag"].strip('"')
        return {
            "ETag": f'"{tag}-{self.language}-{digest}-{edition()}"',
            "Cache-Control": "private, no-cache",
        }


async def visit_of(
    request: Request,
    response: Response,
    reader: Annotated[Reader, Depends(reader_of)],
    sheet: Annotated[Sheet, Depends(sheet_for)],
) -> AsyncIterator[Visit]:
    """Open a moment of the reader's scheme. Raises NotFound where it has no record yet."""
    async with asynccontextmanager(question_of)(request, response, reader) as question:
        asked, reads = question.asked, question.reads
        versions = await reads.versions()
        version = version_on(versions, asked.today) or (versions[0] if versions else None)
        moved = await reads.last_quarter()
        query = request.query_params
        yield Visit(
            sheet,
            asked,
            reads,
            question.then,
            await question.at_the_end(),
            question.all_deeds,
            dict(response.headers),
            version,
            moved,
            query.get("known_at"),
            query.get("as_of"),
            _present(request),
        )


def _present(request: Request) -> str:
    """Return the address of the page without the moment that it is shown at."""
    url = request.url.remove_query_params(["known_at", "as_of"])
    return f"{url.path}?{url.query}" if url.query else url.path


async def if_seen(answer: Awaitable[T]) -> T | None:
    """Return a part of a page, None where the reader may not see it or there is none."""
    try:
        return await answer
    except (Forbidden, NotFound):
        return None


# The moment ends before the answer is sent: a slow client holds no connection.
AVisit = Annotated[Visit, Depends(visit_of, scope="function")]
