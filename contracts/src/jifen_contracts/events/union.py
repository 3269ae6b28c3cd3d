"""The closed union of all events, discriminated by type."""

from typing import Annotated, Final, TypeAlias, get_args

from pydantic import Field, TypeAdapter

from jifen_contracts.events.absences import AbsenceRecorded
from jifen_contracts.events.assessments import AssessmentSubmitted
from jifen_contracts.events.awards import AwardGranted, AwardRevoked
from jifen_contracts.events.concerns import (
    ConcernAssigned,
    ConcernConfirmed,
    ConcernRaised,
    ConcernReopened,
    ConcernResolved,
)
from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.grades import GradeDecided
from jifen_contracts.events.logs import LogContinued
from jifen_contracts.events.members import MemberAssigned, MemberEnrolled, MemberLeft
from jifen_contracts.events.objections import ObjectionDecided, ObjectionFiled
from jifen_contracts.events.offers import OfferListed
from jifen_contracts.events.panels import PanelFormed
from jifen_contracts.events.periods import PeriodAdvanced
from jifen_contracts.events.persons import PersonErased
from jifen_contracts.events.points import PointsEarned, PointsReversed, PointsReviewed
from jifen_contracts.events.redemptions import (
    RedemptionCancelled,
    RedemptionFulfilled,
    RedemptionReserved,
)
from jifen_contracts.events.schemes import SchemePublished
from jifen_contracts.events.shares import SharesDeclared
from jifen_contracts.events.units import UnitRegistered
from jifen_contracts.events.vetoes import VetoImposed, VetoLifted

AnyEvent: TypeAlias = (
    SchemePublished
    | UnitRegistered
    | MemberEnrolled
    | MemberAssigned
    | MemberLeft
    | AbsenceRecorded
    | PanelFormed
    | PersonErased
    | PointsEarned
    | PointsReviewed
    | PointsReversed
    | SharesDeclared
    | AssessmentSubmitted
    | PeriodAdvanced
    | ObjectionFiled
    | ObjectionDecided
    | VetoImposed
    | VetoLifted
    | GradeDecided
    | AwardGranted
    | AwardRevoked
    | OfferListed
    | RedemptionReserved
    | RedemptionFulfilled
    | RedemptionCancelled
    | ConcernRaised
    | ConcernAssigned
    | ConcernResolved
    | ConcernConfirmed
    | ConcernReopened
    | LogContinued
)
Event: TypeAlias = Annotated[AnyEvent, Field(discriminator="type")]

EVENT: Final[TypeAdapter[AnyEvent]] = TypeAdapter(Event)

EVENT_CLASSES: Final[dict[str, type[Envelope]]] = {
    get_args(event.model_fields["type"].annotation)[0]: event for event in get_args(AnyEvent)
}
