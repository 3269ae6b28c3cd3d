"""The radar of A to D (F18): a holder's points by category as published, and the branch's median.

Nothing is counted anew: points are those of the line that the last revision of a branch froze, and
the median is that of the scored lines beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_high, median_low

from jifen_contracts.points import format_points, half_up
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.application.queries.holders import (
    Asked,
    known_holder,
    policy_of,
    version_for,
)
from jifen_ledger.application.queries.moments import whole_quarters
from jifen_ledger.application.queries.publications import (
    Publication,
    PublicationReads,
    PublishedRevision,
    publications_of_holder,
    revisions_of,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import View, require, view_of
from jifen_ledger.application.queries.rights_of_boards import fewest_shown, mean_shown
from jifen_ledger.domain.published_lines import PublishedLine

# Shares are percentages with one decimal, in tenths like points.
WHOLE = 1000


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """One category: points, and their share in percent of what the holder gained in all four.

    A category whose deductions outweigh it has the share 0; without any gain there are no shares.
    `median` and `median_share` are the middle of the branch's scored holders.
    """

    category: str
    name_zh: str
    name_en: str
    points: str
    share: str | None
    median: str | None
    median_share: str | None


@dataclass(frozen=True, slots=True)
class CapacityRadar:
    """One capacity; `n` counts the scored holders that the medians are of.

    Medians are null below `min_n` where they would tell what the policy hides.
    """

    capacity: str
    score: str | None
    partial: bool
    n: int
    min_n: int
    axes: Sequence[RadarAxis]


@dataclass(frozen=True, slots=True)
class Radar:
    """A holder's quarter as the revision has it."""

    holder: str
    period: str
    size: int
    revision: PublishedRevision
    capacities: Sequence[CapacityRadar]


async def radar_of(reads: PublicationReads, asked: Asked, id_: str, quarter: str) -> Radar:
    """Return the radar. Raises NotFound before publication, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    document = version_for(await reads.versions(), quarter).document
    ruling = version_for(await reads.versions_now(), quarter).document
    views = {
        capacity: view_of(asked.reader, holder, capacity, policy_of(ruling, capacity))
        for capacity in (("unit",) if holder.of_unit else ("member", "committee"))
    }
    seen = [one for one, view in views.items() if view.value >= View.SHEET.value]
    require(allowed=bool(seen))
    if quarter not in whole_quarters(quarter, asked.as_of):
        raise NotFound("The quarter was not over by that day, and nothing of it published.")
    stands_on = await publications_of_holder(reads, asked, holder, quarter)
    lines, revision = await _published(reads, stands_on, id_)
    min_n = fewest_shown(asked.reader, document.ranking.min_n, ruling.ranking.min_n)
    own = [one for one in lines if one.holder == id_ and one.capacity in seen]
    require(allowed=bool(own))
    capacities = []
    for line in own:
        policy = policy_of(ruling, line.capacity)
        beside = [one for one in lines if one.capacity == line.capacity and one.score is not None]
        shown = mean_shown(asked.reader, policy, len(beside), min_n)
        capacities.append(_capacity(document, line, beside, min_n, shown=shown))
    return Radar(id_, quarter, asked.size, revisions_of([revision], asked)[0], capacities)


async def _published(
    reads: PublicationReads, stands_on: Sequence[Publication], holder: str
) -> tuple[Sequence[PublishedLine], Publication]:
    """Return the lines of the revision frozen last that lists the holder. Raises NotFound."""
    own = [one for one in await reads.published_of(holder, stands_on) if not one.adjusts]
    if not own:
        raise NotFound("No bulletin of that quarter that is published lists the holder.")
    revision = next(one for one in stands_on if one.seq == own[-1].seq)
    return await reads.published_in(revision), revision


def _capacity(
    document: SchemeDocument,
    line: PublishedLine,
    beside: Sequence[PublishedLine],
    min_n: int,
    *,
    shown: bool,
) -> CapacityRadar:
    score = line.figures.score
    axes = []
    for category in document.categories:
        code = category.code
        share = _share(line, code)
        points = [_points(one, code) for one in beside] if shown else []
        shares = [found for one in beside if (found := _share(one, code)) is not None]
        axes.append(
            RadarAxis(
                category=code,
                name_zh=category.name_zh,
                name_en=category.name_en,
                points=format_points(_points(line, code)),
                share=None if share is None else format_points(share),
                median=_median(points),
                median_share=_median(shares if shown else []),
            )
        )
    return CapacityRadar(
        capacity=line.capacity,
        score=None if score is None else format_points(score),
        partial=line.partial,
        n=len(beside),
        min_n=min_n,
        axes=axes,
    )


def _points(line: PublishedLine, category: str) -> int:
    return line.figures.categories.get(category, 0)


def _share(line: PublishedLine, category: str) -> int | None:
    gains = [max(0, tenths) for tenths in line.figures.categories.values()]
    if not any(gains):
        return None
    return half_up(WHOLE * max(0, _points(line, category)), sum(gains))


def _median(values: Sequence[int]) -> str | None:
    """Return the middle one; between two, their mean, half of a tenth rounded up."""
    if not values:
        return None
    return format_points((median_low(values) + median_high(values) + 1) // 2)
