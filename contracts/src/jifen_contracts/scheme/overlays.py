"""Overlays of a scheme document: how the catalogue fits a post or a class of units."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.ids import Capacity, TierKey
from jifen_contracts.scheme.items import Caps
from jifen_contracts.scheme.texts import (
    CHECKLIST_MAX,
    COUNT_MAX,
    ITEMS_MAX,
    TIERS_MAX,
    Amount,
    Code,
    Text,
)
from jifen_contracts.wire import Listed, Wire

Post = Literal["secretary", "organisation", "publicity", "discipline", "other"]
UnitClass = Literal["frontline", "support", "office"]


class Match(Wire):
    """Who is meant; both given means both must hold."""

    post: Post | None = None
    class_: Annotated[UnitClass | None, Field(alias="class")] = None


# Lists of pairs, not objects keyed by code or tier: keys of canonical JSON are lower-case words.
class Required(Wire):
    item: Code
    count: Annotated[int, Field(ge=0, le=COUNT_MAX)]


class TierValue(Wire):
    key: TierKey
    value: Amount


class Values(Wire):
    """Another value, other tier values or other caps of one bonus line."""

    item: Code
    capacity: Capacity
    value: Amount | None = None
    tiers: Annotated[Listed[TierValue], Field(max_length=TIERS_MAX)] = ()
    caps: Caps = Caps()


class Overlay(Wire):
    match: Match
    exclude: Annotated[Listed[Code], Field(max_length=ITEMS_MAX)] = ()
    required: Annotated[Listed[Required], Field(max_length=ITEMS_MAX)] = ()
    checklist: Annotated[Listed[Text], Field(max_length=CHECKLIST_MAX)] = ()
    values: Annotated[Listed[Values], Field(max_length=ITEMS_MAX)] = ()
