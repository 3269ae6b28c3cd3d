"""Child processes that stop in order, and never outlive the process that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

STOP_DEADLINE_S = 20.0
READY_DEADLINE_S = 60.0
READY_POLL_S = 0.02
PR_SET_PDEATHSIG = 1  # Linux's number, from sys/prctl.h.

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartFailed(RuntimeError):  # noqa: N818 - told in one line, not traced
    """A child did not become ready; the message is one line, the log has the rest."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """Afterwards the process is gone: asked first, killed after the deadline."""
        if self.alive():
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def last_words(self) -> str:
        """The last line of its log that says something, and where the rest is."""
        with self.log.open(encoding="utf-8", errors="replace") as lines:
            last = deque((line.strip() for line in lines if line.strip()), 1)
        return f"{' '.join(last) or 'no word of it'} (see {self.log})"


def start_child(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    directory: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    before_exec: Callable[[], None] | None = None,
) -> Child:
    """The working directory is what tells a leftover of ours from a stranger with its pid."""
    # Linux sends the death signal when the starting *thread* ends, not the process.
    assert threading.current_thread() is threading.main_thread()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env={**os.environ, **(environment or {})},
            # Ctrl-C reaches the launcher only, which then stops its children in order.
            start_new_session=True,
            preexec_fn=partial(_prepare, os.getpid(), stop_signal, before_exec),  # noqa: PLW1509
        )
    return Child(name, process, log, stop_signal)


def wait_until(
    ready: Callable[[], bool], child: Child, deadline_s: float = READY_DEADLINE_S
) -> None:
    """Returns once `ready()` holds; raises StartFailed when the child ends or time is up."""
    deadline = time.monotonic() + deadline_s
    while not ready():
        if not child.alive():
            raise StartFailed(
                f"{child.name} ended with status {child.process.returncode}: {child.last_words()}"
            )
        if time.monotonic() > deadline:
            raise StartFailed(
                f"{child.name} was not ready after {deadline_s:.0f} s: {child.last_words()}"
            )
        time.sleep(READY_POLL_S)


def _prepare(
    parent: int, death_signal: signal.Signals, before_exec: Callable[[], None] | None
) -> None:
    if before_exec is not None:
        before_exec()
    # After any change of user, because that clears the death signal.
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # The parent died before the signal was in place.
            os._exit(1)
