"""What a service is told by its environment: how a setting is called, shown and refused."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

PREFIX = "JIFEN_"

# What a JSON Schema calls the limits of a number, and how they are read.
_LIMITS = (
    ("minimum", "at least"),
    ("exclusiveMinimum", "above"),
    ("maximum", "at most"),
)
_KINDS = {"integer": "whole number", "number": "number", "array": "list, by commas"}
_FORMATS = {"path": "path", "password": "secret"}


class Setting(NamedTuple):
    """One variable, as a table shows it."""

    variable: str
    takes: str
    # None: it must be set.
    default: str | None
    meaning: str


def variable_of(field: str) -> str:
    """Return the environment variable of a setting."""
    return f"{PREFIX}{field.upper()}"


def settings_of(model: type[BaseModel]) -> Iterator[Setting]:
    """Return every setting of a model, in its order."""
    schemas = model.model_json_schema()["properties"]
    for name, field in model.model_fields.items():
        assert field.description, f"{model.__name__}.{name} does not say what it is for"
        meaning = " ".join(field.description.split())
        yield Setting(variable_of(name), _takes(schemas[name]), _default(field), meaning)


def first_setting(error: ValidationError) -> str:
    """Return what is wrong with the first setting that is, without the value: it may be secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    field, *places = first["loc"] or ("",)
    place = "".join(f"entry {int(one) + 1}: " for one in places if isinstance(one, int))
    return f"{variable_of(str(field))}: {place}{first['msg'].removeprefix('Value error, ')}"


def lines_of(model: type[BaseModel]) -> str:
    """Return the settings as text for a terminal."""
    return "".join(
        f"{one.variable}  ({one.takes}; {_told(one)})\n    {one.meaning}\n"
        for one in settings_of(model)
    )


def _told(setting: Setting) -> str:
    return "required" if setting.default is None else f"default {setting.default or 'none'}"


def _takes(schema: dict[str, Any]) -> str:
    chosen = next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), schema)
    limits = [f"{words} {chosen[name]:.12g}" for name, words in _LIMITS if name in chosen]
    kind = _FORMATS.get(chosen.get("format", "")) or _KINDS.get(chosen["type"], "text")
    return ", ".join([kind, *limits])


def _default(field: FieldInfo) -> str | None:
    if field.is_required():
        return None
    if isinstance(field.default, tuple):
        return ",".join(map(str, field.default))
    return "" if field.default is None else str(field.default)
