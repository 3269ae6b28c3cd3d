"""Events about self-assessments on the three levels; they never post."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import Capacity, Id, ItemCode, MonthText, ReasonCode
from jifen_contracts.points import PointsText
from jifen_contracts.wire import Listed, Wire


class AssessedValue(Wire):
    item: ItemCode
    capacity: Capacity
    points: PointsText


class MissingAssessment(Wire):
    """A member or group of the level below without an assessment, and why."""

    id: Id
    reason: ReasonCode


class AssessmentSubmittedData(Wire):
    level: Literal["member", "group", "branch"]
    month: MonthText
    values: Annotated[Listed[AssessedValue], Field(max_length=120)]
    missing: Annotated[Listed[MissingAssessment], Field(max_length=200)] | None = None
    by: Id


class AssessmentSubmitted(Envelope):
    """A member, group or branch assessed its own month."""

    type: Literal["jifen.assessment.submitted.v1"]
    dataschema: Literal["urn:jifen:schema:assessment.submitted:v1"]
    data: AssessmentSubmittedData
