"""How a value is read from the wire: frozen, strictly typed, nothing unknown accepted."""

from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

_Item = TypeVar("_Item")

# JSON has lists and frozen values hold tuples: only this step may convert.
Listed = Annotated[tuple[_Item, ...], Field(strict=False)]

# One line: no control characters and no line separators.
_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"
NameText = Annotated[str, StringConstraints(pattern=_LINE, max_length=80)]
NoteText = Annotated[str, StringConstraints(pattern=_LINE, max_length=200)]
TokenText = Annotated[str, StringConstraints(pattern=_LINE, max_length=128)]


def _is_true(value: bool) -> bool:  # noqa: FBT001 - a validator is called by position
    if not value:
        raise ValueError("true, or left out")
    return value


# Literal[True] would accept 1, as 1 == True.
OnlyTrue = Annotated[
    bool, AfterValidator(_is_true), WithJsonSchema({"const": True, "type": "boolean"})
]


class Wire(BaseModel):
    # Unknown fields are refused: what slips into the stream can never be erased.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
