"""Write the JSON Schemas of all events, or check that the written ones are current."""

import argparse
import json
import sys
from collections.abc import Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema, to_jsonable_python

from jifen_contracts.events.envelope import AnyEnvelope
from jifen_contracts.events.types import schema_of
from jifen_contracts.events.union import EVENT_CLASSES

SCHEMA_FOLDER: Final = Path(__file__).resolve().parents[2] / "schema"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE_FILE: Final = "envelope.v1.json"


class _WireSchema(GenerateJsonSchema):
    """Absent fields are left out on the wire, so no schema may mention null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 - the library's signature
        return to_jsonable_python(dft, by_alias=True, exclude_none=True)

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the library's
        return False


def exported_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of the envelope and of each type's data, by file name."""
    schemas = {ENVELOPE_FILE: _schema(AnyEnvelope, AnyEnvelope, "urn:jifen:schema:envelope:v1")}
    for type_, event in EVENT_CLASSES.items():
        data = event.model_fields["data"].annotation
        assert isinstance(data, type), "the data of an event is one class"
        assert issubclass(data, BaseModel), "the data of an event is one class"
        schemas[file_of(type_)] = _schema(data, event, schema_of(type_))
    return schemas


def file_of(type: str) -> str:  # noqa: A002 - CloudEvents says type
    """Return the file name of a type's schema and golden message: points.earned.v1.json."""
    return type.removeprefix("jifen.") + ".json"


def _schema(model: type[BaseModel], named_by: type[BaseModel], urn: str) -> dict[str, Any]:
    head = {
        "$schema": DIALECT,
        "$id": urn,
        "title": named_by.__name__,
        "description": cleandoc(named_by.__doc__ or ""),
    }
    body = model.model_json_schema(schema_generator=_WireSchema)
    return head | {key: value for key, value in body.items() if key not in head}


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def stale_files(folder: Path) -> list[str]:
    """Return the files of the folder that are missing, differ from the code, or have no type."""
    current = {name: _text(schema) for name, schema in exported_schemas().items()}
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(
        name for name in current.keys() | written.keys() if current.get(name) != written.get(name)
    )


def write_schemas(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in exported_schemas().items():
        (folder / name).write_text(_text(schema), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m jifen_contracts.export_schemas", description=__doc__
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    parser.add_argument("--folder", type=Path, default=SCHEMA_FOLDER, help="default: %(default)s")
    options = parser.parse_args(arguments)
    if not options.check:
        write_schemas(options.folder)
        return 0
    stale = stale_files(options.folder)
    for name in stale:
        print(f"not current: {name}", file=sys.stderr)  # noqa: T201 - a command prints
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
