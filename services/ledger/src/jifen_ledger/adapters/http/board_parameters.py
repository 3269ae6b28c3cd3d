"""The parameters of boards: whom they take in, and whether figures are published or live."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from jifen_contracts.ids import Id, QuarterText
from jifen_contracts.scheme.overlays import Post, UnitClass
from jifen_ledger.adapters.http.parameters import (
    PAGE_DEFAULT,
    Capacity,
    Cursor,
    Limit,
    MomentQuery,
    Period,
)
from jifen_ledger.application.queries.boards import BoardAsked
from jifen_ledger.application.queries.comparison import ComparisonAsked
from jifen_ledger.application.queries.rights_of_boards import Figures

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
FiguresWanted = Annotated[
    Figures | None,
    Field(
        description="Figures of the last published bulletins, or live ones, which are provisional"
        " until the quarter is published. Without it: live for who may see them, else published."
    ),
]


class BoardQuery(MomentQuery):
    """A board."""

    period: Period
    capacity: Capacity
    category: Category = "all"
    scope: Id | None = None
    post: Post | None = None
    unit_class: Annotated[UnitClass | None, Field(alias="class")] = None
    figures: FiguresWanted = None

    def board(self) -> BoardAsked:
        """Return the board that is asked for."""
        return BoardAsked(
            self.period,
            self.capacity,
            self.category,
            self.scope,
            self.post,
            self.unit_class,
            self.figures,
        )


class RankingQuery(BoardQuery):
    """A page of a board, or the lines around a holder: as many above as below."""

    limit: Limit = PAGE_DEFAULT
    cursor: Cursor | None = None
    around: Id | None = None

    @model_validator(mode="after")
    def _one_place(self) -> RankingQuery:
        if self.cursor is not None and self.around is not None:
            raise PydanticCustomError("one_place", "cursor and around exclude each other")
        return self


class ComparisonQuery(MomentQuery):
    """Units of one kind."""

    period: Period
    kind: UnitKind = "branch"
    capacity: Literal["committee", "member"] = "member"
    unit_class: Annotated[UnitClass | Literal["all"] | None, Field(alias="class")] = None
    figures: FiguresWanted = None

    def comparison(self) -> ComparisonAsked:
        """Return the comparison that is asked for."""
        return ComparisonAsked(self.period, self.kind, self.capacity, self.unit_class, self.figures)


class RadarQuery(MomentQuery):
    """A quarter, as it was published by a moment; of a part of it nothing is published."""

    period: QuarterText
