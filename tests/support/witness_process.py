"""Witnesses as the processes that somebody else runs, each with a folder of its own."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jifen_ledger.log.keys import VerifierKey
from jifen_witness.adapters.files import STATE, create_key
from jifen_witness.adapters.state_file import StateFile

STARTS_S = 30
STOPS_S = 30
COMMAND = [sys.executable, "-P", "-m", "jifen_witness"]


class WitnessProcess:
    """One witness; killed and started again it is the same one, at the same address."""

    def __init__(self, directory: Path, name: str, logs: Sequence[VerifierKey]) -> None:
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None
        self.key = create_key(directory, name)
        StateFile.create(directory / STATE)
        self._logs = directory / "logs"
        self._logs.write_text("".join(f"{key.text}\n" for key in logs))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        arguments = ["serve", "--dir", str(self._directory), "--logs", str(self._logs)]
        with (self._directory / "said").open("ab") as said:
            self._process = subprocess.Popen(
                [*COMMAND, *arguments, "--port", str(self._port)], stderr=said
            )
        end = time.monotonic() + STARTS_S
        with socket.socket() as probe:
            while probe.connect_ex(("127.0.0.1", self._port)):
                assert self._process.poll() is None, (self._directory / "said").read_text()
                assert time.monotonic() < end, "the witness does not listen"

    def kill(self) -> None:
        """End it as a power cut would."""
        self.end(signal.SIGKILL)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        assert self._process is not None
        self._process.send_signal(by)
        return self._process.wait(STOPS_S)

    def status(self) -> str:
        """What its operator is told."""
        done = subprocess.run(
            [*COMMAND, "status", "--dir", str(self._directory)],
            capture_output=True,
            text=True,
            check=False,
            timeout=STARTS_S,
        )
        return done.stdout

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.end(signal.SIGKILL)


@contextmanager
def running_witness(directory: Path, name: str, *logs: VerifierKey) -> Iterator[WitnessProcess]:
    """A witness that watches the logs."""
    directory.mkdir(exist_ok=True)
    process = WitnessProcess(directory, name, logs)
    try:
        process.start()
        yield process
    finally:
        process.stop()
