"""Events about the grades of a year."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import Basis, Deciders
from jifen_contracts.ids import DateText, Id, ReasonCode, YearText
from jifen_contracts.wire import Listed, OnlyTrue, Wire


class GradeDecidedData(Wire):
    year: YearText
    grade: Literal["excellent", "qualified", "basic", "unqualified"]
    told_on: DateText | None = None
    basis: Basis | None = None
    reason: ReasonCode | None = None
    pool: Annotated[Listed[Id], Field(max_length=20)] | None = None
    over_quota: OnlyTrue | None = None
    by: Id
    deciders: Deciders


class GradeDecided(Envelope):
    """People decided a member's grade of a year, after telling the member."""

    type: Literal["jifen.grade.decided.v1"]
    dataschema: Literal["urn:jifen:schema:grade.decided:v1"]
    data: GradeDecidedData
