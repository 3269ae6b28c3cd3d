"""The commands of docs/import.md, pasted one after another, print what it shows."""

import shutil
from pathlib import Path

import pytest

from jifen_ingest.adapters.importing.parser import HELP, RECORDS
from jifen_ingest.domain.importing.kinds.catalogue import KINDS
from tests.docs.pasting import paste_in_an_empty_plant
from tests.docs.readme import ROOT, blocks

PAGE = ROOT / "docs" / "import.md"

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(300)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl")
async def test_the_commands_of_the_page_print_what_is_shown(tmp_path: Path) -> None:
    differences = await paste_in_an_empty_plant(tmp_path, "run: import", PAGE)

    assert differences == [], "\n".join(differences)


def test_every_block_of_commands_of_the_page_is_pasted() -> None:
    assert {block.mark for block in blocks(PAGE) if block.language == "sh"} == {"run: import"}


def test_the_page_names_every_kind_and_is_where_the_command_says() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert [kind for kind in (*KINDS, RECORDS) if f"`{kind}`" not in text] == []
    assert str(PAGE.relative_to(ROOT)) in HELP
