"""The targets in their order, the rows that tell how far they are met, and why some are not."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

HEADINGS: Final = ("what", "limit", "ours", "ratio", "target", "met")
HEAD: Final = (f"| {' | '.join(HEADINGS)} |", f"|{' --- |' * len(HEADINGS)}")
TRIED: Final = "Tried: "
NOT_TOLD: Final = f"{TRIED}not told yet."
NOT_SHOWN: Final = "Which part is the bottleneck is not measured yet."

# What is measured, and what the ratio should be: at least (">=") or at most ("<=").
WANTED: Final[Mapping[str, tuple[str, float]]] = {
    "HTTP batches of 1,000": (">=", 0.5),
    "HTTP singles, 256 connections": (">=", 0.5),
    "HTTP singles, 256 connections, to one publish each": (">=", 3),
    "HTTP singles, 64 connections, to one publish each": (">=", 1.5),
    "HTTP singles, events per server CPU-second, to a no-op route": (">=", 0.4),
    "NATS request/reply, to HTTP singles": (">=", 1),
    "Projection, whole fold, stream to committed": (">=", 0.5),
    "Projection, to the tutorial way": (">=", 40),
    "Rebuild of 1,000,000 events, to COPY of the same rows": (">=", 0.45),
    "Rebuild, ten times the events, to ten times the time": ("<=", 1.1),
    "Rebuild, resident memory, to 400 MB": ("<=", 1),
    "Rank among 1,000,000, p50, to Redis": ("<=", 1.5),
    "Top 100 of 1,000,000, p50, to Redis": ("<=", 1.5),
    "Neighbours among 1,000,000, p50, to Redis": ("<=", 1.5),
    "Rank, top 100, neighbours, slowest p99, to 1 ms": ("<=", 1),
    "Rank among 1,000,000, p50, to a rank among 1,000": ("<=", 1.5),
    "From POST to visible at 200 events/s, p99, to 100 ms": ("<=", 1),
    "The verifiable log, targets of tlog.md §15 that are met, to all": (">=", 1),
}


class Target(NamedTuple):
    """One row: what is measured, both figures with their units, and their ratio.

    `because` tells from the same measurement why the target would not be met.
    """

    what: str
    limit: str
    ours: str
    ratio: float
    because: str = ""

    @property
    def met(self) -> bool:
        order, wanted = WANTED[self.what]
        return self.ratio >= wanted if order == ">=" else self.ratio <= wanted

    def row(self) -> str:
        figures = (self.limit, self.ours, f"{self.ratio:.2f}")
        return _row(self.what, *figures, "yes" if self.met else "no")


def table_of(before: str, targets: Iterable[Target]) -> str:
    """Return the table with these rows in place of those that told of the same."""
    rows = {_what(row): row for row in before.splitlines()[len(HEAD) :]}
    rows |= {target.what: target.row() for target in targets}
    unmeasured = ("", "", "", "not measured")
    return "\n".join([*HEAD, *(rows.get(what) or _row(what, *unmeasured) for what in WANTED)])


def unmet_of(before: str, table: str, targets: Iterable[Target]) -> str:
    """Return a paragraph for each row that is not met; what was tried is written by hand."""
    texts = dict(part.split("\n\n", 1) for part in f"\n\n{before}".split("\n\n### ")[1:])
    for target in targets:
        tried = texts.get(target.what, "").partition(TRIED)[2].strip()
        told = TRIED + tried if tried else NOT_TOLD
        texts[target.what] = f"{target.because or NOT_SHOWN}\n\n{told}"
    unmet = [_what(row) for row in table.splitlines() if row.endswith("| no |")]
    untold = f"{NOT_SHOWN}\n\n{NOT_TOLD}"
    return "\n\n".join(f"### {what}\n\n{texts.get(what, untold).strip()}" for what in unmet)


def _row(what: str, limit: str, ours: str, ratio: str, met: str) -> str:
    order, wanted = WANTED[what]
    return f"| {' | '.join((what, limit, ours, ratio, f'{order} {wanted:g}', met))} |"


def _what(row: str) -> str:
    return row.removeprefix("| ").split(" | ")[0]
