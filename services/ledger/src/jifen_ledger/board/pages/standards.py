"""What an item is worth, in a few words: its value, and the caps on it."""

from __future__ import annotations

from collections.abc import Mapping

from jifen_contracts.points import parse_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import EventLine, Line, RatioLine, TierLine
from jifen_ledger.board.languages import Texts
from jifen_ledger.board.visits import Visit
from jifen_ledger.board.wording import points


def standard_of(visit: Visit, code: str, capacity: str) -> str:
    """Return the standard of an item's line in the version in force, empty where it has none."""
    if visit.version is None:
        return ""
    for item in visit.version.document.items:
        line = item.lines.by_capacity().get(capacity)
        if item.code == code and line is not None:
            return line_words(visit.sheet.texts, line, visit.language == "zh")
    return ""


def line_words(texts: Texts, line: Line, zh: bool) -> str:  # noqa: FBT001 - one of two languages
    """Return a line's value and caps."""
    match line:
        case RatioLine():
            words = texts(f"standard.ratio_{line.per}", max=points(line.max))
        case EventLine():
            unit = line.unit_zh if zh else line.unit_en
            words = texts("standard.event", unit=unit, value=points(line.value))
        case TierLine():
            values = sorted((tier.value for tier in line.tiers), key=parse_points)
            low, high = points(values[0]), points(values[-1])
            words = low if low == high else texts("standard.tiers", low=low, high=high)
    caps = (("month", line.caps.month), ("quarter", line.caps.quarter), ("year", line.caps.year))
    told = [texts(f"standard.{name}", n=points(cap)) for name, cap in caps if cap is not None]
    if not told:
        return words
    comma = texts("common.and_next")
    return f"{words}{comma}{texts('standard.caps', caps=comma.join(told))}"


def tier_words(document: SchemeDocument, *, zh: bool) -> Mapping[tuple[str, str, str], str]:
    """Return what each tier asks for, by item, capacity and key."""
    return {
        (item.code, capacity, tier.key): tier.test_zh if zh else tier.test_en
        for item in document.items
        for capacity, line in item.lines.by_capacity().items()
        for tier in getattr(line, "tiers", None) or ()
    }
