"""Credentials are made, rotated and revoked in their file, which a running ingest reads again."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jifen_ingest.__main__ import main
from jifen_ingest.adapters.sources import Sources, read_sources
from jifen_ingest.adapters.sources_editing import SourcesFile, Wanted
from jifen_ingest.domain.refusals import Unauthorised

Command = Callable[..., Any]
BEFORE = "# Who may send.\n\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "sources.toml"
    monkeypatch.setenv("JIFEN_SOURCES_FILE", str(path))
    return path


@pytest.fixture
def source(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a verb of `source` and return what it says as JSON."""

    def run(*arguments: str) -> Any:
        capsys.readouterr()
        assert main(["source", *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def known(sources: Sources, *tokens: str) -> list[bool]:
    """Whether each token is one of a credential."""

    def one(token: str) -> bool:
        try:
            return bool(sources.credential_of(f"Bearer {token}"))
        except Unauthorised:
            return False

    return [one(token) for token in tokens]


def test_a_running_ingest_follows_a_credential_through_its_life(
    file: Path, source: Command
) -> None:
    file.write_text(BEFORE)
    first = source("create", "attendance", "--scopes", "facts", "org")["token"]
    sources = Sources(file, look_every_s=0)
    created = known(sources, first)
    second = source("rotate", "attendance")["token"]
    rotated = known(sources, first, second)
    source("retire", "attendance")
    retired = known(sources, first, second)
    third = source("rotate", "attendance", "--overlap", "0s")["token"]
    at_once = known(sources, second, third)
    source("revoke", "attendance")

    assert (created, rotated, retired) == ([True], [True, True], [False, True])
    assert (at_once, known(sources, third)) == ([False, True], [False])
    assert file.read_text() == BEFORE


def test_an_old_token_counts_until_its_time_and_not_longer(file: Path) -> None:
    editing = SourcesFile(file)
    old = editing.create(Wanted("gate", "plant", ["urn:x"], ["facts"])).token
    over = editing.rotate("gate", timedelta(seconds=-1))

    assert over.old_until is not None
    assert over.old_until < datetime.now(UTC)
    assert known(Sources(file), old, over.token) == [False, True]


def test_the_file_holds_no_token_and_keeps_comments_and_mode(file: Path, source: Command) -> None:
    source("create", "gate")
    first_mode = file.stat().st_mode & 0o777
    file.write_text("# by hand\n" + file.read_text() + "# the end\n")
    file.chmod(0o640)
    told = [source("create", "board", "--source", "urn:b"), source("rotate", "gate")]

    text = file.read_text()
    assert (first_mode, file.stat().st_mode & 0o777) == (0o600, 0o640)
    assert [one["token"] for one in told if one["token"] in text] == []
    assert ("# by hand" in text, "# the end" in text) == (True, True)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_list_says_who_may_send_what_and_shows_no_hash(file: Path, source: Command) -> None:
    source("create", "gate", "--scheme", "works", "--source", "urn:a", "--source", "urn:b")
    until = source("rotate", "gate")["old_until"]
    text = file.read_text()

    listed = source("list")

    assert listed == [
        {
            "name": "gate",
            "scheme": "works",
            "scopes": ["facts"],
            "sources": ["urn:a", "urn:b"],
            "old_until": until,
        }
    ]
    assert text.count("token_sha256") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("create gate", "has a credential gate already"),
        ("create past --scopes history", "past: history needs a second scope beside it"),
        ("rotate nobody", "has no credential nobody"),
        ("retire gate", "gate has no old token"),
        ("revoke nobody", "has no credential nobody"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_and_leaves_the_file(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: str, words: str
) -> None:
    SourcesFile(file).create(Wanted("gate", "plant", ["urn:x"], ["facts"]))
    before = file.read_text()

    status = main(["source", *arguments.split()])

    said = capsys.readouterr().err
    assert (status, said.count("\n"), words in said) == (1, 1, True)
    assert file.read_text() == before


def test_a_file_that_is_wrong_is_not_touched(file: Path) -> None:
    file.write_text("[[credential]\n")

    assert main(["source", "create", "gate"]) == 1
    assert file.read_text() == "[[credential]\n"


def test_commands_at_the_same_time_lose_no_credential(file: Path) -> None:
    names = [f"gate-{number}" for number in range(12)]

    with ThreadPoolExecutor() as pool:
        made = pool.map(
            lambda name: SourcesFile(file).create(Wanted(name, "plant", ["urn:x"], ["facts"])),
            names,
        )
        tokens = [one.token for one in made]

    assert sorted(one.name for one in read_sources(file)) == sorted(names)
    assert known(Sources(file), *tokens) == [True] * len(names)
