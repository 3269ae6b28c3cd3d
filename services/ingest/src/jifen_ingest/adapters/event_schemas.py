"""The JSON Schemas of events as a producer sends them: without our stamps, with a private part."""

from collections.abc import Mapping
from typing import Any, Final

from jifen_contracts import FOLDED_TYPES
from jifen_contracts.events import EVENT_CLASSES, schema_of
from jifen_contracts.export_schemas import ENVELOPE_FILE, exported_schemas, file_of

COMPONENTS: Final = "#/components/schemas/"
# Set by ingest, whatever was sent in their place.
_STAMPS: Final = frozenset({"authid", "nonce", "privatehash", "importedtime"})
_FILLED_IN: Final = frozenset({"recordedtime", "schemeid", "dataschema", "datacontenttype"})
_PRIVATE: Final = {
    "type": "object",
    "description": "Free text, links, document numbers: kept apart, erasable, never in the log. "
    "At most 65,536 bytes.",
}

Schema = dict[str, Any]


def event_schemas() -> dict[str, Schema]:
    """Return the components `Event`, and per type its envelope and data, by their names."""
    exported = exported_schemas()
    envelope = exported[ENVELOPE_FILE]
    components: dict[str, Schema] = {}
    mapping: dict[str, str] = {}
    for kind in sorted(FOLDED_TYPES):
        name = EVENT_CLASSES[kind].__name__
        components |= _data_components(name, exported[file_of(kind)])
        components[name] = _event(envelope, kind, f"{COMPONENTS}{name}Data")
        mapping[kind] = COMPONENTS + name
    components["Event"] = {
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }
    return components


def _event(envelope: Schema, kind: str, data: str) -> Schema:
    properties = {
        name: schema for name, schema in envelope["properties"].items() if name not in _STAMPS
    }
    properties["type"] = {"const": kind, "type": "string"}
    properties["dataschema"] = {"const": schema_of(kind), "type": "string"}
    properties["data"] = {"$ref": data}
    properties["recordedtime"] = {
        **properties["recordedtime"],
        "description": "Required of, and allowed to, credentials with the scope history only.",
    }
    optional = _STAMPS | _FILLED_IN
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": [name for name in envelope["required"] if name not in optional],
    }


def _data_components(event: str, exported: Schema) -> dict[str, Schema]:
    parts = {
        f"{event}.{name}": _pointed(part, event) for name, part in exported.get("$defs", {}).items()
    }
    data = _pointed(
        {key: value for key, value in exported.items() if key not in {"$schema", "$id", "$defs"}},
        event,
    )
    data["properties"] = {**data["properties"], "private": _PRIVATE}
    return {**parts, f"{event}Data": data}


def _pointed(schema: Any, event: str) -> Any:  # noqa: ANN401 - any part of a JSON Schema
    """Return the schema with its references pointing into the components."""
    if isinstance(schema, Mapping):
        return {
            key: f"{COMPONENTS}{event}.{value.rpartition('/')[2]}"
            if key == "$ref"
            else _pointed(value, event)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [_pointed(one, event) for one in schema]
    return schema
