"""Whatever the pages name is there: files, commands, settings, addresses, codes, types."""

import re
from typing import Any

import pytest

from jifen_contracts import FOLDED_TYPES, MEANINGS
from jifen_ingest.settings import StreamsSettings
from jifen_ledger.adapters.http.application import READS
from jifen_ledger.application.queries.rights import Column
from jifen_ledger.settings import EvidenceSettings, LedgerSettings
from tests.docs import reasons_page
from tests.docs.errors_page import PAGE, errors_page
from tests.docs.readme import DOCS, PAGES, ROOT, blocks, missing_lines, quoted, rows, shows
from tests.docs.settings_page import PAGE as SETTINGS_PAGE
from tests.docs.settings_page import settings_page

INGEST = StreamsSettings.model_fields
LEDGER = {**LedgerSettings.model_fields, **EvidenceSettings.model_fields}
UPSTREAM, READ = DOCS / "upstream.md", DOCS / "reads.md"
TOP = ("contracts", "deploy", "docs", "services", "tests")
# Where a variable is read, if it is none of a service's settings.
READING = ("deploy", "services", "tests/support")
READ_FILES = {"", ".conf", ".py", ".sh", ".toml", ".yaml", ".yml"}


def test_every_file_and_folder_that_is_named_exists() -> None:
    paths = {
        one.partition("::")[0]
        for page in PAGES
        for one in quoted(page)
        if one.split("/")[0] in TOP and " " not in one
    }

    assert len(paths) > 100
    assert sorted(one for one in paths if not (ROOT / one).exists()) == []


def test_every_guarantee_names_a_test() -> None:
    guarantees = rows("What holds", DOCS / "guarantees.md")

    assert [row[0] for row in guarantees if "`tests/" not in row[1]] == []


def test_every_make_target_that_is_named_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set()
    for page in PAGES:
        commands = "".join(block.text for block in blocks(page) if block.language == "sh")
        named |= set(re.findall(r"^make ([a-z-]+)", commands, re.MULTILINE))
        named |= {one.split()[1] for one in quoted(page) if one.startswith("make ")}

    assert named - targets == set()
    assert {"demo", "test", "up", "check"} <= named


def test_the_page_of_settings_is_current() -> None:
    written = SETTINGS_PAGE.read_text(encoding="utf-8")

    assert written == settings_page(), "python -m tests.docs.settings_page"


def test_a_variable_that_is_named_is_one_that_somebody_reads() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    # The name of a stream begins so as well, and goes on with a scheme.
    named = set(re.findall(r"\bJIFEN_[A-Z_]+[A-Z]\b", text))
    settings = {f"JIFEN_{name.upper()}" for name in {**INGEST, **LEDGER}}
    read = {
        found
        for folder in READING
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in READ_FILES
        for found in re.findall(r"JIFEN_[A-Z_]+", path.read_text(encoding="utf-8"))
    }

    assert named - settings - read == set()


def test_the_table_of_reads_is_every_read_of_the_ledger() -> None:
    served = {
        route.path.removeprefix("/")
        for module in READS
        for route in _routes(module)
        if "GET" in route.methods
    }

    assert {row[0].strip("`") for row in rows("Address", READ)} == served


def test_the_table_of_columns_is_every_column_of_readers() -> None:
    shown = [row[0].strip("`") for row in rows("Column", READ)]

    assert sorted(shown) == sorted(column.value for column in Column)


@pytest.mark.parametrize("code", ["history_closed", "personal_data"])
def test_a_code_that_is_named_is_one(code: str) -> None:
    assert code in quoted(UPSTREAM)
    assert code in set(MEANINGS)


def test_the_type_shown_as_unknown_is_none() -> None:
    sent = "".join(block.text for block in blocks(UPSTREAM))

    assert "points.gifted" in sent
    assert "jifen.points.gifted.v1" not in FOLDED_TYPES


def test_the_page_of_errors_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == errors_page(), "python -m tests.docs.errors_page"


def test_the_page_of_reasons_is_current() -> None:
    written = reasons_page.PAGE.read_text(encoding="utf-8")

    assert written == reasons_page.reasons_page(), "python -m tests.docs.reasons_page"


def test_an_output_that_differs_from_the_one_shown_is_noticed() -> None:
    shown = '{"id": "a", …,\n "points": "2.5"}\n'

    assert shows(shown, '{"id":"a","seq":7,"points":"2.5"}')
    assert not shows(shown, '{"id":"a","seq":7,"points":"2.6"}')
    assert not shows(shown, "")


def test_a_line_that_is_not_printed_or_not_in_its_place_is_noticed() -> None:
    printed = "one   \nsent in 3.1 s\ntwo of 7"

    assert missing_lines("one\n…\nsent in 12.0 s\ntwo of …", printed) == []
    assert missing_lines("two of 7\none", printed) == ["one"]
    assert missing_lines("one\nthree", printed) == ["three"]


def _routes(module: Any) -> list[Any]:
    return list(module.ROUTES.routes)
