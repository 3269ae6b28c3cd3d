"""Runs all benchmarks, one after the other; one that fails leaves the others their results."""

import argparse
import math
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

from tests.benchmarks.plan import BENCHMARKS, QUICK_IN_ALL_S, Benchmark

# What a stopped benchmark gets to stop its servers.
STOPS_WITHIN_S: Final = 15


def main() -> int:
    options = _options()
    chosen = [one for one in BENCHMARKS if one.module in (options.only or [one.module])]
    failed = failures(chosen, quick=options.quick, write=options.write)
    if failed:
        print(f"\nFailed: {'; '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def failures(chosen: Sequence[Benchmark], *, quick: bool, write: bool) -> list[str]:
    """Run the benchmarks; return which of them failed, and how."""
    failed = []
    ends = time.monotonic() + (QUICK_IN_ALL_S if quick else math.inf)
    for number, one in enumerate(chosen, start=1):
        began = time.monotonic()
        limit_s = max(0, min(one.quick_s if quick else one.whole_s, ends - began))
        place = f"{number} of {len(chosen)}, at most {limit_s:.0f} s"
        print(f"\n== {one.module}: {one.title} ({place})", flush=True)
        failure = run(command_of(one, quick=quick, write=write), limit_s)
        told = failure or "done"
        print(f"== {one.module}: {told}, after {time.monotonic() - began:.0f} s", flush=True)
        if failure:
            failed.append(f"{one.module} {failure}")
    return failed


def command_of(one: Benchmark, *, quick: bool, write: bool) -> list[str]:
    """Return the command of one benchmark; a quick run writes nothing unless it is told to."""
    load = one.quick if quick else one.whole
    dry = () if write or not quick else ("--dry",)
    return [sys.executable, "-m", f"tests.benchmarks.{one.module}", *load, *dry]


def run(command: Sequence[str], limit_s: float) -> str:
    """Return how the command failed, or nothing."""
    with subprocess.Popen(command) as process:
        try:
            code = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            _stop(process)
            return f"was stopped at its limit of {limit_s:.0f} s"
        except KeyboardInterrupt:
            # The terminal has told it too.
            process.wait(STOPS_WITHIN_S)
            raise
    return f"ended with {code}" if code else ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="*", choices=[one.module for one in BENCHMARKS])
    parser.add_argument("--quick", action="store_true", help="small loads; RESULTS.md stays")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md after a quick run")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
