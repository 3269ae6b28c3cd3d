"""Events about shares: how the participants of a project split its pool."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import Id, ItemCode, TierKey
from jifen_contracts.wire import Listed, Wire

PARTICIPANTS_MAX = 50


class Share(Wire):
    member: Id
    weight: Annotated[int, Field(ge=1, le=10_000)]


class SharesDeclaredData(Wire):
    project: Id
    item: ItemCode
    pool: TierKey
    shares: Annotated[Listed[Share], Field(min_length=1, max_length=PARTICIPANTS_MAX)]
    organisers: Annotated[Listed[Id], Field(max_length=PARTICIPANTS_MAX)] | None = None
    agreed_by: Annotated[Listed[Id], Field(max_length=PARTICIPANTS_MAX)]
    by: Id


class SharesDeclared(Envelope):
    """The participants of a project fixed its split, in this order, and agreed."""

    type: Literal["jifen.shares.declared.v1"]
    dataschema: Literal["urn:jifen:schema:shares.declared:v1"]
    data: SharesDeclaredData
