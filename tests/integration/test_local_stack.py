"""The launcher's whole stack: both services on real servers, killed and started again."""

import signal
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import psutil
import pytest

from jifen_local.children import StartFailed
from jifen_local.data_directory import in_use
from jifen_local.servers.nats import answers
from jifen_local.stack import LocalStack, addresses_of

DEADLINE_S = 90.0


def test_a_killed_ledger_is_noticed_and_comes_back_at_its_address(
    tmp_path: Path, scheme: str
) -> None:
    with LocalStack(tmp_path / "data", schemes=[scheme], fast=True) as stack:
        address, before = stack.ledger_url, stack.ended()
        stack.kill_ledger()
        answered_while_dead = answers(address, "/readyz")
        stack.start_ledger()
        outcome = (
            before,
            answered_while_dead,
            stack.ledger_url == address,
            answers(address, "/readyz"),
            answers(stack.ingest_url, "/readyz"),
        )

    assert outcome == (None, False, True, True, True)


def test_a_stack_that_cannot_start_leaves_nothing_running(tmp_path: Path, scheme: str) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text("no TOML")
    before = _children()

    with (
        pytest.raises(StartFailed, match=r"^Ingest ended with status 1: "),
        LocalStack(tmp_path / "data", schemes=[scheme], sources_file=sources, fast=True),
    ):
        pytest.fail("It started without knowing who may send.")

    assert (_children() - before, in_use(tmp_path / "data")) == (set(), False)


def test_up_tells_where_everything_is_and_stops_on_a_signal(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ports = [part for name in ("ledger", "ingest", "nats") for part in (f"--{name}-port", "0")]
    command = [sys.executable, "-m", "jifen_local", "up", "--data", str(data), *ports]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        try:
            assert launcher.stdout is not None
            said = list(takewhile("Ctrl-C stops it.\n".__ne__, launcher.stdout))
            running = psutil.Process(launcher.pid).children()
            addresses = addresses_of(data)
            launcher.send_signal(signal.SIGTERM)
            farewell = launcher.stdout.read()
            status = launcher.wait(DEADLINE_S)
        finally:
            launcher.kill()

    assert all(any(address in line for line in said) for address in addresses.values())
    assert sorted(addresses) == ["database", "ingest", "ledger", "nats"]
    assert (len(running), [child for child in running if child.is_running()]) == (4, [])
    assert (farewell, status, addresses_of(data)) == ("Stopped.\n", 0, {})


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}
