"""The items in force for the posts and the unit class of a person: a version with its overlays."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import Caps, EventLine, Item, Line, TierLine
from jifen_contracts.scheme.overlays import Overlay, Values
from jifen_contracts.scheme.texts import Text, wire_object


@dataclass(frozen=True, slots=True)
class Effective:
    items: tuple[Item, ...]
    required: Mapping[str, int]
    checklist: tuple[Text, ...]

    def wire_object(self) -> dict[str, object]:
        """Return the wire form, which the hash of a catalogue is taken of."""
        return {
            "items": [wire_object(item) for item in self.items],
            "required": [
                {"item": code, "count": count} for code, count in sorted(self.required.items())
            ],
            "checklist": [wire_object(line) for line in self.checklist],
        }


def effective_of(
    document: SchemeDocument, posts: frozenset[str], unit_class: str | None
) -> Effective:
    """Return what is left of the items, and what is required, under the overlays that match.

    Somebody with two posts has both checklists, so their required counts add up.
    """
    overlays = [overlay for overlay in document.overlays if applies(overlay, posts, unit_class)]
    excluded = {code for overlay in overlays for code in overlay.exclude}
    changes = [values for overlay in overlays for values in overlay.values]
    required: Counter[str] = Counter()
    for overlay in overlays:
        for count in overlay.required:
            required[count.item] += count.count
    return Effective(
        tuple(_changed(item, changes) for item in document.items if item.code not in excluded),
        {code: count for code, count in required.items() if code not in excluded},
        tuple(line for overlay in overlays for line in overlay.checklist),
    )


def applies(overlay: Overlay, posts: frozenset[str], unit_class: str | None) -> bool:
    """Return whether the overlay is meant for holders of these posts in a unit of this class."""
    match = overlay.match
    return (match.post is None or match.post in posts) and match.class_ in (None, unit_class)


def changed_line(line: Line, values: Values) -> Line:
    """Return the line with the values and caps of an overlay in the place of its own."""
    given = {name: cap for name, cap in values.caps if cap is not None}
    caps = Caps.model_validate({**dict(line.caps), **given})
    if isinstance(line, EventLine):
        return line.model_copy(update={"caps": caps, "value": values.value or line.value})
    if isinstance(line, TierLine):
        other = {tier.key: tier.value for tier in values.tiers}
        tiers = tuple(
            tier.model_copy(update={"value": other.get(tier.key, tier.value)})
            for tier in line.tiers
        )
        return line.model_copy(update={"caps": caps, "tiers": tiers})
    return line


def _changed(item: Item, changes: list[Values]) -> Item:
    lines = item.lines.by_capacity()
    for values in changes:
        if values.item == item.code and values.capacity in lines:
            lines[values.capacity] = changed_line(lines[values.capacity], values)
    if lines == item.lines.by_capacity():
        return item
    return item.model_copy(update={"lines": item.lines.model_copy(update=lines)})
