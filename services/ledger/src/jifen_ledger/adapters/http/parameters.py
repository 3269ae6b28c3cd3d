"""The parameters of the reads: every one has its exact form, and unknown ones are refused."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jifen_contracts.events.envelope import SourceText
from jifen_contracts.ids import YEAR, Id, QuarterText, YearText
from jifen_contracts.scheme.overlays import Post, UnitClass
from jifen_contracts.wire import TokenText
from jifen_ledger.application.queries.balances import Account
from jifen_ledger.application.queries.boards import BoardAsked
from jifen_ledger.application.queries.cursors import CURSOR_CHARS_MAX, INTEGER_MAX
from jifen_ledger.application.queries.statement import Order

PAGE_MAX = 200
PAGE_DEFAULT = 50
ORDINAL_MAX = 255
VERSIONS_MAX = 100_000

SchemeId = Annotated[Id, Path(description="The scheme of the reader's token.")]
HolderId = Annotated[Id, Path(description="A member or a unit.")]
ClaimId = Annotated[Id, Path(description="A claim.")]
Seq = Annotated[int, Path(ge=1, le=INTEGER_MAX, description="The record's sequence.")]
Ordinal = Annotated[int, Path(ge=0, le=ORDINAL_MAX, description="The posting within its record.")]

Period = Annotated[str, StringConstraints(pattern=rf"^{YEAR}(?:-Q[1-4])?$")]
Capacity = Literal["committee", "member", "unit"]
Category = Literal["all", "A", "B", "C", "D"]
UnitKind = Literal[
    "branch",
    "group",
    "team",
    "section",
    "plant",
    "league",
    "studio",
    "volunteer_team",
    "sponsor",
    "service_point",
]
Cursor = Annotated[str, StringConstraints(pattern=rf"^[A-Za-z0-9_-]{{1,{CURSOR_CHARS_MAX}}}$")]
Limit = Annotated[int, Field(ge=1, le=PAGE_MAX)]


class _Query(BaseModel):
    # A misspelt parameter would otherwise be answered as if it had not been sent.
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoQuery(_Query):
    """No parameters at all."""


class EventQuery(_Query):
    """An event by its source and id."""

    source: SourceText
    id: TokenText


class YearQuery(_Query):
    """A year."""

    year: YearText


class QuarterQuery(_Query):
    """A quarter."""

    period: QuarterText


class StatementQuery(_Query):
    """A page of one account."""

    capacity: Account
    order: Order = "newest"
    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class FiguresQuery(_Query):
    """A holder's figures."""

    holder: Id
    capacity: Capacity
    period: Period


class BoardQuery(_Query):
    """A board."""

    period: Period
    capacity: Capacity
    category: Category = "all"
    scope: Id | None = None
    post: Post | None = None
    unit_class: Annotated[UnitClass | None, Field(alias="class")] = None

    def board(self) -> BoardAsked:
        """Return the board that is asked for."""
        return BoardAsked(
            self.period, self.capacity, self.category, self.scope, self.post, self.unit_class
        )


class RankingQuery(BoardQuery):
    """A page of a board."""

    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class ComparisonQuery(_Query):
    """Units of one kind."""

    period: Period
    kind: UnitKind = "branch"
    capacity: Literal["committee", "member"] = "member"
    unit_class: Annotated[UnitClass | Literal["all"] | None, Field(alias="class")] = None


class DifferencesQuery(_Query):
    """Two versions of the scheme."""

    from_version: Annotated[int, Field(alias="from", ge=1, le=VERSIONS_MAX)]
    to_version: Annotated[int, Field(alias="to", ge=1, le=VERSIONS_MAX)]
