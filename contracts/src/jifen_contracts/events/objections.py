"""Events about objections, complaints, statements and re-checks."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import Deciders
from jifen_contracts.ids import Id, QuarterText, ReasonCode
from jifen_contracts.wire import Listed, Wire


class AboutClaim(Wire):
    claim: Id


class AboutPeriod(Wire):
    unit: Id
    period: QuarterText


class ObjectionFiledData(Wire):
    objection: Id
    kind: Literal["objection", "complaint", "statement", "sample"]
    about: AboutClaim | AboutPeriod
    by: Id | None = None


class ObjectionFiled(Envelope):
    """Somebody questions a claim or a bulletin, or answers a notice; `by` may be an alias."""

    type: Literal["jifen.objection.filed.v1"]
    dataschema: Literal["urn:jifen:schema:objection.filed:v1"]
    data: ObjectionFiledData


class ObjectionDecidedData(Wire):
    objection: Id
    decision: Literal["upheld", "partly", "dismissed", "carried"]
    corrects: Annotated[Listed[Id], Field(max_length=100)] | None = None
    reason: ReasonCode | None = None
    by: Id
    deciders: Deciders


class ObjectionDecided(Envelope):
    """An objection was decided; the claims it corrects must be reversed."""

    type: Literal["jifen.objection.decided.v1"]
    dataschema: Literal["urn:jifen:schema:objection.decided:v1"]
    data: ObjectionDecidedData
