"""Events about the log: which lost log this one follows."""

from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from jifen_contracts.events.envelope import Envelope
from jifen_contracts.wire import Wire

LogOrigin = Annotated[str, StringConstraints(pattern=r"^[!-*,-~]{1,200}$")]
SignedNote = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]+$", max_length=8_192)
]


class LogContinuedData(Wire):
    origin: LogOrigin
    checkpoint: SignedNote


class LogContinued(Envelope):
    """The first event of a scheme whose log follows one that was lost."""

    type: Literal["jifen.log.continued.v1"]
    dataschema: Literal["urn:jifen:schema:log.continued:v1"]
    data: LogContinuedData

    @model_validator(mode="after")
    def _is_about_the_scheme(self) -> Self:
        if self.subject != self.schemeid:
            raise ValueError("the subject of this type is the scheme")
        return self
