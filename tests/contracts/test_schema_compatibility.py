"""What changes a released schema breaks somebody; only its words may change."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.schema_compatibility import breaking_changes, main

RELEASED: dict[str, Any] = {
    "title": "Old",
    "type": "object",
    "required": ["title"],
    "properties": {"title": {"type": "string", "pattern": "^a$", "description": "old"}},
    "additionalProperties": False,
    "$defs": {"Named": {"type": "array", "items": [{"type": "string"}], "maxItems": 300}},
}


def changed(**keywords: Any) -> dict[str, Any]:
    return {"a.b.v1.json": RELEASED | keywords}


def named(**keywords: Any) -> dict[str, Any]:
    return {"$defs": {"Named": RELEASED["$defs"]["Named"] | keywords}}


@pytest.mark.parametrize(
    "current",
    [
        pytest.param({}, id="a schema removed"),
        pytest.param(changed(required=[]), id="a field no longer required"),
        pytest.param(changed(required=["title", "b"]), id="a field newly required"),
        pytest.param(changed(properties={}), id="a field named like a keyword removed"),
        pytest.param(
            changed(properties=RELEASED["properties"] | {"b": {}}), id="an optional field added"
        ),
        pytest.param(
            changed(properties={"title": {"type": "string", "pattern": "^b$"}}),
            id="another pattern",
        ),
        pytest.param(changed(additionalProperties=True), id="unknown fields allowed"),
        pytest.param(changed(**named(maxItems=299)), id="fewer entries in a list"),
        pytest.param(changed(**named(maxItems=None)), id="any number of entries"),
        pytest.param(changed(**named(minItems=1)), id="an entry newly required"),
        pytest.param(changed(**named(items=[{"type": "object"}])), id="other entries"),
        pytest.param(changed(**named(items=[])), id="entries of any kind"),
        pytest.param(changed(additionalProperties=0), id="a number that equals false"),
    ],
)
def test_any_change_of_what_is_accepted_is_breaking(current: dict[str, Any]) -> None:
    assert len(breaking_changes(changed(), current)) == 1


def test_other_words_and_new_types_are_harmless() -> None:
    properties = {"title": {"type": "string", "pattern": "^a$", "description": "new"}}
    current = changed(title="New", description="said", properties=properties)

    assert breaking_changes(changed(), current | {"new.b.v1.json": RELEASED}) == []


def test_a_list_may_grow_and_a_field_that_is_called_like_its_limit_may_not() -> None:
    limit = {"properties": RELEASED["properties"] | {"maxItems": 1}}
    grown = {"properties": RELEASED["properties"] | {"maxItems": 2}}

    assert breaking_changes(changed(), changed(**named(maxItems=301))) == []
    assert len(breaking_changes(changed(**limit), changed(**grown))) == 1


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder of schemas in a repository without commits."""
    folder = tmp_path / "schema"
    folder.mkdir()
    (folder / "a.b.v1.json").write_text(json.dumps(RELEASED))
    git(tmp_path, "init", "--quiet")
    return folder


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    # A hook that runs these tests must not lend its repository to them.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, env=alone)  # noqa: S607


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "released")


def test_before_the_first_release_everything_passes(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--folder", str(repository)]) == 0
    assert capsys.readouterr().out == "no released schemas to compare with\n"


def test_without_a_repository_everything_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--folder", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "no released schemas to compare with\n"


def test_the_last_commit_is_what_was_released(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository)
    (repository / "new.b.v1.json").write_text("{}")
    assert main(["--folder", str(repository)]) == 0

    (repository / "a.b.v1.json").write_text(json.dumps(RELEASED | {"required": []}))
    assert main(["--folder", str(repository)]) == 1
    assert capsys.readouterr().err == "breaking: a.b.v1.json: changed\n"
