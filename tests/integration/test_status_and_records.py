"""What operators see of a ledger from the command line: how it stands, and what was refused."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jifen_contracts import MEANINGS, Code
from jifen_ledger.__main__ import main
from jifen_ledger.log.encodings import encoded
from tests.support import builders as build
from tests.support.audited import Signed, signed_world, world_with_boards
from tests.support.people import SCHEME
from tests.support.servers import libpq_url
from tests.support.signing import tamper, tree_of
from tests.support.stored import changed

FIRST = world_with_boards()
# The same id with other content, and bytes that are no event.
THEN = [changed(build.earned("c-snap"), time="2023-07-13T09:00:00+08:00"), b"\xffno event"]
LEASE = """
INSERT INTO lease (scheme, worker, expires_at, stream_last, trouble)
VALUES (%s, 'w-1', now() + interval '1 hour', %s, %s)
ON CONFLICT (scheme) DO UPDATE SET stream_last = excluded.stream_last, trouble = excluded.trouble
"""
# As it is before the newest checkpoint is there.
UNSIGNED = "DELETE FROM log_checkpoint WHERE size = (SELECT max(size) FROM log_checkpoint)"
RICHER = """
UPDATE balance SET tenths = tenths + 10 WHERE account = (SELECT min(account) FROM balance)
"""

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def signed(
    postgres_url: str, migrated_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Signed]:
    with signed_world(postgres_url, migrated_template, tmp_path, FIRST, THEN) as world:
        monkeypatch.setenv("JIFEN_DATABASE_URL", world.url)
        yield world


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        return main(list(arguments)), capsys.readouterr().out

    return run


def held(world: Signed, stream_last: int, trouble: str = "") -> None:
    """As if a worker held the scheme and told this of it."""
    with psycopg.connect(libpq_url(world.url)) as connection:
        connection.execute(LEASE, [SCHEME, stream_last, trouble])


def test_a_ledger_that_is_well_says_how_far_it_is_and_ends_with_success(
    signed: Signed, ask: Ask
) -> None:
    size = len(FIRST) + len(THEN)
    held(signed, size + 7)

    status, text = ask("status", SCHEME)
    in_json = json.loads(ask("status", "--every-row", "--json")[1])

    first, *rest = text.splitlines()
    assert (status, first) == (0, f"{SCHEME}: {size} records; held by w-1, 7 behind")
    assert "  invariants  3 of 3 hold" in rest
    (scheme,) = in_json["schemes"]
    assert {name: scheme[name] for name in ("records", "signed", "unsigned", "behind", "root")} == {
        "records": size,
        "signed": size,
        "unsigned": 0,
        "behind": 7,
        "root": encoded(tree_of(signed.url).root),
    }
    assert [(one["seq"], one["code"]) for one in scheme["alarms"]] == [
        (size, "malformed"),
        (size - 1, "conflicting_duplicate"),
        (FIRST.index(b"no event") + 1, "malformed"),
    ]
    assert (len(scheme["checked"]), scheme["broken"], in_json["well"]) == (5, [], True)


def test_what_is_wrong_is_said_and_is_an_exit_status_of_its_own(signed: Signed, ask: Ask) -> None:
    nobody = ask("status")
    held(signed, 0, "stopped: stream_gap: the stream has no message 7")
    stopped = ask("status")
    held(signed, 0)
    tamper(signed.url, UNSIGNED)
    late = ask("status")
    tamper(signed.url, RICHER)
    unbalanced = ask("status", "--every-row")

    assert [status for status, _ in (nobody, stopped, late, unbalanced)] == [3, 3, 3, 3]
    assert "  WRONG       no ledger works on it\n" in nobody[1]
    assert "  WRONG       stopped: stream_gap: the stream has no message 7\n" in stopped[1]
    assert f"  WRONG       {len(THEN)} records wait for a signature since 2023-" in late[1]
    assert "  WRONG       not true: each unit adds up to zero\n" in unbalanced[1]
    assert "  WRONG       not true: every balance is the sum of its postings\n" in unbalanced[1]


def test_a_scheme_that_is_not_there_cannot_be_told_of(
    signed: Signed, capsys: pytest.CaptureFixture[str]
) -> None:
    del signed

    assert main(["status", "nowhere"]) == 1
    assert capsys.readouterr().err == "jifen-ledger: the database has no scheme nowhere\n"


def test_refused_records_are_listed_newest_first_by_code_and_by_page(
    signed: Signed, ask: Ask
) -> None:
    del signed
    size = len(FIRST) + len(THEN)

    def seqs(*arguments: str) -> list[int]:
        found: list[dict[str, Any]] = json.loads(ask("records", "list", *arguments, "--json")[1])
        assert all(one["scheme"] == SCHEME for one in found)
        return [one["seq"] for one in found]

    everything = seqs()
    assert everything == sorted(everything, reverse=True)
    assert seqs("--alarms") == [size, size - 1, FIRST.index(b"no event") + 1]
    assert seqs("--code", "conflicting_duplicate") == [size - 1]
    assert seqs("--most", "1", "--before", str(size)) == [size - 1]
    assert seqs("--scheme", "elsewhere") == []
    assert f"{SCHEME} {size:>9}  " in ask("records", "list")[1]


def test_a_message_that_was_no_event_is_shown_with_its_bytes(signed: Signed, ask: Ask) -> None:
    del signed
    size = len(FIRST) + len(THEN)

    found = json.loads(ask("records", "show", str(size), "--json")[1])
    text = ask("records", "show", str(size))[1]

    assert base64.b64decode(found["payload_base64"]) == THEN[-1]
    assert found["meaning"] == MEANINGS[Code.MALFORMED]
    assert "\\xffno event" in text
    assert "under a new id" in text
    assert "who may publish to the stream" in text


def test_a_refused_event_is_shown_with_its_reason(signed: Signed, ask: Ask) -> None:
    del signed

    found = json.loads(ask("records", "show", str(len(FIRST) + 1), "--json")[1])

    assert found["record"]["outcome"]["code"] == "conflicting_duplicate"
    assert found["record"]["event"]["data"]["claim"] == "c-snap"
    assert "payload_base64" not in found
