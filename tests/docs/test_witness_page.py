"""The commands of docs/witness.md, pasted beside the demo, print what it shows."""

import re
import shutil
from pathlib import Path

import pytest

from jifen_local.ports import free_port
from jifen_witness.__main__ import MORE
from jifen_witness.adapters.http import STATUS
from tests.docs.demo import Demo
from tests.docs.pasting import shell_in
from tests.docs.readme import ROOT, blocks, session, shows

PAGE = ROOT / "docs" / "witness.md"
PORT = "8090"

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(400)]


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl")
def test_the_commands_of_the_page_print_what_is_shown(demo: Demo, tmp_path: Path) -> None:
    (tmp_path / ".jifen-demo").symlink_to(demo.home / ".jifen-demo")
    steps, port = session("run: make demo", PAGE), str(free_port())
    differences = []
    with shell_in(tmp_path) as shell:
        for step in steps:
            printed = shell.paste(step.commands.replace(PORT, port))
            if step.prints is not None and not shows(step.prints, printed):
                differences.append(f"witness.md:{step.line} prints\n{printed}")

    assert (len(steps), "\n".join(differences)) == (4, "")


def test_every_block_of_commands_of_the_page_is_pasted() -> None:
    assert {block.mark for block in blocks(PAGE) if block.language == "sh"} == {"run: make demo"}


def test_the_page_explains_every_answer_and_is_where_the_command_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    answers = [int(one) for one in re.findall(r"^\| (\d{3}) \|", text, re.MULTILINE)]

    assert answers == [200, *sorted(STATUS.values())]
    assert str(PAGE.relative_to(ROOT)) in MORE
