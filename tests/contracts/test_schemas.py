"""The exported JSON Schemas: current, without null, saying the same as the code."""

from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from jifen_contracts import EVENT_CLASSES, Unreadable, decode, read_event
from jifen_contracts.export_schemas import (
    SCHEMA_FOLDER,
    exported_schemas,
    file_of,
    main,
    stale_files,
)
from tests.contracts.golden import SCHEME, TYPES, changed, golden

SCHEMAS = exported_schemas()
# Each is right in some place and wrong in most.
WRONG_OR_NOT: tuple[Any, ...] = (
    *(0, 1, -1, 101, 10**7, True, False, "", "a", "m-0a17", "H05", "A01", "1.5", "-0", "V1"),
    *("2023-07", "2023-02-29", "2023-07-01", "2023-Q3", "2024", "a\nb", "x" * 300, [], {}, [""]),
    *([{}], ["m-0a17"] * 400, {"unit": {}}, {"claim": "c-1"}, {"sha256": "0" * 64}),
)


def values_in(schema: Any) -> list[Any]:
    if isinstance(schema, dict):
        return [value for part in schema.values() for value in values_in(part)]
    if isinstance(schema, list):
        return [value for part in schema for value in values_in(part)]
    return [schema]


def test_the_written_schemas_are_current() -> None:
    assert stale_files(SCHEMA_FOLDER) == []
    assert main(["--check"]) == 0


def test_a_stale_missing_or_foreign_file_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--folder", str(tmp_path)]) == 0
    (tmp_path / "points.earned.v1.json").write_text("{}")
    (tmp_path / "points.reviewed.v1.json").unlink()
    (tmp_path / "points.lost.v1.json").write_text("{}")

    assert main(["--check", "--folder", str(tmp_path)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "not current: points.earned.v1.json",
        "not current: points.lost.v1.json",
        "not current: points.reviewed.v1.json",
    ]


def test_help_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    assert left.value.code == 0
    assert "--check" in capsys.readouterr().out


def test_there_is_one_schema_per_type_and_one_of_the_envelope() -> None:
    assert SCHEMAS.keys() == {"envelope.v1.json"} | {file_of(type_) for type_ in TYPES}
    assert SCHEMAS["points.earned.v1.json"]["$id"] == "urn:jifen:schema:points.earned:v1"
    assert {schema["title"] for schema in SCHEMAS.values()} == {
        "AnyEnvelope",
        *(event.__name__ for event in EVENT_CLASSES.values()),
    }


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_valid_described_and_knows_no_null(name: str) -> None:
    schema = SCHEMAS[name]

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["description"]
    assert [value for value in values_in(schema) if value in (None, "null")] == []


@pytest.mark.parametrize("type_", TYPES)
def test_a_field_that_nobody_knows_is_refused_by_the_schema_too(type_: str) -> None:
    data = decode(golden(type_))["data"]
    assert isinstance(data, dict)

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data | {"unknown": 1}, SCHEMAS[file_of(type_)])


@pytest.mark.parametrize("type_", TYPES)
def test_schema_and_code_accept_the_same_data(type_: str) -> None:
    data = decode(golden(type_))["data"]
    assert isinstance(data, dict)
    schema = SCHEMAS[file_of(type_)]
    by_schema = jsonschema.Draft202012Validator(schema)
    tries = [data | {name: value} for name in schema["properties"] for value in WRONG_OR_NOT]
    tries += [{key: data[key] for key in data if key != name} for name in data]

    assert [each for each in tries if by_schema.is_valid(each) != is_read(type_, each)] == []


def is_read(type_: str, data: dict[str, Any]) -> bool:
    try:
        read_event(changed(type_, data=data), SCHEME)
    except Unreadable:
        return False
    return True
