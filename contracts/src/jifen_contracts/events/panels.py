"""Events about panels, the assessment groups that verify claims."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import DateText, Id
from jifen_contracts.wire import Listed, Wire


class PanelMember(Wire):
    member: Id
    kind: Literal["group_leader", "member_delegate", "staff_delegate", "committee"]


class Recusal(Wire):
    """A member of the panel steps back towards a person; the relation is never named."""

    member: Id
    towards: Id


class PanelFormedData(Wire):
    panel: Id
    from_: DateText = Field(alias="from")
    to: DateText
    chair: Id
    members: Annotated[Listed[PanelMember], Field(min_length=3, max_length=15)]
    recusals: Annotated[Listed[Recusal], Field(max_length=50)] | None = None


class PanelFormed(Envelope):
    """A branch has this panel, in place of its last, from a day on."""

    type: Literal["jifen.panel.formed.v1"]
    dataschema: Literal["urn:jifen:schema:panel.formed:v1"]
    data: PanelFormedData
