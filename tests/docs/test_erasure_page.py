"""The commands of docs/erasure.md, pasted one after another, print what it shows."""

import shutil
from pathlib import Path

import pytest

from jifen_ledger.adapters.cli.erasure_commands import ABOUT
from jifen_local.stack import LocalStack
from tests.docs.pasting import shell_in
from tests.docs.readme import ROOT, blocks, session, shows

PAGE = ROOT / "docs" / "erasure.md"

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(300)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl")
def test_the_commands_of_the_page_print_what_is_shown(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("sources.toml", "readers.toml")]
    for file in files:
        file.touch()
    differences = []
    with (
        LocalStack(
            tmp_path / ".jifen",
            schemes=["plant"],
            sources_file=files[0],
            readers_file=files[1],
            fast=True,
        ),
        shell_in(tmp_path) as shell,
    ):
        steps = session("run: erasure", PAGE)
        for step in steps:
            printed = shell.paste(step.commands)
            if step.prints is not None and not shows(step.prints, printed):
                differences.append(f"erasure.md:{step.line} prints\n{printed}")

    assert (len(steps), "\n".join(differences)) == (4, "")


def test_every_block_of_commands_of_the_page_is_pasted() -> None:
    assert {block.mark for block in blocks(PAGE) if block.language == "sh"} == {"run: erasure"}


def test_the_page_is_where_the_command_says() -> None:
    assert str(PAGE.relative_to(ROOT)) in ABOUT
