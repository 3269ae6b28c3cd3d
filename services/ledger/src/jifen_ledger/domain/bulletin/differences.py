"""What a revision of a bulletin changes against the one before: every figure, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jifen_ledger.domain.bulletin.content import Change

Object = Mapping[str, Any]
Key = tuple[str, str]

# In the order in which they are listed.
_FIGURES = (
    "base_earned",
    "base_applicable",
    "bonus_a",
    "bonus_b",
    "bonus_c",
    "bonus_d",
    "points_a",
    "points_b",
    "points_c",
    "points_d",
    "excess",
    "deductions",
    "score",
    "rank",
    "band",
    "partial",
)


def differences(before: Object, after: Object, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Return every figure in which two full sheets differ.

    A figure of a holder is told with holder, capacity, old, new, the records that moved it
    (`events`) and who decided there; where none moved the holder's own figures, as for a rank that
    others moved, with all of them. A figure of the branch is told without a holder. A side that
    lacks the figure has no `old` or no `new`.
    """
    return [*_of_holders(before["holders"], after["holders"], changes), *_of_branch(before, after)]


def _of_holders(
    before: Iterable[Object], after: Iterable[Object], changes: Sequence[Change]
) -> Iterator[dict[str, Any]]:
    old, new = _by_key(before), _by_key(after)
    for holder, capacity in sorted(old.keys() | new.keys(), key=lambda key: (key[1], key[0])):
        was, now = _flat(old.get((holder, capacity))), _flat(new.get((holder, capacity)))
        for figure in _FIGURES:
            if was.get(figure) != now.get(figure):
                named = {"holder": holder, "capacity": capacity}
                yield named | _difference(figure, was, now) | _why(holder, changes)


def _of_branch(before: Object, after: Object) -> Iterator[dict[str, Any]]:
    was, now = _of_the_whole(before), _of_the_whole(after)
    for figure in sorted(was.keys() | now.keys()):
        if was.get(figure) != now.get(figure):
            yield _difference(figure, was, now)


def _difference(figure: str, was: Object, now: Object) -> dict[str, Any]:
    told: dict[str, Any] = {"figure": figure}
    if figure in was:
        told["old"] = was[figure]
    if figure in now:
        told["new"] = now[figure]
    return told


def _why(holder: str, changes: Sequence[Change]) -> dict[str, Any]:
    own = [change for change in changes if change.holder == holder] or changes
    deciders = {person for change in own for person in change.deciders}
    return {"events": sorted({change.seq for change in own}), "deciders": sorted(deciders)}


def _by_key(lines: Iterable[Object]) -> dict[Key, Object]:
    return {(line["holder"], line["capacity"]): line for line in lines}


def _flat(line: Object | None) -> Object:
    """Return the figures of a line by name; a category without any points has 0."""
    if line is None:
        return {}
    flat = dict(line)
    for name in ("bonus", "points"):
        by_category: Mapping[str, int] = flat.pop(name)
        flat |= {f"{name}_{category}": by_category.get(category, 0) for category in "abcd"}
    return flat


def _of_the_whole(sheet: Object) -> Object:
    """Return the figures that are nobody's own."""
    found: dict[str, Any] = {}
    for part in ("claims", "objections"):
        found |= {f"{part}_{name}": value for name, value in sheet[part].items()}
    for line in sheet["health"]:
        for name in ("light", "part", "whole"):
            found[f"{line['line'].lower()}_{name}"] = line[name]
    found["versions"] = ", ".join(map(str, sheet["versions"]))
    found["panel"] = sheet["panel"]["panel"] if "panel" in sheet else ""
    found["waived"], found["adjustments"] = len(sheet["waived"]), len(sheet["adjustments"])
    return found
