"""A visit and the concerns that it brought back: how far each of them has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jifen_ledger.application.queries.concern_list import (
    BEYOND_ALL,
    ConcernLine,
    ConcernListReads,
    Found,
    Wanted,
    lines_of,
)
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import reads_figures
from jifen_ledger.domain.concerns import RAISED

CONCERNS_MAX = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the concerns have come how far; each is counted once."""

    raised: int
    assigned: int
    resolved: int
    confirmed: int
    overdue: int


@dataclass(frozen=True, slots=True)
class VisitAnswer:
    """A visit by its deed. It counts once all its concerns have handlers (A05)."""

    visit: str
    size: int
    all_assigned: bool
    progress: Progress
    concerns: Sequence[ConcernLine]


async def visit_of(reads: ConcernListReads, asked: Asked, deed: str) -> VisitAnswer:
    """Return the concerns that name the visit as origin. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    wanted = Wanted(origin=deed)
    found = await reads.concerns(
        Found(None, wanted, None, asked.today, asked.size, BEYOND_ALL, CONCERNS_MAX)
    )
    if not found:
        raise NotFound("No concern names this visit.")
    lines = await lines_of(reads, asked, found)
    states = [one.state for one in lines]
    progress = Progress(
        raised=len(lines),
        assigned=sum(one.handler is not None for one in lines),
        resolved=sum(one.is_closed for one in found),
        confirmed=states.count("confirmed"),
        overdue=sum(one.overdue for one in lines),
    )
    return VisitAnswer(deed, asked.size, RAISED not in states, progress, lines)
