"""What a killed launcher left running, found again by pid, start time and directory."""

import json
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

from jifen_local.children import STOP_DEADLINE_S, Child
from jifen_local.private_files import write_private

RECORD = "children.json"
START_TIME_TOLERANCE_S = 2.0  # Clocks are set; a pid is not used again that fast.


def record_children(directory: Path, children: Iterable[Child]) -> None:
    """In the order they were started."""
    entries = [
        {
            "name": child.name,
            "pid": child.pid,
            "started": psutil.Process(child.pid).create_time(),
            "stop_signal": int(child.stop_signal),
        }
        for child in children
        if child.alive()
    ]
    write_private(directory / RECORD, json.dumps(entries, indent=2) + "\n")


def stop_leftovers(directory: Path) -> None:
    """Afterwards no recorded child of an earlier launcher runs."""
    record = directory / RECORD
    if not record.exists():
        return
    for entry in reversed(json.loads(record.read_bytes())):
        process = _same_process(entry["pid"], entry["started"], directory)
        if process is not None:
            _stop(process, signal.Signals(entry["stop_signal"]))
    record.unlink()


def _same_process(pid: int, started: float, directory: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        same_start = abs(process.create_time() - started) < START_TIME_TOLERANCE_S
        here = Path(process.cwd()).is_relative_to(directory.resolve())
    except psutil.Error:  # Gone, or not ours to look at.
        return None
    return process if same_start and here else None


def _stop(process: psutil.Process, stop_signal: signal.Signals) -> None:
    try:
        process.send_signal(stop_signal)
        process.wait(STOP_DEADLINE_S)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(STOP_DEADLINE_S)
    except psutil.NoSuchProcess:
        return
