"""Events about vetoes, which change the score function and never the postings."""

from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import Basis
from jifen_contracts.ids import DateText, Id, ReasonCode
from jifen_contracts.wire import OnlyTrue, Wire


class VetoImposedData(Wire):
    veto: Id
    kind: Literal["V1", "V2", "V3", "V4", "V5"]
    effect: Literal["zero", "block"]
    from_: DateText = Field(alias="from")
    to: DateText | None = None
    basis: Basis | None = None
    by: Id


class VetoImposed(Envelope):
    """The upper level put a veto on a member for a span of days."""

    type: Literal["jifen.veto.imposed.v1"]
    dataschema: Literal["urn:jifen:schema:veto.imposed:v1"]
    data: VetoImposedData


class VetoLiftedData(Wire):
    """Lifted from its start (`annul`) or on a date (`on`)."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["annul"]}, {"required": ["on"]}]}
    )

    veto: Id
    annul: OnlyTrue | None = None
    on: DateText | None = None
    reason: ReasonCode | None = None
    by: Id

    @model_validator(mode="after")
    def _ends_in_one_way(self) -> Self:
        if (self.annul is None) == (self.on is None):
            raise ValueError("exactly one of annul and on")
        return self


class VetoLifted(Envelope):
    """Another person of the upper level lifted a veto."""

    type: Literal["jifen.veto.lifted.v1"]
    dataschema: Literal["urn:jifen:schema:veto.lifted:v1"]
    data: VetoLiftedData
