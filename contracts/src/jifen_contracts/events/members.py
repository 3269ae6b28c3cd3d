"""Events about members: enrolment, roles and leaving."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import DateText, Id
from jifen_contracts.wire import Listed, Wire

Standing = Literal["full", "probationary", "applicant", "staff", "retired"]
Role = Literal[
    "member",
    "group_member",
    "committee",
    "secretary",
    "group_leader",
    "recorder",
    "specialist",
    "upper",
    "delegate",
    "helper",
    "mentor",
]
Post = Literal["secretary", "organisation", "publicity", "discipline", "other"]


class MemberEnrolledData(Wire):
    standing: Standing
    from_: DateText = Field(alias="from")
    channel: Id | None = None
    same_as: Id | None = None


class MemberEnrolled(Envelope):
    """A person has this standing from a day on."""

    type: Literal["jifen.member.enrolled.v1"]
    dataschema: Literal["urn:jifen:schema:member.enrolled:v1"]
    data: MemberEnrolledData


class MemberAssignedData(Wire):
    assignment: Id
    role: Role
    unit: Id
    post: Post | None = None
    of: Annotated[Listed[Id], Field(max_length=10)] | None = None
    from_: DateText = Field(alias="from")
    to: DateText | None = None
    sent: DateText | None = None


class MemberAssigned(Envelope):
    """A member holds a role in a unit; the same assignment again corrects it."""

    type: Literal["jifen.member.assigned.v1"]
    dataschema: Literal["urn:jifen:schema:member.assigned:v1"]
    data: MemberAssignedData


class MemberLeftData(Wire):
    on: DateText
    why: Literal["transferred", "resigned", "expelled", "died", "other"]


class MemberLeft(Envelope):
    """A member left: assignments end and accounts freeze."""

    type: Literal["jifen.member.left.v1"]
    dataschema: Literal["urn:jifen:schema:member.left:v1"]
    data: MemberLeftData
