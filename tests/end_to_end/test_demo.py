"""The demo as its user runs it: to the end, interrupted, and killed in the middle of sending."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx
import psutil
import pytest

from jifen_local.data_directory import in_use
from jifen_local.demo.messages import SCHEME
from jifen_local.demo.run import READER_FILE
from tests.support.wait import LOOK_AGAIN_S

STARTS_S = 120
STOPS_S = 60
ENDS_S = 300
IN_MID_SEND = 2_000
CHECKS = 12
SERVICES = 4
BUNDLE_BYTES_MIN = 1_000_000

pytestmark = pytest.mark.timeout(ENDS_S + STARTS_S + STOPS_S)


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo under way in the folder."""

    launcher: subprocess.Popen[str]
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / ".jifen-demo"

    @property
    def addresses(self) -> Path:
        return self.data / "addresses.json"

    @property
    def token(self) -> Path:
        """Written last of all, when the sending begins."""
        return self.data / READER_FILE

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.launcher.pid).children(recursive=True)

    def up(self) -> None:
        """Returns once everything has been started."""
        # A killed launcher leaves its addresses; ours removes them before it has children.
        _until(lambda: bool(self.children()) and self.token.exists(), self.launcher, STARTS_S)

    def in_mid_send(self) -> None:
        """Returns while the year is being sent."""
        self.up()
        ledger = json.loads(self.addresses.read_text())["ledger"]
        with httpx.Client(
            base_url=f"{ledger}/v1/schemes/{SCHEME}",
            headers={"Authorization": f"Bearer {self.token.read_text()}"},
            trust_env=False,
        ) as client:
            _until(lambda: _recorded(client) >= IN_MID_SEND, self.launcher, STARTS_S)


def _recorded(ledger: httpx.Client) -> int:
    answer = ledger.get("/status")
    if answer.status_code == HTTPStatus.NOT_FOUND:  # Nothing is recorded yet.
        return 0
    checkpoint: int = answer.raise_for_status().json()["checkpoint"]
    return checkpoint


@contextmanager
def demo(folder: Path, *more: str) -> Iterator[Demo]:
    command = [sys.executable, "-P", "-m", "jifen_local", "demo", "--once", *more]
    # In a background job of a shell Ctrl-C is ignored, and a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        launcher = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with launcher:
        try:
            yield Demo(launcher, folder)
        finally:
            launcher.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


def test_an_interrupted_demo_stops_everything_says_so_in_one_line_and_fails(folder: Path) -> None:
    with demo(folder) as running:
        running.in_mid_send()
        children = running.children()
        ports = _ports_of(children)
        running.launcher.send_signal(signal.SIGINT)
        said, complained = running.launcher.communicate(timeout=STOPS_S)

    assert running.launcher.returncode == 130
    assert (said.splitlines()[-1], complained) == ("Stopped.", "")
    assert said.splitlines()[-2].startswith("Names entered in the directory")
    assert len(children) >= SERVICES
    assert len(ports) >= 3
    assert_nothing_is_left(running, children, ports)


def test_a_demo_after_a_killed_one_runs_to_its_end_and_every_check_holds(folder: Path) -> None:
    with demo(folder) as killed:
        killed.in_mid_send()
        orphans = killed.children()
        killed.launcher.kill()
        killed.launcher.communicate()

    with demo(folder, "--bundle", "year.tar.gz") as running:
        running.up()
        children = running.children()
        ports = _ports_of(children)
        said, complained = running.launcher.communicate(timeout=ENDS_S)

    assert (running.launcher.returncode, complained) == (0, ""), said[-6_000:]
    assert _checks(said) == ["✓"] * CHECKS
    assert "The demo ends early" not in said
    assert said.splitlines()[-1].endswith("year.tar.gz.vkey; checked: all good")
    assert (folder / "year.tar.gz").stat().st_size > BUNDLE_BYTES_MIN
    assert not {child.pid for child in orphans} & {child.pid for child in children}
    assert len(children) >= SERVICES
    assert_nothing_is_left(running, [*orphans, *children], ports)


def assert_nothing_is_left(
    ended: Demo, children: list[psutil.Process], ports: dict[int, int]
) -> None:
    """No process, no listening port, no claim on the directory."""
    _, alive = psutil.wait_procs(children, timeout=STOPS_S)
    listening = _ports_of(psutil.process_iter())
    assert alive == []
    assert [port for port, pid in ports.items() if listening.get(port) == pid] == []
    assert [one for one in psutil.process_iter() if _works_in(one, ended.folder)] == []
    assert not in_use(ended.data)
    assert not ended.addresses.exists()


def _checks(report: str) -> list[str]:
    """The marks of the report's last table, one for each check."""
    table = report.partition("9 · Checks")[2]
    return [mark for line in table.splitlines() for mark in line.split()[:1] if mark in "✓✗"]


def _ports_of(processes: Iterable[psutil.Process]) -> dict[int, int]:
    """Which process listens on which port."""
    found: dict[int, int] = {}
    for process in processes:
        try:
            connections = process.net_connections("tcp")
        except psutil.Error:
            continue
        found |= {
            connection.laddr.port: process.pid
            for connection in connections
            if connection.status == psutil.CONN_LISTEN
        }
    return found


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()).is_relative_to(folder)
    except psutil.Error:
        return False


def _until(holds: Callable[[], bool], launcher: subprocess.Popen[str], deadline_s: float) -> None:
    deadline = time.monotonic() + deadline_s
    while not holds():
        assert launcher.poll() is None, launcher.communicate()
        assert time.monotonic() < deadline, "the condition did not hold in time"
        time.sleep(LOOK_AGAIN_S)
