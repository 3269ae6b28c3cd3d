"""What bulletins have published of one holder's year: the scores, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jifen_contracts.periods import quarters_of
from jifen_contracts.points import format_points
from jifen_ledger.application.queries.adjusted import AdjustedScore, published_figures
from jifen_ledger.application.queries.holders import (
    Asked,
    known_holder,
    policy_of,
    version_for,
)
from jifen_ledger.application.queries.publications import publications_of_holder
from jifen_ledger.application.queries.rights import View, require, view_of
from jifen_ledger.application.queries.scores import FigureReads
from jifen_ledger.domain.unit_mean import MemberDays, year_score


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


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A holder's lines of a year, and by capacity the score that they give, adjustments included.

    A year score is null where no quarter was scored.
    """

    lines: Sequence[PublishedLine]
    scores: Mapping[str, str | None]


async def published_year(reads: FigureReads, asked: Asked, id_: str, year: str) -> PublishedYear:
    """Return what is published of the holder's year. Raises NotFound, Forbidden."""
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
    every = published_figures(await reads.published_of(id_, stands_on))
    found = [one for one in every if one.line.capacity in seen]
    scores: dict[str, str | None] = {}
    for capacity in dict.fromkeys(one.line.capacity for one in found):
        days = await reads.days(holder, capacity, quarters_of(year))
        score = year_score(
            MemberDays(counted, days.get(one.line.quarter, 0))
            for one in found
            if one.line.capacity == capacity and (counted := one.counted.score) is not None
        )
        scores[capacity] = None if score is None else format_points(score)
    lines = [
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
    ]
    return PublishedYear(lines, scores)
