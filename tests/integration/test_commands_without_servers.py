"""Every command that needs a server says in one line, and soon, that there is none."""

import argparse
import gc
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from jifen_contracts.scheme.default import default_text
from jifen_ingest.__main__ import _parser as parser_of_ingest
from jifen_ingest.__main__ import main as main_of_ingest
from jifen_ledger.__main__ import OF_THE_SERVICE
from jifen_ledger.__main__ import _parser as parser_of_ledger
from jifen_ledger.__main__ import main as main_of_ledger
from jifen_ledger.adapters.cli.table import COMMANDS
from jifen_local.ports import free_port

# It takes 5 to 8; the rest is for a machine with much to do.
SOON_S = 60
RECORD = '{"seq": 1, "outcome": {}, "event": {"schemeid": "plant", "source": "s", "id": "1"}}\n'
TOKEN = "a-token-that-nobody-will-ever-look-at"

# Whoever asks both servers is asked twice: with the one away, and with the other.
BROKER: Mapping[str, str] = {
    "ingest scheme create": "plant",
    "ingest scheme list": "",
    "ledger project": "--once",
    "ledger rebuild": "--scheme plant --from stream",
    "ledger reconcile": "plant",
    "ledger refill-stream": "plant",
    "ledger refill-ledger": "plant",
    "ledger erasures": "plant",
    "ledger backup": "--output HOME/backup",
    "ledger evidence expire": "plant",
}
DATABASE: Mapping[str, str] = {
    **{words: given for words, given in BROKER.items() if words.startswith("ledger")},
    "ledger migrate": "",
    "ledger rebuild": "--scheme plant --from journal",
    "ledger status": "",
    "ledger records list": "",
    "ledger records show": "1",
    "ledger digest": "plant",
    "ledger export": "--output HOME/export",
    "ledger log export": "plant --out HOME/tiles",
    "ledger audit bundle": "--scheme plant --out HOME/bundle",
    "ledger scheme draft": "1",
    "ledger scheme differences": "1 2",
    "ledger scheme lint": "HOME/draft.yaml",
    "ledger scheme event": "HOME/draft.yaml --note why --source urn:jifen:source:local",
    "ledger scheme simulate": "HOME/draft.yaml --from 2025-01-01 --to 2026-01-01",
}
SERVICE: Mapping[str, str] = {
    "ingest import": "HOME/records.ndjson --kind records --token-file HOME/token --url SERVICE",
    "ledger audit bundle": "--url SERVICE/v1/schemes/plant/log --out HOME/bundle",
    "ledger audit verify": "--url SERVICE/v1/schemes/plant/log --hashes-only",
}
# They work on files, or are services that wait for their servers, or check files first.
ALONE = {
    *("ingest serve", "ingest token", "ingest settings"),
    *(f"ingest source {verb}" for verb in ("list", "create", "rotate", "retire", "revoke")),
    *("ledger serve", "ledger token", "ledger settings", "ledger check-export", "ledger restore"),
    *(f"ledger log key {verb}" for verb in ("create", "show", "rotate", "retire")),
    "ledger log anchor",
    *(f"ledger audit {verb}" for verb in ("replay", "recompute", "explain", "diff", "receipt")),
}
WAITS = [*(("broker", words) for words in BROKER), ("service", "ingest import")]
CASES = [
    (away, words)
    for away, commands in (("broker", BROKER), ("database", DATABASE), ("service", SERVICE))
    for words in commands
]
GIVEN = {"broker": BROKER, "database": DATABASE, "service": SERVICE}
MAIN = {"ingest": main_of_ingest, "ledger": main_of_ledger}


class Said(NamedTuple):
    """How a command ended."""

    status: int
    errors: str


