"""Events about units: branches, groups, teams and all other parts of the organisation."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import DateText, Id
from jifen_contracts.wire import Listed, NameText, Wire

UnitKind = Literal[
    "branch",
    "group",
    "team",
    "section",
    "plant",
    "league",
    "studio",
    "volunteer_team",
    "sponsor",
    "service_point",
]
UnitClass = Literal["frontline", "support", "office"]


class UnitRegisteredData(Wire):
    kind: UnitKind
    class_: UnitClass | None = Field(default=None, alias="class")
    parent: Id | None = None
    name_zh: NameText
    name_en: NameText
    from_: DateText = Field(alias="from")
    to: DateText | None = None
    came_from: Annotated[Listed[Id], Field(max_length=20)] | None = None


class UnitRegistered(Envelope):
    """A unit has this kind, class, parent and name from a day on."""

    type: Literal["jifen.unit.registered.v1"]
    dataschema: Literal["urn:jifen:schema:unit.registered:v1"]
    data: UnitRegisteredData
