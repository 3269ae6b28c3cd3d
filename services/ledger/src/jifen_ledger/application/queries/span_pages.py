"""Pages of spans in the order of their days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.refusals import QueryInvalid


class Placed(Protocol):
    """A span with its place: first day, record, kind, and the id of what it says."""

    @property
    def from_day(self) -> str:
        """The first day."""

    @property
    def seq(self) -> int:
        """The record that said it."""

    @property
    def kind(self) -> str:
        """What sort of span it is."""

    @property
    def id(self) -> str | None:
        """What the record is about, where it has an id."""


Span = TypeVar("Span", bound=Placed)


class SpanPage(NamedTuple):
    """Which spans are asked for: a page after a cursor, and none that begins after a day."""

    limit: int
    cursor: str | None
    as_of: date | None


def paged(spans: Sequence[Span], page: SpanPage, moment: str) -> tuple[Sequence[Span], str | None]:
    """Return the page and the cursor of the next one. Raises QueryInvalid."""
    last_day = None if page.as_of is None else page.as_of.isoformat()
    after = None if page.cursor is None else _after(page.cursor, moment)
    left = sorted(
        (
            one
            for one in spans
            if (last_day is None or one.from_day <= last_day)
            and (after is None or _place(one) > after)
        ),
        key=_place,
    )
    shown = left[: page.limit]
    following = cursor_of(moment, *_place(shown[-1])) if len(left) > page.limit else None
    return shown, following


def _place(span: Placed) -> tuple[str, int, str, str]:
    return span.from_day, span.seq, span.kind, span.id or ""


def _after(cursor: str, moment: str) -> tuple[str, int, str, str]:
    of_moment, day, seq, kind, id_ = read_cursor(cursor, str, str, int, str, str)
    if of_moment != moment:
        raise QueryInvalid("The cursor belongs to another moment: repeat known_at and as_of.")
    return str(day), int(seq), str(kind), str(id_)
