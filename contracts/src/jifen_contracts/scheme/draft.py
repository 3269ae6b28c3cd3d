"""A draft of a scheme as people write it, in YAML or JSON: reading and writing it."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import yaml
from pydantic import ValidationError

from jifen_contracts.scheme.document import SchemeDocument, document_object

DRAFT_CHARS_MAX: Final = 1_000_000
FAULTS_MAX: Final = 50
WIDTH_MAX: Final = 120

# By what an element of a list is told apart, as lint names it.
_IDENTITIES: Final = ("code", "key", "item")
_UNQUOTED: Final = (int, float, bool)
# A few lines of YAML aliases can stand for more values than fit any memory.
_NODES_MAX: Final = 50_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A place of the draft, and what is wrong there with how to mend it."""

    path: str
    message: str


class DraftUnreadable(ValueError):  # noqa: N818 - an answer to its author
    """The text is no scheme document; `faults` say where and why, the first ones if many."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


def read_draft(text: str) -> SchemeDocument:
    """Return the document; lint has not looked at it yet. Raises DraftUnreadable."""
    if len(text) > DRAFT_CHARS_MAX:
        raise DraftUnreadable([Fault("document", f"longer than {DRAFT_CHARS_MAX} characters")])
    written = _loaded(text)
    if not isinstance(written, dict):
        raise DraftUnreadable([Fault("document", "write one object with schema, items and so on")])
    try:
        return SchemeDocument.model_validate(written)
    except ValidationError as error:
        raise DraftUnreadable(list(_faults(error, written))) from None


def written(document: SchemeDocument) -> str:
    """Return the document as YAML that `read_draft` reads."""
    return yaml.safe_dump(
        document_object(document), allow_unicode=True, sort_keys=False, width=WIDTH_MAX
    )


class _Loader(yaml.SafeLoader):
    """Of a key that stands twice YAML would keep the second and say nothing."""


def _unique(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - as the library calls it
    seen = set[str]()
    for key, _ in node.value:
        name = str(getattr(key, "value", ""))
        if name in seen and name != "<<":
            raise yaml.MarkedYAMLError(
                problem=f"{name} stands here twice: keep one", problem_mark=key.start_mark
            )
        seen.add(name)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=deep)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique)


def _loaded(text: str) -> object:
    # Every JSON document of ours is YAML too, but for tabs between its tokens.
    try:
        written: object = yaml.load(_without_tabs(text), Loader=_Loader)  # noqa: S506 - a SafeLoader
        nodes = sum(1 for _ in islice(_nodes(written), _NODES_MAX + 1))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = "document" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
        raise DraftUnreadable([Fault(place, error.problem or "not YAML")]) from None
    except RecursionError:
        raise DraftUnreadable([Fault("document", "nested too deeply")]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise DraftUnreadable([Fault("document", f"not YAML: {error}")]) from None
    if nodes > _NODES_MAX:
        raise DraftUnreadable([Fault("document", f"more than {_NODES_MAX} values")])
    return written


def _without_tabs(text: str) -> str:
    return text.replace("\t", " ") if text.lstrip().startswith("{") else text


def _nodes(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _nodes(one)
    elif isinstance(value, list):
        for one in value:
            yield from _nodes(one)


def _faults(error: ValidationError, written: Mapping[str, Any]) -> Iterator[Fault]:
    for fault in error.errors(include_url=False, include_context=False)[:FAULTS_MAX]:
        yield Fault(_path(fault["loc"], written), _message(fault["type"], fault))


def _path(location: Sequence[int | str], written: object) -> str:
    """Return the place with codes and keys for positions, without what the parser calls things."""
    names: list[str] = []
    here: object = written
    for step in location:
        if isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
            names.append(_identity(here, step))
        elif isinstance(here, Mapping):
            if step in here:
                here = here[step]
                names.append(str(step))
            elif step is location[-1]:
                names.append(str(step))
    return ".".join(names) or "document"


def _identity(element: object, position: int) -> str:
    if isinstance(element, Mapping):
        for name in _IDENTITIES:
            if isinstance(element.get(name), str):
                return str(element[name])
    return str(position)


def _message(kind: str, fault: Mapping[str, Any]) -> str:
    given = fault["input"]
    if kind == "string_type" and isinstance(given, _UNQUOTED):
        return f'{given} is a number here: put it in quotes, "{given}".'
    if kind == "string_type" and hasattr(given, "isoformat"):
        return f'{given} is a date here: put it in quotes, "{given}".'
    if kind == "extra_forbidden":
        return "There is no such field: take it out, or look at its spelling."
    if kind == "missing":
        return "This is missing: a document needs it."
    return f"{fault['msg']}."
