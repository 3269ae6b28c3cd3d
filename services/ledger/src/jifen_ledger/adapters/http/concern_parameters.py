"""The parameters of the reads about concerns."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import Field, StringConstraints

from jifen_contracts.events.concerns import ConcernOrigin
from jifen_contracts.ids import YEAR, Id
from jifen_ledger.adapters.http.parameters import PAGE_DEFAULT, Cursor, KnownQuery, Limit
from jifen_ledger.application.queries.concern_list import Wanted

ConcernId = Annotated[Id, Path(description="A concern.")]
UnitId = Annotated[Id, Path(description="A unit; everything below it counts too.")]
VisitId = Annotated[Id, Path(description="The deed of a visit.")]

State = Literal["raised", "assigned", "resolved", "confirmed", "unconfirmed", "reopened", "merged"]
Kind = Literal["concern", "project", "fix", "care"]
MonthQuarterYear = Annotated[
    str, StringConstraints(pattern=rf"^{YEAR}(?:-Q[1-4]|-(?:0[1-9]|1[0-2]))?$")
]


class ConcernsQuery(KnownQuery):
    """A page of concerns; every filter that is given must fit."""

    unit: Id | None = None
    state: State | None = None
    kind: Kind | None = None
    overdue: bool | None = None
    origin: ConcernOrigin | None = None
    handler: Id | None = None
    mine: Annotated[bool, Field(description="Only those that the reader raised.")] = False
    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None

    def wanted(self) -> Wanted:
        """Return the filters."""
        return Wanted(
            self.unit, self.state, self.kind, self.overdue, self.origin, self.handler, self.mine
        )


class PeriodQuery(KnownQuery):
    """A month, a quarter or a year."""

    period: MonthQuarterYear
