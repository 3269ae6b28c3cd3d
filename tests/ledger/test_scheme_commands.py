"""`jifen-ledger scheme` on files alone: what it says, and its exit status."""

import json
from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.canonical import canonical
from jifen_contracts.events import read_event
from jifen_contracts.scheme.default import default_document, document_object
from jifen_ledger.__main__ import main
from jifen_ledger.application.drafts import ENVELOPE_BYTES
from tests.support.people import SCHEME
from tests.support.stored import event

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIFEN_DATABASE_URL", raising=False)


def draft_file(directory: Path, **changes: object) -> str:
    file = directory / "draft.json"
    file.write_text(json.dumps(document_object(default_document()) | changes), encoding="utf-8")
    return str(file)


def items(count: int) -> list[Any]:
    """F04: as many items as that, each with a code of its own."""
    whole: list[Any] = document_object(default_document())["items"]
    last = whole[-1]
    more = [last | {"code": f"D{90 + n}", "name_zh": f"事项{n}"} for n in range(count - len(whole))]
    return [*whole[:count], *more]


@pytest.mark.parametrize(("count", "mend"), [(30, "1 missing"), (32, "take 1 out")])
def test_f04_lint_refuses_thirty_and_thirty_two_items_with_the_mend(
    tmp_path: Path, capsys: Capture, count: int, mend: str
) -> None:
    file = draft_file(tmp_path, items=items(count))

    status = main(["scheme", "lint", file])

    expected = f"items: A scheme has exactly 31 items, this one has {count}: {mend}. (rule 1)"
    assert (status, f"{file}: {expected}" in capsys.readouterr().out.splitlines()) == (1, True)


def test_a_draft_begins_with_the_default_scheme(tmp_path: Path, capsys: Capture) -> None:
    assert main(["scheme", "draft"]) == 0
    file = tmp_path / "draft.yaml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")

    assert main(["scheme", "differences", str(file), draft_file(tmp_path)]) == 0
    assert ": no changes" in capsys.readouterr().out


def test_a_draft_without_findings_is_said_to_have_none(tmp_path: Path, capsys: Capture) -> None:
    file = draft_file(tmp_path)

    status = main(["scheme", "lint", file, "--effective-from", "2030-04-01"])

    size = len(canonical(document_object(default_document())))
    facts = f"31 items, 7 overlays, {size:,} bytes, for deeds from 2030-04-01"
    alone = "not compared with published versions: JIFEN_DATABASE_URL is not set"
    assert (status, capsys.readouterr().out) == (0, f"{file}: no findings; {facts}, {alone}\n")


def test_the_findings_are_there_for_machines_too(tmp_path: Path, capsys: Capture) -> None:
    file = draft_file(tmp_path, ranking={"min_n": 1})

    status = main(["scheme", "lint", file, "--json"])

    said = json.loads(capsys.readouterr().out)
    found = [(one["rule"], one["path"]) for one in said["findings"]]
    assert (status, found, said["published"]) == (1, [(8, "ranking.min_n")], [])


def test_a_file_that_is_no_document_is_told_fault_by_fault(tmp_path: Path, capsys: Capture) -> None:
    file = draft_file(tmp_path, ranking={"min_n": "five"}, motto="x")

    status = main(["scheme", "lint", file])

    lines = capsys.readouterr().out.splitlines()
    assert (status, len(lines)) == (1, 3)
    assert lines[0].startswith(f"{file}: ranking.min_n: ")
    assert lines[1] == (
        f"{file}: motto: There is no such field: take it out, or look at its spelling."
    )


def test_a_document_that_no_event_could_hold_is_a_finding(tmp_path: Path, capsys: Capture) -> None:
    whole = document_object(default_document())
    long = [{"zh": "字" * 60, "en": "x" * 60}] * 20
    overlays = [*whole["overlays"], *({"match": {"post": "other", "class": "office"},
                "checklist": long} for _ in range(6))]  # fmt: skip
    file = draft_file(tmp_path, overlays=overlays)
    size = len(canonical(whole | {"overlays": overlays}))

    main(["scheme", "lint", file])

    expected = f"{file}: document: {size} bytes do not fit in one event: "
    shorter = f"shorten texts by {size + ENVELOPE_BYTES - 49_152} bytes."
    assert f"{expected}{shorter}" in capsys.readouterr().out


def test_two_files_are_compared_line_by_line(tmp_path: Path, capsys: Capture) -> None:
    old = draft_file(tmp_path)
    new = str(tmp_path / "new.json")
    Path(old).rename(new)
    old = draft_file(tmp_path, ranking={"min_n": 7}, vetoes=[])

    status = main(["scheme", "differences", new, old])

    lines = capsys.readouterr().out.splitlines()
    assert (status, lines[0]) == (0, f"{new} → {old}: 6 changes")
    assert "~ ranking.min_n: 5 → 7" in lines
    assert "- vetoes.V2: 违法犯罪 · Crime" in lines

    main(["scheme", "differences", old, new, "--json"])
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {"change": "added", "path": "vetoes.V2", "after": "违法犯罪 · Crime"} in changes
    assert {"change": "changed", "path": "ranking.min_n", "before": "7", "after": "5"} in changes


def test_the_event_of_a_draft_is_one_that_the_contract_takes(
    tmp_path: Path, capsys: Capture
) -> None:
    file = draft_file(tmp_path)
    options = [
        "--version",
        "2",
        "--note",
        "approved on 3 June",
        "--source",
        "urn:jifen:source:local",
    ]

    status = main(["scheme", "event", file, "--effective-from", "2030-04-01", *options])

    said = json.loads(capsys.readouterr().out)
    stored = event("scheme.published", said["subject"], said["data"], time=said["time"])
    read: Any = read_event(stored, SCHEME)
    assert (status, said["type"]) == (0, "jifen.scheme.published.v1")
    assert (read.data.version, read.data.note) == (2, "approved on 3 June")
    assert read.data.document == default_document()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["lint", "nowhere.yaml"], "nowhere.yaml: No such file or directory"),
        (["differences", "1", "DRAFT"], "JIFEN_DATABASE_URL: not set"),
        (["differences", "nowhere.yaml", "DRAFT"], "nowhere.yaml: No such file or directory"),
        (["simulate", "DRAFT", "--from", "2025-01-01", "--to", "2026-01-01"],
         "JIFEN_DATABASE_URL: not set"),
        (["simulate", "DRAFT", "--from", "2025-01-01", "--to", "2025-01-01"], "the span is empty"),
        (["event", "DRAFT", "--note", "n", "--source", "s"], "say the version with --version"),
        (["event", "DRAFT", "--note", "n", "--source", "s", "--version", "2",
          "--effective-from", "2025-01-01"], "2025-01-01 has passed"),
        (["event", "DRAFT", "--note", "a\nb", "--source", "s", "--version", "1"], "note: "),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_one_line(
    tmp_path: Path, capsys: Capture, arguments: list[str], complaint: str
) -> None:
    file = draft_file(tmp_path)

    status = main(["scheme", *(file if one == "DRAFT" else one for one in arguments)])

    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert said.err.startswith(f"jifen-ledger: {complaint}")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["draft", "lint", "differences", "simulate", "event"])
def test_every_verb_tells_how_it_is_used(capsys: Capture, verb: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["scheme", verb, "--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: jifen-ledger scheme {verb}")


def test_a_span_begins_with_a_quarter(tmp_path: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["scheme", "simulate", draft_file(tmp_path), "--from", "2025-02-01", "--to", "x"])

    assert "is not the first day of a quarter: try 2025-01-01" in capsys.readouterr().err
