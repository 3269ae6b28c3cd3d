"""Events about absences, which excuse base facts and shorten member-days."""

from typing import Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import Basis
from jifen_contracts.ids import DateText, Id
from jifen_contracts.wire import Wire


class AbsenceRecordedData(Wire):
    absence: Id
    kind: Literal["leave", "sick", "study", "seconded", "exempt"]
    from_: DateText = Field(alias="from")
    to: DateText
    basis: Basis | None = None


class AbsenceRecorded(Envelope):
    """A member was or will be away in a span of days."""

    type: Literal["jifen.absence.recorded.v1"]
    dataschema: Literal["urn:jifen:schema:absence.recorded:v1"]
    data: AbsenceRecordedData
