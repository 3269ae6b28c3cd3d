"""The compiled catalogue: what an item is worth for a person on a date, in integer tenths.

The effective catalogue of a person is the version's items, changed by the overlays of the posts
held and of the class of the unit. Its hash stands with every posting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Final, Literal

from jifen_contracts.canonical import canonical
from jifen_contracts.points import parse_points
from jifen_contracts.scheme import items as wire
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.effective import Effective, effective_of
from jifen_contracts.scheme.items import Pact
from jifen_contracts.scheme.texts import Text

DOCUMENTS_MAX: Final = 256

Mode = Literal["R", "E", "T", "S", "D"]


@dataclass(frozen=True, slots=True)
class Tier:
    key: str
    value: int
    outside_month: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What one capacity gets from an item; fields that its mode does not use are 0 or empty."""

    kind: wire.Kind
    mode: Mode
    max: int = 0
    per: Literal["month", "quarter"] = "month"
    value: int = 0
    max_count: int = 0
    tiers: Mapping[str, Tier] = field(default_factory=lambda: MappingProxyType({}))
    month_cap: int | None = None
    quarter_cap: int | None = None
    year_cap: int | None = None
    required: int | None = None


@dataclass(frozen=True, slots=True)
class Incentive:
    value: int
    tiers: Mapping[str, int]
    month_cap: int | None
    self_signed_only: bool


@dataclass(frozen=True, slots=True)
class Item:
    code: str
    category: str
    name_zh: str
    name_en: str
    focus: str
    tags: tuple[str, ...]
    measure_of: str
    together: bool
    highest: bool
    evidence_kinds: frozenset[str]
    evidence_required: bool
    preliminary: str
    confirm: str
    incentive: Incentive | None
    min_answers: int | None
    pact: Pact | None
    lines: Mapping[str, Line]
    # Some line is by shares, or all are ratios.
    by_shares: bool
    by_ratio: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Items that apply, by code, in the document's order; the checklist is that of item A03."""

    items: Mapping[str, Item]
    hash: str
    checklist: tuple[Text, ...] = ()


# The key of a document is its identity: hashing its content would cost more than the lookup saves.
# The entry holds the document, so no other can take its identity while the entry lives.
_Held = tuple[SchemeDocument, dict[tuple[frozenset[str], str | None], Catalogue]]
_held: dict[int, _Held] = {}


def effective_catalogue(
    document: SchemeDocument, posts: frozenset[str], unit_class: str | None
) -> Catalogue:
    """Return the catalogue for holders of these posts in a unit of this class.

    The document has passed lint.
    """
    held = _held.get(id(document))
    if held is None:
        if len(_held) >= DOCUMENTS_MAX:
            _held.pop(next(iter(_held)), None)
        held = _held[id(document)] = (document, {})
    catalogue = held[1].get((posts, unit_class))
    if catalogue is None:
        catalogue = _compiled(effective_of(document, posts, unit_class))
        held[1][posts, unit_class] = catalogue
    return catalogue


def _compiled(effective: Effective) -> Catalogue:
    items = {item.code: _item(item, effective.required.get(item.code)) for item in effective.items}
    digest = sha256(canonical(effective.wire_object())).hexdigest()
    return Catalogue(MappingProxyType(items), digest, effective.checklist)


def _item(item: wire.Item, required: int | None) -> Item:
    evidence = item.evidence or wire.Evidence()
    lines = {capacity: _line(line, required) for capacity, line in item.lines.by_capacity().items()}
    return Item(
        code=item.code,
        category=item.code[0],
        name_zh=item.name_zh,
        name_en=item.name_en,
        focus=item.focus or "",
        tags=item.tags,
        measure_of=item.measure_of or "",
        together=item.dual == "together",
        highest=item.stack == "highest",
        evidence_kinds=frozenset(evidence.kinds),
        evidence_required=evidence.required,
        preliminary=item.preliminary or "",
        confirm=item.confirm or "",
        incentive=None if item.incentive is None else _incentive(item.incentive),
        min_answers=item.min_answers,
        pact=item.pact,
        lines=MappingProxyType(lines),
        by_shares=any(line.mode == "S" for line in lines.values()),
        by_ratio=all(line.mode == "R" for line in lines.values()),
    )


def _line(line: wire.Line, required: int | None) -> Line:
    caps = line.caps
    month, quarter, year = _tenths(caps.month), _tenths(caps.quarter), _tenths(caps.year)
    match line:
        case wire.RatioLine():
            return Line(
                line.kind, line.mode, max=parse_points(line.max), per=line.per, required=required
            )
        case wire.EventLine():
            return Line(
                line.kind,
                line.mode,
                value=parse_points(line.value),
                max_count=line.max_count,
                month_cap=month,
                quarter_cap=quarter,
                year_cap=year,
            )
        case wire.TierLine():
            return Line(
                line.kind,
                line.mode,
                tiers=MappingProxyType({tier.key: _tier(tier) for tier in line.tiers}),
                month_cap=month,
                quarter_cap=quarter,
                year_cap=year,
            )


def _tier(tier: wire.Tier) -> Tier:
    return Tier(tier.key, parse_points(tier.value), tier.outside_month)


def _incentive(incentive: wire.Incentive) -> Incentive:
    return Incentive(
        value=_tenths(incentive.value) or 0,
        tiers=MappingProxyType({tier.key: parse_points(tier.value) for tier in incentive.tiers}),
        month_cap=_tenths(incentive.month_cap),
        self_signed_only=incentive.self_signed_only,
    )


def _tenths(amount: str | None) -> int | None:
    return None if amount is None else parse_points(amount)
