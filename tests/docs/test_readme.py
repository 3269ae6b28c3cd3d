"""The commands of the pages, pasted one after another, print what the pages show."""

import shutil
from pathlib import Path

import pytest

from jifen_local.stack import LocalStack
from tests.docs.demo import Demo
from tests.docs.pasting import paste_page, shell_in
from tests.docs.readme import DOCS, PAGES, README, blocks, marked, missing_lines

UP, DEMO = "run: make up", "run: make demo"
# In this order: what one page sends, the next one exports.
BESIDE_UP = (DOCS / "upstream.md", DOCS / "operations.md", README)
BESIDE_DEMO = (README, DOCS / "member.md")
# Tried by tests of their own, since they need more or change more; the Chinese README has the
# blocks of the English one.
ELSEWHERE = {"README.zh.md", "audit.md", "scheme.md", "witness.md"}

pytestmark = [pytest.mark.system, pytest.mark.enable_socket, pytest.mark.timeout(300)]

with_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="the commands use curl")


def test_the_transcript_has_lines_that_the_demo_prints(demo: Demo) -> None:
    transcript = marked("make demo prints").text.removeprefix("$ make demo\n")

    assert (missing_lines(transcript, demo.said), demo.status) == ([], 0)


@with_curl
async def test_the_commands_beside_make_up_print_what_is_shown(tmp_path: Path) -> None:
    differences: list[str] = []
    with LocalStack(tmp_path / ".jifen", schemes=["plant"], fast=True) as stack:
        for page in BESIDE_UP:
            with shell_in(tmp_path) as shell:
                differences += await paste_page(shell, UP, page, stack.ledger_url)

    assert differences == [], "\n".join(differences)


@with_curl
async def test_the_commands_beside_make_demo_print_what_is_shown(demo: Demo) -> None:
    differences: list[str] = []
    for page in BESIDE_DEMO:
        with shell_in(demo.home) as shell:
            differences += await paste_page(shell, DEMO, page)

    assert differences == [], "\n".join(differences)


@pytest.mark.parametrize(("mark", "pasted"), [(UP, BESIDE_UP), (DEMO, BESIDE_DEMO)])
def test_every_page_with_such_commands_is_pasted(mark: str, pasted: tuple[Path, ...]) -> None:
    found = {page.name for page in PAGES if any(block.mark == mark for block in blocks(page))}

    assert found - ELSEWHERE == {page.name for page in pasted}


def test_every_block_of_commands_is_pasted_or_is_make() -> None:
    assert [
        f"{page.name}:{block.line}"
        for page in PAGES
        for block in blocks(page)
        if block.language != "text"
        and not block.mark.startswith("run: ")
        and not all(line.startswith("make ") for line in block.text.splitlines())
    ] == []
