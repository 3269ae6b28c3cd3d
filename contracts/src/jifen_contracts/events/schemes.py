"""Events about the scheme: its published versions."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.ids import DateText, ReasonCode
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.wire import NoteText, Wire


class Retroactive(Wire):
    """Why a later version may start in the past."""

    reason: ReasonCode


class SchemePublishedData(Wire):
    version: Annotated[int, Field(ge=1, le=1_000_000)]
    effective_from: DateText
    document: SchemeDocument
    note: NoteText
    retroactive: Retroactive | None = None


class SchemePublished(Envelope):
    """A version of the scheme applies to deeds from its first day on."""

    type: Literal["jifen.scheme.published.v1"]
    dataschema: Literal["urn:jifen:schema:scheme.published:v1"]
    data: SchemePublishedData

    @model_validator(mode="after")
    def _is_about_the_scheme(self) -> Self:
        if self.subject != self.schemeid:
            raise ValueError("the subject of this type is the scheme")
        return self
