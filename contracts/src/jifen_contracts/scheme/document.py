"""The scheme document (`jifen.scheme/1`): one organisation's rules as they are published."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from jifen_contracts.scheme.items import Item
from jifen_contracts.scheme.overlays import Overlay
from jifen_contracts.scheme.terms import (
    Calendar,
    Combined,
    Grades,
    HealthLine,
    Ranking,
    Veto,
    WalletTerms,
)
from jifen_contracts.scheme.texts import (
    ITEMS_MAX,
    OVERLAYS_MAX,
    Name,
    wire_object,
)
from jifen_contracts.wire import Listed, Wire

SCHEMA: Final = "jifen.scheme/1"

UtcOffset = Annotated[str, StringConstraints(pattern=r"^[+-](?:0[0-9]|1[0-4]):[0-5][0-9]$")]


class Category(Wire):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    name_zh: Name
    name_en: Name


class SchemeDocument(Wire):
    schema_: Annotated[Literal["jifen.scheme/1"], Field(alias="schema")]
    name_zh: Name
    name_en: Name
    utc_offset: UtcOffset
    score_function: Literal["score/1"]
    categories: Annotated[Listed[Category], Field(max_length=26)]
    items: Annotated[Listed[Item], Field(max_length=ITEMS_MAX)]
    overlays: Annotated[Listed[Overlay], Field(max_length=OVERLAYS_MAX)] = ()
    calendar: Calendar = Calendar()
    grades: Grades = Grades()
    ranking: Ranking = Ranking()
    combined: Combined = Combined()
    incentive: WalletTerms = WalletTerms()
    vetoes: Annotated[Listed[Veto], Field(max_length=9)] = ()
    health: Annotated[Listed[HealthLine], Field(max_length=40)] = ()


def document_object(document: SchemeDocument) -> dict[str, Any]:
    """Return the wire form; what equals its default is left out."""
    return wire_object(document)