class Place(NamedTuple):
    """Where the commands find their files, and an address where nobody listens."""

    home: Path
    nobody: str
    settings: Mapping[str, str]

    def arguments(self, away: str, words: str) -> list[str]:
        given = GIVEN[away][words].replace("HOME", str(self.home))
        return [*words.split()[1:], *given.replace("SERVICE", f"http://{self.nobody}").split()]

    def environment(self, away: str) -> dict[str, str]:
        gone = {
            "broker": {"JIFEN_NATS_URL": f"nats://{self.nobody}"},
            "database": {"JIFEN_DATABASE_URL": f"postgresql+psycopg://u@{self.nobody}/none"},
        }
        return {**self.settings, **gone.get(away, {})}


@pytest.fixture(scope="module")
def place(nats_url: str, postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Place:
    home = tmp_path_factory.mktemp("commands")
    (home / "token").write_text(TOKEN)
    (home / "records.ndjson").write_text(RECORD)
    (home / "draft.yaml").write_text(default_text())
    (home / "anchors").mkdir()
    settings = {
        "JIFEN_SCHEMES": "plant",
        "JIFEN_LOG_ORIGIN": "localhost/jifen",
        "JIFEN_LOG_KEY_DIR": str(home / "keys"),
        "JIFEN_LOG_ANCHOR_DIR": str(home / "anchors"),
        "JIFEN_NATS_URL": nats_url,
        "JIFEN_DATABASE_URL": postgres_url,
    }
    return Place(home, f"127.0.0.1:{free_port()}", settings)


@pytest.fixture(scope="module")
def waited(place: Place) -> Mapping[tuple[str, str], Said]:
    """What waits for some seconds, as processes of their own and all at the same time."""
    with ThreadPoolExecutor(max_workers=len(WAITS)) as at_once:
        return dict(zip(WAITS, at_once.map(partial(_ended, place), WAITS), strict=True))


@pytest.mark.parametrize("case", WAITS, ids="-".join)
def test_a_command_says_soon_and_in_one_line_that_nobody_answers(
    waited: Mapping[tuple[str, str], Said], case: tuple[str, str]
) -> None:
    assert _is_one_line(waited[case], case[1]), waited[case]


@pytest.mark.parametrize("case", [case for case in CASES if case not in WAITS], ids="-".join)
def test_a_command_without_its_server_ends_with_one_line(
    place: Place,
    case: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    away, words = case
    for name, value in place.environment(away).items():
        monkeypatch.setenv(name, value)
    threshold = gc.get_threshold()
    try:
        status = MAIN[words.split(maxsplit=1)[0]](place.arguments(away, words))
    finally:
        # A command is a process of its own, and has its collector for itself.
        gc.set_threshold(*threshold)
        gc.unfreeze()
    said = Said(status, capsys.readouterr().err)

    assert _is_one_line(said, words), said


def test_every_command_is_tried_without_a_server_or_needs_none() -> None:
    ledger = {
        words
        for name in (*OF_THE_SERVICE, *COMMANDS)
        for words in _leaves(parser_of_ledger(name), "ledger")
        if words.split()[1] == name
    }

    assert ledger | set(_leaves(parser_of_ingest(), "ingest")) == {
        *ALONE,
        *(words for _, words in CASES),
    }


def _is_one_line(said: Said, words: str) -> bool:
    [*before, last, end] = said.errors.split("\n")
    program = f"jifen-{words.split(maxsplit=1)[0]}: "
    return said.status in {1, 2} and not before and not end and last.startswith(program)


def _ended(place: Place, case: tuple[str, str]) -> Said:
    away, words = case
    ours = {name: one for name, one in os.environ.items() if not name.startswith("JIFEN_")}
    module = f"jifen_{words.split(maxsplit=1)[0]}"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, *place.arguments(away, words)],
            env={**ours, **place.environment(away)},
            capture_output=True,
            text=True,
            check=False,
            timeout=SOON_S,
        )
    except subprocess.TimeoutExpired:
        return Said(-1, "it hangs")
    return Said(done.returncode, done.stderr)


def _leaves(parser: argparse.ArgumentParser, words: str) -> Iterator[str]:
    """Yield the words of every command below."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    for action in below:
        for name, one in action.choices.items():
            yield from _leaves(one, f"{words} {name}")
    if not below:
        yield words
