"""What one version of a scheme changes against another, for people to read before they agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from jifen_contracts.scheme.document import SchemeDocument

# Lists whose positions mean something; all others are compared by what their elements are.
_POSITIONAL: Final = frozenset({"bands", "quota"})
_IDENTITIES: Final = ("code", "key", "item", "zh")

_Node: TypeAlias = "Mapping[str, _Node] | str"


@dataclass(frozen=True, slots=True)
class Added:
    path: str
    after: str


@dataclass(frozen=True, slots=True)
class Removed:
    path: str
    before: str


@dataclass(frozen=True, slots=True)
class Changed:
    path: str
    before: str
    after: str


Change: TypeAlias = Added | Removed | Changed


def difference(old: SchemeDocument, new: SchemeDocument) -> tuple[Change, ...]:
    """Return every item, line, tier and value that was added, removed or changed.

    Items, tiers and overlays are told apart by code, key and match, so their order is no change,
    and neither is a default that one of the documents spells out.
    """
    return tuple(_changes("", _tree(old), _tree(new)))


def _tree(document: SchemeDocument) -> Mapping[str, _Node]:
    whole = document.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {name: _node(name, value) for name, value in whole.items()}


def _node(name: str, value: Any) -> _Node:  # noqa: ANN401 - decoded JSON has no better type
    match value:
        case dict():
            return {key: _node(key, part) for key, part in value.items()}
        case list() if name in _POSITIONAL:
            return ", ".join(map(str, value))
        case list():
            return _by_identity(value)
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _by_identity(elements: list[Any]) -> Mapping[str, _Node]:
    nodes: dict[str, _Node] = {}
    for element in elements:
        identity = wanted = _identity(element)
        number = 1
        while identity in nodes:
            number += 1
            identity = f"{wanted}#{number}"
        nodes[identity] = _node("", element)
    return nodes


def _identity(element: Any) -> str:  # noqa: ANN401 - decoded JSON has no better type
    if not isinstance(element, dict):
        return str(element)
    if "match" in element:
        return "+".join(element["match"].values()) or "everybody"
    identity = next(str(element[field]) for field in _IDENTITIES if field in element)
    return f"{identity}.{element['capacity']}" if "capacity" in element else identity


def _changes(path: str, old: Mapping[str, _Node], new: Mapping[str, _Node]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        below = f"{path}.{name}" if path else name
        if name not in old:
            yield Added(below, _words(new[name]))
        elif name not in new:
            yield Removed(below, _words(old[name]))
        else:
            yield from _changes_between(below, old[name], new[name])


def _changes_between(path: str, before: _Node, after: _Node) -> Iterator[Change]:
    if isinstance(before, str) or isinstance(after, str):
        if before != after:
            yield Changed(path, _words(before), _words(after))
    else:
        yield from _changes(path, before, after)


def _words(node: _Node) -> str:
    """Return the names of a node that has names, else all that it says, in its order."""
    if isinstance(node, str):
        return node
    names = [node[name] for name in ("name_zh", "name_en") if name in node]
    if names:
        return " · ".join(map(str, names))
    parts = ((name, _words(part)) for name, part in node.items())
    return ", ".join(text if text == name else f"{name} {text}" for name, text in parts if text)
