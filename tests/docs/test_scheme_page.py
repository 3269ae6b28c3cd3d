"""The commands of docs/scheme.md, pasted one after another, print what it shows."""

import json
import shutil

import pytest

from jifen_ledger.adapters.cli.scheme_parser import LIFE
from tests.docs.demo import Demo
from tests.docs.pasting import paste_page, shell_in
from tests.docs.readme import ROOT, blocks

PAGE = ROOT / "docs" / "scheme.md"

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(400)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl")
async def test_the_commands_of_the_page_print_what_is_shown(demo: Demo) -> None:
    addresses = json.loads((demo.home / ".jifen-demo" / "addresses.json").read_bytes())
    with shell_in(demo.home) as shell:
        differences = await paste_page(shell, "run: make demo", PAGE, addresses["ledger"])

    assert differences == [], "\n".join(differences)


def test_every_block_of_the_page_is_pasted_or_printed() -> None:
    marks = {block.mark for block in blocks(PAGE)}

    assert marks == {"run: make demo", "prints"}


def test_the_page_is_where_the_command_says() -> None:
    assert str(PAGE.relative_to(ROOT)) in LIFE
