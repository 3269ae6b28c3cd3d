"""The commands of docs/scheme.md, pasted one after another, print what it shows."""

import json
import re
import shutil
from functools import partial

import httpx
import pytest

from jifen_ledger.adapters.cli.scheme_parser import LIFE
from tests.docs.demo import Demo
from tests.docs.pasting import shell_in
from tests.docs.readme import ROOT, blocks, session, shows
from tests.support.wait import until

PAGE = ROOT / "docs" / "scheme.md"

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(400)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl")
async def test_the_commands_of_the_page_print_what_is_shown(demo: Demo) -> None:
    steps = session("run: make demo", PAGE)
    differences = []
    with shell_in(demo.home) as shell:
        addresses = json.loads((demo.home / ".jifen-demo" / "addresses.json").read_bytes())
        for step in steps:
            printed = shell.paste(step.commands)
            if step.prints is not None and not shows(step.prints, printed):
                differences.append(f"scheme.md:{step.line} prints\n{printed}")
            for seq in re.findall(r'"seq":(\d+),"payload', printed):
                await until(partial(_recorded, addresses["ledger"], int(seq)))

    assert (len(steps) > 8, "\n".join(differences)) == (True, "")


def test_every_block_of_the_page_is_pasted_or_printed() -> None:
    marks = {block.mark for block in blocks(PAGE)}

    assert marks == {"run: make demo", "prints"}


def test_the_page_is_where_the_command_says() -> None:
    assert str(PAGE.relative_to(ROOT)) in LIFE


def _recorded(ledger: str, seq: int) -> bool:
    # What is pasted by hand comes slower than the ledger records it.
    metrics = httpx.get(f"{ledger}/metrics").text
    found = re.search(r'^jifen_ledger_records\{scheme="plant"\} (\S+)', metrics, re.MULTILINE)
    return found is not None and float(found[1]) >= seq
