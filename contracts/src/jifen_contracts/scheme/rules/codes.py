"""Rule 1: four categories, 31 items, and codes that mean one thing for ever."""

from collections.abc import Iterator, Sequence
from typing import Final

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.items import Item
from jifen_contracts.scheme.rules.finding import Finding
from jifen_contracts.scheme.rules.walk import repeated

CATEGORIES: Final = ("A", "B", "C", "D")
ITEMS: Final = 31


def check_codes(document: SchemeDocument, earlier: Sequence[SchemeDocument]) -> Iterator[Finding]:
    """Yield what breaks rule 1; `earlier` are all versions before this one, in order."""
    found = tuple(category.code for category in document.categories)
    if sorted(found) != list(CATEGORIES):
        names = ", ".join(found) or "none"
        yield Finding(
            1, "categories", f"The categories must be A, B, C and D once each, not {names}."
        )
    yield from _number_of_items(document)
    codes = [item.code for item in document.items]
    for code in repeated(codes):
        yield Finding(1, f"items.{code}", f"Code {code} is used twice: give one item a new code.")
    for item in document.items:
        if item.code[0] not in CATEGORIES:
            message = f"Code {item.code} fits no category: begin it with A, B, C or D."
            yield Finding(1, f"items.{item.code}", message)
        yield from _meaning_kept(item, earlier)


def _number_of_items(document: SchemeDocument) -> Iterator[Finding]:
    surplus = len(document.items) - ITEMS
    if surplus:
        mend = f"take {surplus} out" if surplus > 0 else f"{-surplus} missing"
        message = f"A scheme has exactly {ITEMS} items, this one has {ITEMS + surplus}: {mend}."
        yield Finding(1, "items", message)


def _meaning_kept(item: Item, earlier: Sequence[SchemeDocument]) -> Iterator[Finding]:
    """Yield a finding where the code meant something else, or was given up before."""
    path = f"items.{item.code}"
    used_in = [
        (number, old)
        for number, document in enumerate(earlier, start=1)
        for old in document.items
        if old.code == item.code
    ]
    for number, old in used_in:
        if (old.name_zh, old.measure_of) != (item.name_zh, item.measure_of):
            message = (
                f"In version {number} code {item.code} meant {old.name_zh} ({old.measure_of}): "
                "a new item needs a code that was never used."
            )
            yield Finding(1, path, message)
            return
    if used_in and used_in[-1][0] != len(earlier):
        message = (
            f"Code {item.code} was retired after version {used_in[-1][0]} and stays retired: "
            "use a code that was never used."
        )
        yield Finding(1, path, message)
