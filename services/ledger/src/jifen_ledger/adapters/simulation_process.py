"""Runs `jifen-ledger scheme simulate` as a process of its own, which yields to the projection."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson

from jifen_ledger.application.simulate_beside import Replayed
from jifen_ledger.domain.simulation.as_if import Span

DRAFT: Final = "draft.yaml"
# As `nice` has it: whatever else wants the processor comes first.
NICENESS: Final = 10
# As Linux has it: should memory run short, this is what it takes.
FIRST_TO_GO: Final = "1000"
# A line that the command means for people; a defect has a trace.
SAID: Final = (f"{DRAFT}: ", "jifen-ledger: ")


class SimulationProcess:
    """The command over the ledger's database; it opens one transaction that cannot write."""

    def __init__(self, url: str) -> None:
        """Read the past there."""
        self._url = url

    async def __call__(self, scheme: str, draft: str, span: Span) -> Replayed:
        """Replay the scheme's past under the draft's text; ended with whoever waits for it."""
        with tempfile.TemporaryDirectory(prefix="jifen-draft-") as place:
            (Path(place) / DRAFT).write_text(draft, encoding="utf-8")
            process = await asyncio.create_subprocess_exec(
                # Not even the draft's folder is a place to import from.
                *(sys.executable, "-P", "-m", "jifen_ledger", "scheme", "simulate", DRAFT),
                *("--scheme", scheme, "--json"),
                *("--from", span.from_.isoformat(), "--to", span.to.isoformat()),
                cwd=place,
                env={**os.environ, "JIFEN_DATABASE_URL": self._url},
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
            )
            try:
                _yield_to_others(process.pid)
                found, said = await process.communicate()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode == 0:
            return Replayed(orjson.loads(found), ())
        if process.returncode is not None and process.returncode < 0:
            return Replayed(None, (f"jifen-ledger: ended by signal {-process.returncode}",))
        lines = [line for line in said.decode().splitlines() if line.startswith(SAID)]
        if not lines:
            raise RuntimeError(f"The simulation ended with status {process.returncode}.")
        return Replayed(None, lines)


def _yield_to_others(pid: int) -> None:
    """Let the service have the processor first, and lose this process first to want of memory."""
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text(FIRST_TO_GO, encoding="ascii")
