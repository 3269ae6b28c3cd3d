"""Events about offers, the goods of a sponsor."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import DateText, Id
from jifen_contracts.points import PriceText
from jifen_contracts.wire import NameText, Wire


class OfferListedData(Wire):
    offer: Id
    name_zh: NameText
    name_en: NameText
    price: PriceText
    stock: Annotated[int, Field(ge=0, le=1_000_000)]
    per_member: Annotated[int, Field(ge=1, le=100)]
    opens: DateText
    closes: DateText
    code_days: Annotated[int, Field(ge=1, le=365)]


class OfferListed(Envelope):
    """A sponsor offers goods for incentive points; sent again it changes price, stock, dates."""

    type: Literal["jifen.offer.listed.v1"]
    dataschema: Literal["urn:jifen:schema:offer.listed:v1"]
    data: OfferListedData
