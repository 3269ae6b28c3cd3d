"""`jifen-ledger scheme` beside a database: against what is published, over what has happened."""

import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from jifen_contracts.scheme.default import default_document, document_object
from jifen_ledger.__main__ import main
from jifen_ledger.adapters.digest import digest_of
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.people import ANNA, SCHEME

Capture = pytest.CaptureFixture[str]
SPAN = ["--from", "2023-07-01", "--to", "2023-10-01"]


def document(value: str = "0.5") -> dict[str, Any]:
    """The default scheme with another value of a snap report."""
    whole = document_object(default_document())
    report = next(item for item in whole["items"] if item["code"] == "D03")
    report["lines"]["member"]["value"] = value
    return whole


def draft_file(directory: Path, whole: dict[str, Any]) -> str:
    file = directory / "draft.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    return str(file)


def history() -> list[bytes]:
    """Two versions, one claim decided, and messages that nobody can read or repeat others."""
    claim = build.earned("c-1")
    return [
        *build.world(),
        *build.decided(claim),
        b"no event",
        claim,
        build.published(2, "2023-10-01", document=document("0.6"), recorded="2023-09-20"),
    ]


@pytest.fixture
async def url(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    async with reading(database_url, tmp_path, history()):
        monkeypatch.setenv("JIFEN_DATABASE_URL", database_url)
        yield database_url


def test_lint_asks_the_published_versions_for_codes_and_days(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    del url
    whole = document()
    whole["items"][0]["name_zh"] = "另一件事"
    file = draft_file(tmp_path, whole)

    status = main(["scheme", "lint", file, "--effective-from", "2023-07-01", "--scheme", SCHEME])

    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert "items.A01: In version 1 code A01 meant 三会一课组织 (meeting)" in lines[0]
    assert lines[1].endswith(
        "effective_from: 2023-07-01 is not after 2023-10-01, the first day of version 2: "
        "choose a later quarter. (rule 8)"
    )
    assert lines[2].endswith("for deeds from 2023-07-01, after the 2 published of plant")


def test_versions_are_compared_by_their_numbers_and_with_a_draft(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    del url
    file = draft_file(tmp_path, document("1"))
    place = "items.D03.lines.member.value"

    assert main(["scheme", "differences", "1", "2"]) == 0
    assert main(["scheme", "differences", "2", file]) == 0
    assert main(["scheme", "differences", "1", "9"]) == 1

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "version 1, from 2023-01-01 → version 2, from 2023-10-01: 1 change",
        f"~ {place}: 0.5 → 0.6",
        f"version 2, from 2023-10-01 → {file}: 1 change",
        f"~ {place}: 0.6 → 1",
    ]
    assert said.err == "jifen-ledger: there is no version 9; 2 are published\n"


def test_a_draft_may_begin_with_a_published_version(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    del url
    assert main(["scheme", "draft", "2"]) == 0
    file = tmp_path / "draft.yaml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")

    assert main(["scheme", "differences", "2", str(file)]) == 0
    assert capsys.readouterr().out == f"version 2, from 2023-10-01 → {file}: no changes\n"


def test_a_simulation_says_the_same_in_all_forms_and_leaves_the_tables_as_they_are(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    file, directory = draft_file(tmp_path, document("1")), tmp_path / "tables"
    before = digest_of(url, SCHEME)

    assert main(["scheme", "simulate", file, *SPAN]) == 0
    shown = capsys.readouterr().out
    assert main(["scheme", "simulate", file, *SPAN, "--json", "--csv", str(directory)]) == 0
    said = json.loads(capsys.readouterr().out)

    change = {"capacity": "member", "item": "D03", "before": "0.5", "after": "1",
              "difference": "0.5"}  # fmt: skip
    assert said["items"] == [change]
    assert (said["records"], said["replaced_versions"]) == (len(history()), [])
    with (directory / "items.csv").open(encoding="utf-8", newline="") as table:
        assert list(csv.DictReader(table)) == [change]
    assert sorted(one.stem for one in directory.iterdir()) == sorted(
        {"summary", "scores", "ranks", "items", "claims", "refusals", "grades"}
    )
    assert "随手拍 Snap report" in shown
    assert "+0.5" in shown
    assert digest_of(url, SCHEME) == before


def test_the_document_in_force_changes_nothing_and_that_is_said(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    del url

    status = main(["scheme", "simulate", draft_file(tmp_path, document()), *SPAN])

    assert (status, capsys.readouterr().out.splitlines()[-1]) == (0, "Nothing would differ.")


def test_a_draft_that_lint_refuses_is_not_simulated(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    del url
    file = draft_file(tmp_path, document("0"))

    status = main(["scheme", "simulate", file, *SPAN])

    assert (status, capsys.readouterr().err.splitlines()) == (
        1,
        [
            f"{file}: items.D03.lines.member.value: 0 must be above 0.",
            f"jifen-ledger: {file}: lint has 1 finding about the draft: mend them first",
        ],
    )


def test_a_journal_that_other_software_wrote_is_not_simulated(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    claim = len(build.world()) + 1
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE record SET bytes = convert_to(replace(convert_from(bytes, 'UTF8'), "
            "'\"delta\":5', '\"delta\":7'), 'UTF8') WHERE seq = %s",
            (claim,),
        )

    status = main(["scheme", "simulate", draft_file(tmp_path, document()), *SPAN])

    assert status == 1
    assert capsys.readouterr().err.startswith(
        f"jifen-ledger: record {claim} is not what this software makes of its event"
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--scheme", "other"], "the database has no scheme other, but: plant"),
        (["--from", "2020-01-01", "--to", "2020-04-01"], "the scheme begins on 2023-01-01"),
    ],
)
def test_a_question_without_an_answer_is_told_in_one_line(
    url: str, tmp_path: Path, capsys: Capture, arguments: list[str], complaint: str
) -> None:
    del url
    file = draft_file(tmp_path, document())

    status = main(["scheme", "simulate", file, *SPAN, *arguments])

    assert (status, complaint in capsys.readouterr().err) == (1, True)


def test_the_event_of_a_draft_has_the_next_number(
    url: str, tmp_path: Path, capsys: Capture
) -> None:
    del url
    options = ["--note", "n", "--source", "urn:jifen:source:local"]
    file = draft_file(tmp_path, document("1"))

    assert main(["scheme", "event", file, *options]) == 0

    said = json.loads(capsys.readouterr().out)
    assert (said["subject"], said["data"]["version"]) == (SCHEME, 3)
    assert ANNA not in json.dumps(said)
