"""Events about persons: the order to erase what can be erased."""

from typing import Literal

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.events.parts import Basis
from jifen_contracts.wire import Wire


class PersonErasedData(Wire):
    basis: Basis


class PersonErased(Envelope):
    """Directory entry and private parts of a person are to be deleted; id and totals stay."""

    type: Literal["jifen.person.erased.v1"]
    dataschema: Literal["urn:jifen:schema:person.erased:v1"]
    data: PersonErasedData
