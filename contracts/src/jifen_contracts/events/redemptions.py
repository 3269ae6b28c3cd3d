"""Events of a redemption: reserved, then fulfilled or cancelled."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import Id
from jifen_contracts.points import PriceText
from jifen_contracts.wire import Wire


class RedemptionReservedData(Wire):
    redemption: Id
    offer: Id
    quantity: Annotated[int, Field(ge=1, le=100)]
    price: PriceText


class RedemptionReserved(Envelope):
    """A member reserved goods at the price seen; points are held."""

    type: Literal["jifen.redemption.reserved.v1"]
    dataschema: Literal["urn:jifen:schema:redemption.reserved:v1"]
    data: RedemptionReservedData


class RedemptionFulfilledData(Wire):
    redemption: Id
    by: Id


class RedemptionFulfilled(Envelope):
    """The goods were handed over; held points are spent."""

    type: Literal["jifen.redemption.fulfilled.v1"]
    dataschema: Literal["urn:jifen:schema:redemption.fulfilled:v1"]
    data: RedemptionFulfilledData


class RedemptionCancelledData(Wire):
    redemption: Id
    why: Literal["member", "code_expired", "sponsor"]


class RedemptionCancelled(Envelope):
    """A reservation ended without goods; points and stock come back."""

    type: Literal["jifen.redemption.cancelled.v1"]
    dataschema: Literal["urn:jifen:schema:redemption.cancelled:v1"]
    data: RedemptionCancelledData
