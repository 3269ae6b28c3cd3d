"""The operator's commands of docs/operations.md, pasted one after another, print what it shows."""

import re
import shutil
import subprocess
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from jifen_ledger.adapters.cli.backup_commands import BACKUP
from jifen_local.stack import LocalStack
from tests.docs.pasting import shell_in
from tests.docs.readme import ROOT, blocks, session, shows
from tests.docs.test_readme import UP
from tests.docs.test_repairs_page import LOST_DATABASE, LOST_STREAM
from tests.support.composed import CLUSTERED, CLUSTERED_TLS, COMPOSED, COMPOSED_TLS
from tests.support.wait import until

PAGE = ROOT / "docs" / "operations.md"
OPERATOR = "run: operator"
STORED = re.compile(r'"seq":(\d+),"payload')

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(300)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl")
async def test_the_operator_s_commands_print_what_is_shown(tmp_path: Path) -> None:
    steps = session(OPERATOR, PAGE)
    differences = []
    with (
        LocalStack(tmp_path / ".jifen", schemes=["plant"], fast=True) as stack,
        shell_in(tmp_path) as shell,
    ):
        for step in steps:
            printed = shell.paste(step.commands)
            if step.prints is not None and not shows(step.prints, printed):
                differences.append(f"operations.md:{step.line} prints\n{printed}")
            for seq in STORED.findall(printed):
                await until(partial(_signed, stack.ledger_url, int(seq)))
        while_it_runs = _made("status", tmp_path), _made("reset", tmp_path)
    afterwards = _made("reset", tmp_path), (tmp_path / ".jifen").exists()

    assert (len(steps) > 10, "\n".join(differences)) == (True, "")
    assert (while_it_runs, afterwards) == ((0, 1), (0, False))


def test_the_page_is_where_the_command_says() -> None:
    assert str(PAGE.relative_to(ROOT)) in BACKUP


def test_every_block_of_commands_is_one_that_a_test_pastes() -> None:
    """This file, test_readme.py, test_repairs_page.py, and two of tests/compose."""
    found = {block.mark for block in blocks(PAGE) if block.language == "sh"}
    beside = {UP, OPERATOR, LOST_STREAM, LOST_DATABASE}
    in_containers = {COMPOSED, COMPOSED_TLS, CLUSTERED, CLUSTERED_TLS}

    # Without a mark there is `make` alone.
    assert found == beside | in_containers | {""}


def _made(target: str, home: Path) -> int:
    """Return the exit status of what `make status` and `make reset` do."""
    recipe = f"{target}: $(RUN) ##"
    [line] = [
        below
        for above, below in pairwise((ROOT / "Makefile").read_text().splitlines())
        if above.startswith(recipe)
    ]
    command = line.strip().replace("@$(PY)", sys.executable).split()
    return subprocess.run(command, cwd=home, check=False, capture_output=True).returncode


def _signed(ledger_url: str, seq: int) -> bool:
    # What is pasted by hand comes slower than the ledger records and signs it.
    metrics = httpx.get(f"{ledger_url}/metrics").text
    found = re.search(r'^jifen_log_signed_size\{scheme="plant"\} (\S+)', metrics, re.MULTILINE)
    return found is not None and float(found[1]) >= seq
