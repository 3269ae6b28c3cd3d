"""Pastes the commands of a page into one shell, as its reader would."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx

from jifen_local.stack import LocalStack
from tests.docs.readme import session, shows
from tests.support.wait import until

END = "-- the block ended --"


class Shell:
    """A shell that lives from block to block, so that variables and functions do as well."""

    def __init__(self, process: subprocess.Popen[str], home: Path) -> None:
        self._process = process
        self._home = home
        self._pasted = 0

    def paste(self, commands: str) -> str:
        """Return what the commands printed; the first that fails ends the shell."""
        self._pasted += 1
        file = self._home / f"block-{self._pasted}.sh"
        file.write_text(commands, encoding="utf-8")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f". '{file}' </dev/null\necho; echo '{END}'\n")
        self._process.stdin.flush()
        printed: list[str] = []
        for line in self._process.stdout:
            if line.rstrip("\n") == END:
                return "".join(printed).removesuffix("\n")
            printed.append(line)
        raise AssertionError(f"These commands failed:\n{commands}\n{''.join(printed)}")


@contextmanager
def shell_in(directory: Path) -> Iterator[Shell]:
    """A shell in a directory that has the virtual environment where the pages expect it."""
    if not (directory / ".venv").exists():
        (directory / ".venv").symlink_to(sys.prefix)
    with subprocess.Popen(
        ["/bin/sh", "-eu"],
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        try:
            yield Shell(process, directory)
        finally:
            # With whatever it started and did not wait for.
            os.killpg(process.pid, signal.SIGKILL)


async def paste_page(shell: Shell, mark: str, page: Path, ledger: str | None = None) -> list[str]:
    """Paste the blocks with the mark; return each output that is not the one shown.

    With the ledger's address, what a block sends is recorded before the next one is pasted.
    """
    differences = []
    steps = session(mark, page)
    assert steps, f"{page.name} has nothing to paste"
    for step in steps:
        printed = shell.paste(step.commands)
        if step.prints is not None and not shows(step.prints, printed):
            differences.append(f"{page.name}:{step.line} prints\n{printed}")
        stored = [int(seq) for seq in re.findall(r'"seq":(\d+)', printed)]
        if ledger is not None and stored:
            await until(partial(_recorded, ledger, max(stored)))
    return differences


async def paste_in_an_empty_plant(home: Path, mark: str, page: Path) -> list[str]:
    """Paste the page beside a running Jifen whose files of senders and readers are still empty."""
    senders, readers = (home / name for name in ("sources.toml", "readers.toml"))
    for file in (senders, readers):
        file.touch()
    stack = LocalStack(
        home / ".jifen", schemes=["plant"], sources_file=senders, readers_file=readers, fast=True
    )
    with stack, shell_in(home) as shell:
        return await paste_page(shell, mark, page)


def _recorded(ledger: str, seq: int) -> bool:
    # What is pasted by hand comes slower than the ledger records it.
    metrics = httpx.get(f"{ledger}/metrics").text
    found = re.search(r'^jifen_ledger_records\{scheme="plant"\} (\S+)', metrics, re.MULTILINE)
    return found is not None and float(found[1]) >= seq
