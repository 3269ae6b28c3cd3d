"""What branches have published of their quarters: what figures stand on, and what is provisional.

A figure is provisional until every branch that it belongs to has published its quarter, and that of
a year until the year is over and all its quarters are published (domain.md §5.3, §7).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_ledger.application.queries.boards import branch_of
from jifen_ledger.application.queries.bulletins import sheet_hash, sheet_opened
from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.application.queries.moments import (
    last_day,
    quarters_within,
    whole_quarters,
)
from jifen_ledger.application.queries.rights import Holder
from jifen_ledger.domain.published_lines import PublishedLine


@dataclass(frozen=True, slots=True)
class Publication:
    """The last revision of a branch's quarter; `revision` is 0 where none is published.

    `deeds` tells whether anybody claimed a deed of the quarter in the branch.
    """

    branch: str
    quarter: str
    revision: int
    seq: int | None
    content_hash: str | None
    branch_hash: str | None
    deeds: bool = True


class PublicationReads(HolderReads, Protocol):
    """What is asked of what was published."""

    async def publications(
        self, branches: Collection[str], quarters: Collection[str]
    ) -> Sequence[Publication]:
        """Return one row for each of the branches and quarters."""

    async def publications_of(
        self, member: str, quarters: Collection[str]
    ) -> Sequence[Publication]:
        """Return one row for each quarter and branch that was the member's home on a day of it."""

    async def adjusting(
        self, branches: Collection[str], quarters: Collection[str]
    ) -> Sequence[Publication]:
        """Return the bulletins of later quarters that list adjustments of these."""

    async def published_in(self, revision: Publication) -> Sequence[PublishedLine]:
        """Return what a revision says of everybody in its quarter."""

    async def published_of(
        self, holder: str, told: Collection[Publication]
    ) -> Sequence[PublishedLine]:
        """Return what these revisions say of the holder, and later ones of their quarters.

        The line published last is at the end.
        """


@dataclass(frozen=True, slots=True)
class PublishedRevision:
    """A bulletin's revision that figures stand on, with the sheet that the reader may open.

    `hash` is that of the sheet; who sees a part of one, or none, has nothing to compare it with.
    """

    branch: str
    quarter: str
    revision: int
    seq: int
    sheet: str | None
    hash: str | None


@dataclass(frozen=True, slots=True)
class AwaitedBulletin:
    """A quarter of a branch in which deeds were claimed and nothing is published yet."""

    branch: str
    quarter: str


async def publications_of_holder(
    reads: PublicationReads, asked: Asked, holder: Holder, period: str
) -> Sequence[Publication]:
    """Return where the branches stand that the holder belonged to in the quarters of a period."""
    quarters = quarters_within(period)
    if not holder.of_unit:
        return await reads.publications_of(holder.id, quarters)
    units = await reads.units()
    root = asked.reader.scheme
    homes = {one: branch_of(units, holder.id, last_day(one, None), root) for one in quarters}
    found = await reads.publications(sorted(set(homes.values())), quarters)
    return [one for one in found if homes[one.quarter] == one.branch]


def told_by(
    found: Sequence[Publication], asked: Asked, period: str, *, published: bool
) -> Sequence[Publication]:
    """Return what matters to figures of the period: what is published, and what was done.

    Published figures with a day of deeds leave out the quarters that were not over by it.
    """
    whole = whole_quarters(period, asked.as_of) if published else quarters_within(period)
    return [one for one in found if one.quarter in whole and (one.revision or one.deeds)]


def is_provisional(found: Sequence[Publication], asked: Asked, period: str) -> bool:
    """Tell whether live figures are provisional; `found` are the quarters that they belong to."""
    if "Q" not in period and asked.today <= last_day(period, None):
        return True
    return not found or any(not one.revision for one in found)


async def with_adjusting(
    reads: PublicationReads, found: Sequence[Publication], period: str
) -> Sequence[Publication]:
    """Return, for a year, also the bulletins after it that list adjustments of its quarters.

    A late fact makes no revision: it is in the next bulletin, and the year counts it (§5.4).
    """
    told = [one for one in found if one.revision]
    if "Q" in period or not told:
        return found
    quarters = sorted({one.quarter for one in told})
    known = {(one.branch, one.quarter) for one in found}
    later = await reads.adjusting(sorted({one.branch for one in told}), quarters)
    return [*found, *(one for one in later if (one.branch, one.quarter) not in known)]


def of_quarters(found: Sequence[Publication], quarters: Collection[str]) -> Sequence[Publication]:
    """Return those of some quarters."""
    return [one for one in found if one.quarter in quarters]


def revisions_of(found: Sequence[Publication], asked: Asked) -> Sequence[PublishedRevision]:
    """Return what is published, as it is named to the reader."""
    named = []
    for one in found:
        if one.seq is not None:
            sheet = sheet_opened(asked.reader, one.branch)
            hashed = sheet_hash(sheet, one.content_hash, one.branch_hash)
            named.append(
                PublishedRevision(one.branch, one.quarter, one.revision, one.seq, sheet, hashed)
            )
    return named


def awaited_of(found: Sequence[Publication]) -> Sequence[AwaitedBulletin]:
    """Return where something was done and nothing is published."""
    return [
        AwaitedBulletin(one.branch, one.quarter) for one in found if one.deeds and not one.revision
    ]
