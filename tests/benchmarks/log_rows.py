"""The rows of tlog.md §15: what is measured, a limit of the same run, the target, if it is met."""

from collections.abc import Callable, Sequence
from time import perf_counter, process_time
from typing import Final, NamedTuple

from tests.benchmarks.targets import Target

HEAD: Final = ("| what | limit | ours | target | met |", "| --- | --- | --- | --- | --- |")
MET: Final = "The verifiable log, targets of tlog.md §15 that are met, to all"
# The least of a few runs is the one that others on the machine disturbed least.
RUNS: Final = 5


class Row(NamedTuple):
    """One figure; `met` is None where there is no target."""

    what: str
    limit: str
    ours: str
    target: str = ""
    met: bool | None = None

    @property
    def text(self) -> str:
        met = "" if self.met is None else "yes" if self.met else "no"
        return f"| {self.what} | {self.limit} | {self.ours} | {self.target} | {met} |"


def rate_row(what: str, limit: float, ours: float, target: float) -> Row:
    """A number a second, at least the target."""
    shown = (f"{limit:,.0f}/s", f"{ours:,.0f}/s", f">= {target:,.0f}/s")
    return Row(what, *shown, ours >= target)


def time_row(what: str, limit: str, ours: float, target: float, unit: str, digits: int = 1) -> Row:
    """A time or a size, at most the target, in the unit."""
    shown = (f"{ours:,.{digits}f} {unit}", f"<= {target:,g} {unit}")
    return Row(what, limit, *shown, ours <= target)


def each_s(work: Callable[[], object], number: int = 1) -> float:
    """Return the least CPU time of a few runs, for each of the number."""
    took = []
    for _ in range(RUNS):
        began = process_time()
        work()
        took.append(process_time() - began)
    return min(took) / number


def by_clock(work: Callable[[], object]) -> float:
    """Return the seconds of one run."""
    began = perf_counter()
    work()
    return perf_counter() - began


def target_of(rows: Sequence[Row]) -> Target:
    """Return the row that stands for all of them among the targets."""
    wanted = [row for row in rows if row.met is not None]
    met = sum(row.met is True for row in wanted)
    missed = "; ".join(
        f"{row.what}: {row.ours}, wanted {row.target}" for row in wanted if row.met is False
    )
    return Target(MET, str(len(wanted)), str(met), met / len(wanted), missed)
