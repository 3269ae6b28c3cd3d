"""Events about awards: titles, badges, honours and benefits."""

from typing import Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import Basis
from jifen_contracts.ids import DateText, Id, MonthText, ReasonCode
from jifen_contracts.wire import NameText, Wire


class AwardGrantedData(Wire):
    award: Id
    kind: Literal["title", "badge", "honour", "benefit", "unit_award"]
    name_zh: NameText
    name_en: NameText
    level: Literal["plant", "company", "province", "nation"] | None = None
    month: MonthText | None = None
    from_: DateText = Field(alias="from")
    to: DateText | None = None
    basis: Basis | None = None
    by: Id


class AwardGranted(Envelope):
    """A member or unit was granted an award; points come only through a claim."""

    type: Literal["jifen.award.granted.v1"]
    dataschema: Literal["urn:jifen:schema:award.granted:v1"]
    data: AwardGrantedData


class AwardRevokedData(Wire):
    award: Id
    reason: ReasonCode | None = None
    by: Id


class AwardRevoked(Envelope):
    """The upper level revoked an award; its history stays."""

    type: Literal["jifen.award.revoked.v1"]
    dataschema: Literal["urn:jifen:schema:award.revoked:v1"]
    data: AwardRevokedData
