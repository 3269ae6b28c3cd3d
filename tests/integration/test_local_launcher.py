"""The launcher's directory and children: one launcher at a time, and none outlives it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from jifen_local.children import Child, start_child
from jifen_local.data_directory import DataDirectory, DirectoryRefused, in_use
from jifen_local.leftovers import record_children, stop_leftovers
from jifen_local.servers import start_nats, start_postgres

DEADLINE_S = 30.0
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STARTER = """
import sys, time
from pathlib import Path
from jifen_local.servers import start_nats, start_postgres
data = Path(sys.argv[1])
servers = [start_nats(data / "nats", fast=True), start_postgres(data / "postgres", fast=True)]
print(*(server.pid for server in servers), flush=True)
time.sleep(600)
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    home = tmp_path / "home"
    home.mkdir()
    child = start_child("Sleeper", SLEEPER, log=tmp_path / "log", directory=home)
    yield child
    child.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a death signal")
def test_killing_the_launcher_stops_both_servers_and_a_new_one_starts(data: Path) -> None:
    data.mkdir()
    command = [sys.executable, "-c", STARTER, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        servers = [psutil.Process(int(pid)) for pid in launcher.stdout.readline().split()]
        launcher.kill()
    _, alive = psutil.wait_procs(servers, timeout=DEADLINE_S)
    with ExitStack() as again:
        again.callback(start_nats(data / "nats", fast=True).stop)
        again.callback(start_postgres(data / "postgres", fast=True).stop)

    assert (len(servers), alive) == (2, [])


def test_a_directory_in_use_is_refused_and_free_again_afterwards(data: Path) -> None:
    first = DataDirectory.claim(data)
    with pytest.raises(
        DirectoryRefused, match=f"in use by another launcher, process {os.getpid()}$"
    ):
        DataDirectory.claim(data)
    used = in_use(data)
    first.release()
    DataDirectory.claim(data).release()

    assert (used, in_use(data)) == (True, False)


def test_a_directory_with_files_of_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(DirectoryRefused, match="files that are not Jifen's"):
        DataDirectory.claim(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_removing_a_directory_leaves_nothing(data: Path) -> None:
    directory = DataDirectory.claim(data)
    directory.passwords(("ingest",))

    directory.remove()

    assert not data.exists()


def test_passwords_stay_the_same_and_only_their_owner_reads_them(data: Path) -> None:
    directory = DataDirectory.claim(data)
    first = directory.passwords(("ingest", "ledger"))
    again = directory.passwords(("ingest", "ledger"))
    directory.release()

    assert first == again
    assert len(set(first.values())) == 2
    assert (data / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_a_leftover_is_found_by_its_record_and_stopped(child: Child, tmp_path: Path) -> None:
    record_children(tmp_path, [child])

    stop_leftovers(tmp_path)

    assert child.process.wait(DEADLINE_S) in (-signal.SIGTERM, 0)


@pytest.mark.parametrize("difference", ["its start time", "its directory"])
def test_a_stranger_with_the_pid_of_a_leftover_is_left_alone(
    child: Child, tmp_path: Path, difference: str
) -> None:
    directory = tmp_path
    record_children(tmp_path, [child])
    record = tmp_path / "children.json"
    if difference == "its start time":
        started = str(psutil.Process(child.pid).create_time())
        assert started in record.read_text()
        record.write_text(record.read_text().replace(started, "1.0"))
    else:
        directory = tmp_path / "elsewhere"
        directory.mkdir()
        record.rename(directory / record.name)

    stop_leftovers(directory)

    assert child.alive()
