"""What bulletins have published of one holder's year: the scores, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.adjusted import AdjustedScore, published_figures
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
    """One capacity in one published quarter, as the last revision froze it.

    `adjusted` is what a later bulletin made of it.
    """

    capacity: str
    quarter: str
    branch: str
    revision: int
    score: str | None
    partial: bool
    adjusted: AdjustedScore | None


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
    found = published_figures(await reads.published_of(id_, stands_on))
    return [
        PublishedLine(
            capacity=one.line.capacity,
            quarter=one.line.quarter,
            branch=one.line.branch,
            revision=one.line.revision,
            score=None if one.line.score is None else format_points(one.line.score),
            partial=one.line.partial,
            adjusted=one.adjusted_score,
        )
        for one in found
        if one.line.capacity in seen
    ]
