"""The commands of docs/erasure.md, pasted one after another, print what it shows."""

import shutil
from pathlib import Path

import pytest

from jifen_ledger.adapters.cli.erasure_commands import ABOUT
from tests.docs.pasting import paste_in_an_empty_plant
from tests.docs.readme import ROOT, blocks, session

PAGE = ROOT / "docs" / "erasure.md"
ERASURE = "run: erasure"

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(300)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl")
async def test_the_commands_of_the_page_print_what_is_shown(tmp_path: Path) -> None:
    differences = await paste_in_an_empty_plant(tmp_path, ERASURE, PAGE)

    assert (len(session(ERASURE, PAGE)), "\n".join(differences)) == (4, "")


def test_every_block_of_commands_of_the_page_is_pasted() -> None:
    assert {block.mark for block in blocks(PAGE) if block.language == "sh"} == {ERASURE}


def test_the_page_is_where_the_command_says() -> None:
    assert str(PAGE.relative_to(ROOT)) in ABOUT
