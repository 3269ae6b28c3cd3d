"""Rule 7: overlays change what they may, within limits, and never contradict each other."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.effective import changed_line
from jifen_contracts.scheme.items import Item, RatioLine
from jifen_contracts.scheme.overlays import Overlay, Values
from jifen_contracts.scheme.rules.amounts import caps_in_order
from jifen_contracts.scheme.rules.finding import Finding
from jifen_contracts.scheme.rules.walk import (
    Amount,
    caps_given,
    earned_amounts,
    overlay_amounts,
    repeated,
    tenths_of,
    values_path,
)

CHECKLIST_ITEM: Final = "A03"


def check_overlays(document: SchemeDocument) -> Iterator[Finding]:
    """Yield what breaks rule 7."""
    items = {item.code: item for item in document.items}
    for number, overlay in enumerate(document.overlays):
        path = f"overlays.{number}"
        if overlay.match.post is None and overlay.match.class_ is None:
            message = "An overlay names a post, a class or both; for everybody change the item."
            yield Finding(7, f"{path}.match", message)
        yield from _codes(path, overlay, items)
        for values in overlay.values:
            yield from _values(values_path(number, values), values, items.get(values.item))
        for field in repeated(_touched(overlay)):
            yield Finding(7, f"{path}.{field}", "The overlay says this twice: keep one.")
        for field in _contradicted(overlay, overlay):
            message = "The overlay excludes this item and changes it: do one of both."
            yield Finding(7, f"{path}.{field}", message)
    yield from _clashes(document)


def _codes(path: str, overlay: Overlay, items: Mapping[str, Item]) -> Iterator[Finding]:
    for code in overlay.exclude:
        if code not in items:
            yield Finding(7, f"{path}.exclude.{code}", f"The scheme has no item {code}.")
    for required in overlay.required:
        item = items.get(required.item)
        lines = () if item is None else item.lines.by_capacity().values()
        if not any(isinstance(line, RatioLine) for line in lines):
            message = f"A count can be required where an item has mode R; {required.item} has none."
            yield Finding(7, f"{path}.required.{required.item}", message)
    if overlay.checklist and CHECKLIST_ITEM not in items:
        message = f"A checklist belongs to item {CHECKLIST_ITEM}, which the scheme does not have."
        yield Finding(7, f"{path}.checklist", message)


def _values(path: str, values: Values, item: Item | None) -> Iterator[Finding]:
    line = None if item is None else item.lines.by_capacity().get(values.capacity)
    if line is None or line.kind != "bonus":
        message = f"Only bonus values change; {values.item} has no bonus for {values.capacity}."
        yield Finding(7, path, message)
        return
    old = {
        amount.path: amount
        for amount in (*earned_amounts(path, line), *caps_given(path, line.caps))
    }
    for new in overlay_amounts(path, values):
        # A tier's value has one step more in the line than in the overlay.
        before = old.get(new.path) or old.get(f"{new.path}.value")
        if before is None:
            yield Finding(
                7, new.path, "The line has no such value or cap: an overlay changes, it never adds."
            )
        else:
            yield from _within_limits(before, new)
    yield from caps_in_order(7, path, changed_line(line, values).caps)


def _within_limits(before: Amount, new: Amount) -> Iterator[Finding]:
    old, value = tenths_of(before.text), tenths_of(new.text)
    if old is None or value is None:
        return
    if not old <= 2 * value <= 3 * old:
        message = f"{new.text} is outside 50 to 150 % of {before.text}."
        yield Finding(7, new.path, message)


def _touched(overlay: Overlay) -> list[str]:
    """Return the fields that the overlay touches, each as often as it is named."""
    fields = [f"exclude.{code}" for code in overlay.exclude]
    fields += [f"required.{required.item}" for required in overlay.required]
    if overlay.checklist:
        fields.append("checklist")
    for values in overlay.values:
        path = f"values.{values.item}.{values.capacity}"
        if values.value is not None:
            fields.append(f"{path}.value")
        fields += [f"{path}.tiers.{tier.key}" for tier in values.tiers]
        # Caps hold each other in order, so they change as one.
        if any(cap is not None for _, cap in values.caps):
            fields.append(f"{path}.caps")
    return fields


def _contradicted(excluding: Overlay, changing: Overlay) -> list[str]:
    """Return what one overlay changes about items that the other one takes away."""
    touched = (field for field in _touched(changing) if not field.startswith("exclude."))
    return [
        field
        for field in touched
        if field.removeprefix("required.").removeprefix("values.").split(".")[0]
        in (*excluding.exclude, *(["checklist"] if CHECKLIST_ITEM in excluding.exclude else []))
    ]


def _clashes(document: SchemeDocument) -> Iterator[Finding]:
    for (first, one), (second, other) in combinations(enumerate(document.overlays), 2):
        if not _may_meet(one, other):
            continue
        both = set(_touched(one)) & set(_touched(other))
        if _of_two_posts(one, other):
            # Somebody with two posts has both checklists, and their counts add up.
            both = {field for field in both if not field.startswith(("checklist", "required."))}
        both.update(_contradicted(one, other), _contradicted(other, one))
        for field in sorted(both):
            message = f"Overlay {first} touches this too for the same person: keep it in one."
            yield Finding(7, f"overlays.{second}.{field}", message)


def _may_meet(one: Overlay, other: Overlay) -> bool:
    """Return whether a person can exist whom both overlays match; a person may have two posts."""
    return None in (one.match.class_, other.match.class_) or one.match.class_ == other.match.class_


def _of_two_posts(one: Overlay, other: Overlay) -> bool:
    return None not in (one.match.post, other.match.post) and one.match.post != other.match.post
