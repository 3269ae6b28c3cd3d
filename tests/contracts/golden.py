"""The golden messages: one per type and version ever shipped, kept for ever."""

from pathlib import Path
from typing import Any

from jifen_contracts import EVENT_CLASSES, AnyEvent, canonical, decode
from jifen_contracts.export_schemas import SCHEMA_FOLDER, file_of

SCHEME = "plant-2"
GOLDEN_FOLDER: Path = SCHEMA_FOLDER.parent / "golden"
TYPES = sorted(EVENT_CLASSES)


def golden(type_: str) -> bytes:
    return (GOLDEN_FOLDER / file_of(type_)).read_bytes()


def changed(type_: str, **attributes: Any) -> bytes:
    """The golden message of a type with other attributes; None takes one away."""
    event = decode(golden(type_)) | attributes
    return canonical({key: value for key, value in event.items() if value is not None})


def with_data(type_: str, **fields: Any) -> bytes:
    """The golden message of a type with other fields in its data; None takes one away."""
    data = decode(golden(type_))["data"]
    assert isinstance(data, dict)
    data = {key: value for key, value in (data | fields).items() if value is not None}
    return changed(type_, data=data)


def written(event: AnyEvent) -> bytes:
    return canonical(event.model_dump(mode="json", by_alias=True, exclude_unset=True))
