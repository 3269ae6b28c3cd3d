"""The README's commands, pasted one after another, print what it shows."""

import re
import shutil
from functools import partial
from pathlib import Path

import httpx
import pytest

from jifen_local.stack import LocalStack
from tests.docs.demo import Demo
from tests.docs.pasting import Shell, shell_in
from tests.docs.readme import blocks, marked, missing_lines, session, shows
from tests.support.wait import until

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(300)]

with_curl = pytest.mark.skipif(
    shutil.which("curl") is None, reason="the README's commands use curl"
)


def test_the_transcript_has_lines_that_the_demo_prints(demo: Demo) -> None:
    transcript = marked("make demo prints").text.removeprefix("$ make demo\n")

    assert (missing_lines(transcript, demo.said), demo.status) == ([], 0)


@with_curl
async def test_the_commands_beside_make_up_print_what_is_shown(tmp_path: Path) -> None:
    with (
        LocalStack(tmp_path / ".jifen", schemes=["plant"], fast=True) as stack,
        shell_in(tmp_path) as shell,
    ):
        await _paste_all("run: make up", shell, stack.ledger_url)


@with_curl
async def test_the_commands_beside_make_demo_print_what_is_shown(demo: Demo) -> None:
    with shell_in(demo.home) as shell:
        await _paste_all("run: make demo", shell, None)


def test_every_block_of_commands_is_pasted_or_is_make() -> None:
    others = [block for block in blocks() if block.language != "text"]

    assert [
        block.line
        for block in others
        if not block.mark.startswith("run: ")
        and not all(line.startswith("make ") for line in block.text.splitlines())
    ] == []


async def _paste_all(mark: str, shell: Shell, ledger_url: str | None) -> None:
    steps = session(mark)
    differences = []
    for step in steps:
        printed = shell.paste(step.commands)
        if step.prints is not None and not shows(step.prints, printed):
            differences.append(f"README.md:{step.line} prints\n{printed}")
        stored = [int(seq) for seq in re.findall(r'"seq":(\d+)', printed)]
        if ledger_url is not None and stored:
            await until(partial(_recorded, ledger_url, max(stored)))

    assert (len(steps) > 0, "\n".join(differences)) == (True, "")


def _recorded(ledger_url: str, seq: int) -> bool:
    # What is pasted by hand comes slower than the ledger records it.
    metrics = httpx.get(f"{ledger_url}/metrics").text
    found = re.search(r'^jifen_ledger_records\{scheme="plant"\} (\d+)', metrics, re.MULTILINE)
    return found is not None and int(found[1]) >= seq
