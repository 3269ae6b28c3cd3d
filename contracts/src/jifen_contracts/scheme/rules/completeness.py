"""Rules 2 and 3: every item is fully described, and the five areas can all be earned in."""

from collections.abc import Iterator
from typing import Final

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import Item
from jifen_contracts.scheme.rules.finding import Finding

# No word here for log-ins, reading or online time, likes, press items or praise: such counts
# reward presence on a screen (domain.md §1).
MEASURES: Final = (
    "meeting",
    "attendance",
    "duty",
    "visit",
    "course",
    "pledge",
    "timeliness",
    "help",
    "result",
    "contest",
    "project",
    "finding",
    "hours",
    "survey",
    "rule_breach",
)
AREAS: Final = ("三会一课", "组织生活", "党员示范", "人才强企", "班组建设")


def check_completeness(document: SchemeDocument) -> Iterator[Finding]:
    """Yield what breaks rule 2."""
    for item in document.items:
        for field, message in _incomplete(item):
            yield Finding(2, f"items.{item.code}.{field}", message)


def check_areas(document: SchemeDocument) -> Iterator[Finding]:
    """Yield what breaks rule 3."""
    for area in AREAS:
        if not any(area in item.tags and _can_earn(item) for item in document.items):
            message = (
                f"No item that can earn has the tag {area}: tag one with a base or bonus line."
            )
            yield Finding(3, f"tags.{area}", message)


def _incomplete(item: Item) -> Iterator[tuple[str, str]]:
    if not item.name_zh.strip():
        yield "name_zh", "The item needs a Chinese name."
    if not item.name_en.strip():
        yield "name_en", "The item needs an English name."
    if not any(tag.strip() for tag in item.tags):
        yield "tags", "The item needs at least one tag."
    if item.focus is None:
        yield "focus", "The item needs a focus: party, business or party+business."
    if item.measure_of not in MEASURES:
        found = item.measure_of or "nothing"
        yield "measure_of", f"An item measures one of {', '.join(MEASURES)}, not {found}."
    if item.evidence is None:
        yield "evidence", "The item needs an evidence rule: which kinds, and whether required."
    yield from _deciders_missing(item)


def _deciders_missing(item: Item) -> Iterator[tuple[str, str]]:
    if item.preliminary is None:
        yield "preliminary", "The item needs a role for the preliminary review."
    if item.confirm is None:
        yield "confirm", "The item needs a role that confirms: panel or upper."
    elif item.preliminary == item.confirm != "upper":
        message = f"Both steps are decided by {item.confirm}: only upper may take both."
        yield "preliminary", message


def _can_earn(item: Item) -> bool:
    return any(line.kind != "deduct" for line in item.lines.by_capacity().values())
