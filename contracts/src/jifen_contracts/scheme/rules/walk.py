"""Every line and every amount of a document, each with the path that a finding names."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jifen_contracts.points import parse_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import Caps, EventLine, Incentive, Item, Line, RatioLine
from jifen_contracts.scheme.overlays import Values


@dataclass(frozen=True, slots=True)
class Place:
    """A line of an item, and where it stands."""

    path: str
    item: Item
    capacity: str
    line: Line


@dataclass(frozen=True, slots=True)
class Amount:
    path: str
    text: str


def places(document: SchemeDocument) -> Iterator[Place]:
    """Yield every line of every item, in the document's order."""
    for item in document.items:
        for capacity, line in item.lines.by_capacity().items():
            yield Place(f"items.{item.code}.lines.{capacity}", item, capacity, line)


def earned_amounts(path: str, line: Line) -> Iterator[Amount]:
    """Yield what the line is worth: its maximum, its value or the value of each tier."""
    if isinstance(line, RatioLine):
        yield Amount(f"{path}.max", line.max)
    elif isinstance(line, EventLine):
        yield Amount(f"{path}.value", line.value)
    else:
        for tier in line.tiers:
            yield Amount(f"{path}.tiers.{tier.key}.value", tier.value)


def caps_given(path: str, caps: Caps) -> Iterator[Amount]:
    """Yield the caps that there are: of the month, the quarter, the year."""
    for name, cap in caps:
        if cap is not None:
            yield Amount(f"{path}.caps.{name}", cap)


def incentive_amounts(path: str, incentive: Incentive) -> Iterator[Amount]:
    if incentive.value is not None:
        yield Amount(f"{path}.value", incentive.value)
    for tier in incentive.tiers:
        yield Amount(f"{path}.tiers.{tier.key}", tier.value)
    if incentive.month_cap is not None:
        yield Amount(f"{path}.month_cap", incentive.month_cap)


def overlay_amounts(path: str, values: Values) -> Iterator[Amount]:
    if values.value is not None:
        yield Amount(f"{path}.value", values.value)
    for tier in values.tiers:
        yield Amount(f"{path}.tiers.{tier.key}", tier.value)
    yield from caps_given(path, values.caps)


def amounts(document: SchemeDocument) -> Iterator[Amount]:
    """Yield every amount and threshold of the document."""
    for place in places(document):
        yield from earned_amounts(place.path, place.line)
        yield from caps_given(place.path, place.line.caps)
    for item in document.items:
        if item.incentive is not None:
            yield from incentive_amounts(f"items.{item.code}.incentive", item.incentive)
    for number, overlay in enumerate(document.overlays):
        for values in overlay.values:
            yield from overlay_amounts(values_path(number, values), values)
    yield from _thresholds(document)


def values_path(number: int, values: Values) -> str:
    return f"overlays.{number}.values.{values.item}.{values.capacity}"


def tenths_of(text: str) -> int | None:
    """Return the tenths, or None where rule 5 already says that there are none."""
    try:
        return parse_points(text)
    except ValueError:
        return None


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that occur more than once, sorted."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _thresholds(document: SchemeDocument) -> Iterator[Amount]:
    grades = document.grades
    yield Amount("grades.excellent", grades.excellent)
    yield Amount("grades.qualified", grades.qualified)
    yield Amount("grades.basic", grades.basic)
    for number, band in enumerate(document.ranking.bands):
        yield Amount(f"ranking.bands.{number}", band)
    if document.incentive.year_budget is not None:
        yield Amount("incentive.year_budget", document.incentive.year_budget)
    for line in document.health:
        yield Amount(f"health.{line.code}.green", line.green)
        yield Amount(f"health.{line.code}.amber", line.amber)
