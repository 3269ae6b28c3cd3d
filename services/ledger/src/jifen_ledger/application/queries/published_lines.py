"""What bulletins have published of one holder's year: the frozen scores, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.frozen_figures import frozen_lines
from jifen_ledger.application.queries.holders import (
    Asked,
    known_holder,
    policy_of,
    version_for,
)
from jifen_ledger.application.queries.publications import (
    PublicationReads,
    publications_of_holder,
)
from jifen_ledger.application.queries.rights import View, require, view_of


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """One capacity in one published quarter, as the last revision froze it."""

    capacity: str
    quarter: str
    branch: str
    revision: int
    score: str | None
    partial: bool


async def published_lines(
    reads: PublicationReads, asked: Asked, id_: str, year: str
) -> Sequence[PublishedLine]:
    """Return the holder's lines of a year, the one frozen last at the end.

    Raises NotFound, Forbidden.
    """
    holder = await known_holder(reads, asked, id_)
    ruling = version_for(await reads.versions_now(), year).document
    seen = [
        capacity
        for capacity in (("unit",) if holder.of_unit else ("committee", "member"))
        if view_of(asked.reader, holder, capacity, policy_of(ruling, capacity)).value
        >= View.SHEET.value
    ]
    require(allowed=bool(seen))
    stands_on = await publications_of_holder(reads, asked, holder, year)
    published = [one for one in stands_on if one.revision]
    return [
        PublishedLine(
            capacity=line.capacity,
            quarter=bulletin.quarter,
            branch=bulletin.branch,
            revision=bulletin.revision,
            score=None if line.figures.score is None else format_points(line.figures.score),
            partial=line.partial,
        )
        for bulletin in (await reads.sheets(published) if published else ())
        for line in frozen_lines(bulletin)
        if line.holder == id_ and line.capacity in seen
    ]
