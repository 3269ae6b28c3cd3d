"""The parameters of the reads: every one has its exact form, and unknown ones are refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from jifen_contracts.events.envelope import SourceText
from jifen_contracts.ids import YEAR, DateText, Id, MonthText, QuarterText, YearText
from jifen_contracts.times import TIME
from jifen_contracts.wire import TokenText
from jifen_ledger.application.queries.balances import Account
from jifen_ledger.application.queries.cursors import CURSOR_CHARS_MAX, INTEGER_MAX
from jifen_ledger.application.queries.inbox import Stage
from jifen_ledger.application.queries.statement import Order

PAGE_MAX = 200
PAGE_DEFAULT = 50
ORDINAL_MAX = 255
VERSIONS_MAX = 100_000
# As many as an event names.
POOLED_MAX = 20
REVISIONS_MAX = 10_000

SchemeId = Annotated[Id, Path(description="The scheme of the reader's token.")]
HolderId = Annotated[Id, Path(description="A member or a unit.")]
UnitId = Annotated[Id, Path(description="A unit.")]
ClaimId = Annotated[Id, Path(description="A claim.")]
RedemptionId = Annotated[Id, Path(description="A redemption; its id is the code.")]
Seq = Annotated[int, Path(ge=1, le=INTEGER_MAX, description="The record's sequence.")]
Ordinal = Annotated[int, Path(ge=0, le=ORDINAL_MAX, description="The posting within its record.")]

Period = Annotated[str, StringConstraints(pattern=rf"^{YEAR}(?:-Q[1-4])?$")]
AnyPeriod = Annotated[str, StringConstraints(pattern=rf"^{YEAR}(?:-Q[1-4]|-(?:0[1-9]|1[0-2]))?$")]
Capacity = Literal["committee", "member", "unit"]
Cursor = Annotated[str, StringConstraints(pattern=rf"^[A-Za-z0-9_-]{{1,{CURSOR_CHARS_MAX}}}$")]
Limit = Annotated[int, Field(ge=1, le=PAGE_MAX)]


KnownAt = Annotated[
    str,
    StringConstraints(pattern=rf"^(?:[0-9]{{1,16}}|{TIME})$"),
    Field(
        description="Answer from what was known then: a sequence (the state after that record, at"
        " its event's recorded time) or a time (after the last record whose `recorded_at` is not"
        " later, at that time). Rights are the reader's of now."
    ),
]
AsOf = Annotated[
    DateText,
    Field(
        description="What was so on this local day, as known at `known_at`: deeds up to it count,"
        " and spans, versions and offices are those of it."
    ),
]
EndOf = Annotated[
    DateText,
    Field(
        description="As it stood at the end of this local day. What is read here goes by recorded"
        " time: it was so as soon as it was recorded, and of `known_at` and the end of the day the"
        " earlier counts. A day that has not ended is told as it is by now."
    ),
]


class _Query(BaseModel):
    # A misspelt parameter would otherwise be answered as if it had not been sent.
    model_config = ConfigDict(frozen=True, extra="forbid")

    # Why an address does not take a time, by the parameter's name.
    refused: ClassVar[dict[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _refuse_times(cls, sent: Any) -> Any:  # noqa: ANN401 - whatever was sent
        for name, reason in cls.refused.items():
            if isinstance(sent, dict) and name in sent:
                raise PydanticCustomError("no_meaning", f"{name} has no meaning here: {reason}")
        return sent


class NowQuery(_Query):
    """Nothing: the answer is about now; the route is one of `timeless.REASONS`."""

    refused: ClassVar[dict[str, str]] = dict.fromkeys(
        ("known_at", "as_of"), "this answer is about now, and nothing is kept of it."
    )


class MomentQuery(_Query):
    """Both times: what was known at a moment, of deeds up to a day (`Asked.as_of`).

    The question that a route receives is cut there already (`Question.reads`, `Asked`).
    """

    known_at: KnownAt | None = None
    as_of: AsOf | None = None


class KnownQuery(_Query):
    """Both times, for reads of what goes by recorded time: routes ask an `ARecordedQuestion`."""

    known_at: KnownAt | None = None
    as_of: EndOf | None = None


class RevisionQuery(MomentQuery):
    """A revision of a bulletin; the last one where none is named."""

    revision: Annotated[int, Field(ge=1, le=REVISIONS_MAX)] | None = None


class EventQuery(KnownQuery):
    """An event by its source and id."""

    source: SourceText
    id: TokenText


class YearQuery(MomentQuery):
    """A year."""

    year: YearText


class KnownMonthQuery(KnownQuery):
    """A month."""

    month: MonthText


class KnownPeriodQuery(KnownQuery):
    """A month, quarter or year."""

    period: AnyPeriod


class KnownYearQuery(KnownQuery):
    """A year, as it was known at a moment."""

    year: YearText


class KnownQuarterQuery(KnownQuery):
    """A quarter, as it was known at a moment."""

    period: QuarterText


class InboxQuery(KnownQuery):
    """A page of the claims that wait; of both stages where none is named."""

    stage: Stage | None = None
    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class PeriodQuery(MomentQuery):
    """A quarter or a year."""

    period: Period


class DayQuery(MomentQuery):
    """A day, by either name; the moment's where none is named."""

    on: Annotated[DateText, Field(description="The same as `as_of`.")] | None = None

    @model_validator(mode="after")
    def _one_day(self) -> DayQuery:
        if self.on is not None and self.as_of is not None:
            raise PydanticCustomError("one_day", "on and as_of are the same; send one of them")
        return self

    def day(self) -> date | None:
        """Return the day that is named as `on`."""
        return None if self.on is None else date.fromisoformat(self.on)


class UnfitQuery(MomentQuery):
    """A page of the verified claims of a period."""

    period: Period
    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class StatementQuery(MomentQuery):
    """A page of one account."""

    capacity: Account
    order: Order = "newest"
    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class RedemptionsQuery(KnownQuery):
    """A page of redemptions."""

    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class OffersQuery(RedemptionsQuery):
    """A page of offers: those open on the day, or all."""

    state: Literal["open", "all"] = "open"


class FiguresQuery(MomentQuery):
    """A holder's figures."""

    holder: Id
    capacity: Capacity
    period: Period


class AwardsQuery(MomentQuery):
    """A page of the awards held; `unit` is the holder, or the holder's home branch."""

    kind: Literal["title", "badge", "honour", "benefit", "unit_award"] | None = None
    unit: Id | None = None
    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None


class BranchYearQuery(KnownQuery):
    """A branch's year, with the branches pooled with it."""

    year: YearText
    pool: Annotated[list[Id], Field(max_length=POOLED_MAX)] = []


class DifferencesQuery(KnownQuery):
    """Two versions of the scheme."""

    from_version: Annotated[int, Field(alias="from", ge=1, le=VERSIONS_MAX)]
    to_version: Annotated[int, Field(alias="to", ge=1, le=VERSIONS_MAX)]
