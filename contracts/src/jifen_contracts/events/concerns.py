"""Events of a concern: raised, assigned, resolved, confirmed, reopened."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import EvidenceList
from jifen_contracts.ids import DateText, Id, ReasonCode
from jifen_contracts.wire import Listed, NameText, Wire

Urgency = Literal["at_once", "urgent", "ordinary"]
# The deed of a visit, or a line of the health check.
ConcernOrigin = Annotated[
    str, StringConstraints(pattern=r"^(?:H[0-9]{2}|[a-z0-9][a-z0-9-]{1,63})$")
]


class ConcernRaisedData(Wire):
    concern: Id
    kind: Literal["concern", "project", "fix", "care"]
    urgency: Urgency
    parent: Id | None = None
    origin: ConcernOrigin | None = None
    by: Id | None = None


class ConcernRaised(Envelope):
    """Somebody raised a concern and its clock starts."""

    type: Literal["jifen.concern.raised.v1"]
    dataschema: Literal["urn:jifen:schema:concern.raised:v1"]
    data: ConcernRaisedData


class Stage(Wire):
    name_zh: NameText
    promise: DateText


class Pause(Wire):
    from_: DateText = Field(alias="from")
    to: DateText


class ConcernAssignedData(Wire):
    concern: Id
    handler: Id
    handler_unit: Id
    urgency: Urgency | None = None
    stages: Annotated[Listed[Stage], Field(max_length=10)] | None = None
    reached: NameText | None = None
    pause: Pause | None = None
    merge_into: Id | None = None
    reason: ReasonCode | None = None
    by: Id


class ConcernAssigned(Envelope):
    """A concern has this handler; sent again it is escalated, paused, moved on or merged."""

    type: Literal["jifen.concern.assigned.v1"]
    dataschema: Literal["urn:jifen:schema:concern.assigned:v1"]
    data: ConcernAssignedData


class ConcernResolvedData(Wire):
    concern: Id
    in_use: DateText
    evidence: EvidenceList | None = None
    by: Id


class ConcernResolved(Envelope):
    """The handler says that the concern is settled and since when."""

    type: Literal["jifen.concern.resolved.v1"]
    dataschema: Literal["urn:jifen:schema:concern.resolved:v1"]
    data: ConcernResolvedData


class ConcernConfirmedData(Wire):
    concern: Id
    satisfaction: Annotated[int, Field(ge=1, le=3)]
    by: Id | None = None
    survey_code: Id | None = None


class ConcernConfirmed(Envelope):
    """A raiser confirms that the concern is settled."""

    type: Literal["jifen.concern.confirmed.v1"]
    dataschema: Literal["urn:jifen:schema:concern.confirmed:v1"]
    data: ConcernConfirmedData


class ConcernReopenedData(Wire):
    concern: Id
    reason: ReasonCode | None = None
    by: Id | None = None
    survey_code: Id | None = None


class ConcernReopened(Envelope):
    """A raiser or the upper level says that the concern is not settled."""

    type: Literal["jifen.concern.reopened.v1"]
    dataschema: Literal["urn:jifen:schema:concern.reopened:v1"]
    data: ConcernReopenedData
