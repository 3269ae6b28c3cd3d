"""Messages once accepted stay readable for ever, with the same bytes."""

import jsonschema  # type: ignore[import-untyped]
import orjson
import pytest

from jifen_contracts import EVENT_CLASSES, decode, read_event
from jifen_contracts.export_schemas import ENVELOPE_FILE, SCHEMA_FOLDER, file_of
from tests.contracts.golden import GOLDEN_FOLDER, SCHEME, TYPES, golden, written


def test_there_is_a_golden_message_of_each_type_and_no_other_file() -> None:
    assert sorted(path.name for path in GOLDEN_FOLDER.iterdir()) == [
        file_of(type_) for type_ in TYPES
    ]
    assert len(TYPES) == 31


@pytest.mark.parametrize("type_", TYPES)
def test_a_golden_message_is_read_and_written_again_byte_for_byte(type_: str) -> None:
    event = read_event(golden(type_), SCHEME)

    assert type(event) is EVENT_CLASSES[type_]
    assert written(event) == golden(type_)


@pytest.mark.parametrize("type_", TYPES)
def test_a_golden_message_keeps_the_released_schemas(type_: str) -> None:
    message = decode(golden(type_))
    envelope = orjson.loads((SCHEMA_FOLDER / ENVELOPE_FILE).read_bytes())
    data = orjson.loads((SCHEMA_FOLDER / file_of(type_)).read_bytes())

    jsonschema.validate(message, envelope)
    jsonschema.validate(message["data"], data)
    assert message["dataschema"] == data["$id"]


@pytest.mark.parametrize("type_", TYPES)
def test_golden_messages_use_every_field_that_does_not_exclude_another(type_: str) -> None:
    data = decode(golden(type_))["data"]
    assert isinstance(data, dict)
    schema = orjson.loads((SCHEMA_FOLDER / file_of(type_)).read_bytes())
    alternatives = {"annul", "survey_code", "by"}

    assert schema["properties"].keys() - data.keys() <= alternatives
