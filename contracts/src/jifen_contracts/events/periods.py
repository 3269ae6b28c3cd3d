"""Events about a branch's quarter on its way from open to final."""

from typing import Annotated, Final, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import Deciders
from jifen_contracts.ids import Id, ItemCode, MonthText, QuarterText, ReasonCode
from jifen_contracts.wire import Listed, Wire

# As many as 48 KiB hold: ids of eight characters in every fact, beside the event's other fields.
FACTS_WAIVED_MAX: Final = 850

PeriodState = Literal["open", "preliminary", "verified", "published", "final"]


class WaivedFact(Wire):
    """A base fact that will not come; it is not applicable."""

    holder: Id
    item: ItemCode
    period: MonthText | QuarterText


class WaivedAssessment(Wire):
    """A self-assessment that will not come."""

    holder: Id
    month: MonthText


class Waiver(Wire):
    """What the upper level goes without, named one by one, and why."""

    facts: Annotated[Listed[WaivedFact], Field(max_length=FACTS_WAIVED_MAX)]
    assessments: Annotated[Listed[WaivedAssessment], Field(max_length=100)]
    reason: ReasonCode


class PeriodAdvancedData(Wire):
    period: QuarterText
    to: PeriodState
    revision: Annotated[int, Field(ge=1, le=10_000)] | None = None
    objections: Annotated[Listed[Id], Field(max_length=100)] | None = None
    waive: Waiver | None = None
    reason: ReasonCode | None = None
    by: Id
    deciders: Deciders | None = None


class PeriodAdvanced(Envelope):
    """A branch's quarter moved to a state, or its bulletin to the next revision."""

    type: Literal["jifen.period.advanced.v1"]
    dataschema: Literal["urn:jifen:schema:period.advanced:v1"]
    data: PeriodAdvancedData
