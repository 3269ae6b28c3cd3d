"""Events of a claim's life: earned, reviewed, reversed."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.measures import Measures
from jifen_contracts.events.parts import Basis, CapacityPoints, Deciders, EvidenceList
from jifen_contracts.ids import DateText, Id, ItemCode, ReasonCode
from jifen_contracts.wire import Listed, Wire


class Admitted(Wire):
    """Who let a claim in after its time, and why."""

    deciders: Deciders
    reason: ReasonCode


class PointsEarnedData(Wire):
    claim: Id
    item: ItemCode
    deed: Id
    group: Id | None = None
    measure: Measures
    counterpart: Annotated[Listed[Id], Field(max_length=5)] | None = None
    project: Id | None = None
    signed: Literal["self", "added"] | None = None
    evidence: EvidenceList | None = None
    basis: Basis | None = None
    replaces: Id | None = None
    admitted: Admitted | None = None
    points: CapacityPoints | None = None
    by: Id | None = None


class PointsEarned(Envelope):
    """A holder claims points for a deed; `time` is the deed's time, `points` an expectation."""

    type: Literal["jifen.points.earned.v1"]
    dataschema: Literal["urn:jifen:schema:points.earned:v1"]
    data: PointsEarnedData


class PointsReviewedData(Wire):
    claim: Id
    stage: Literal["preliminary", "verified"]
    decision: Literal["accept", "return", "reject"]
    item: ItemCode | None = None
    measure: Measures | None = None
    points: CapacityPoints | None = None
    reason: ReasonCode | None = None
    until: DateText | None = None
    duplicate_of: Id | None = None
    by: Id
    deciders: Deciders | None = None


class PointsReviewed(Envelope):
    """A reviewer or a panel accepted, returned or rejected a claim at one of the two stages."""

    type: Literal["jifen.points.reviewed.v1"]
    dataschema: Literal["urn:jifen:schema:points.reviewed:v1"]
    data: PointsReviewedData


class PointsReversedData(Wire):
    claim: Id
    cause: Literal["withdrawn", "error", "falsified", "objection", "reopened", "shares"]
    objection: Id | None = None
    reason: ReasonCode | None = None
    by: Id
    deciders: Deciders | None = None


class PointsReversed(Envelope):
    """A claim was withdrawn, or its verified points were taken back."""

    type: Literal["jifen.points.reversed.v1"]
    dataschema: Literal["urn:jifen:schema:points.reversed:v1"]
    data: PointsReversedData
