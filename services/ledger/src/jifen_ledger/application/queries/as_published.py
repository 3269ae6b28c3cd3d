"""What others see of a holder: each quarter as the bulletin has it that its figures are from.

A bulletin is a function of the records up to its own (domain.md §5.4). So the sheet behind a
published score is the one that was known after the record that froze it (§7). A year counts what
later bulletins adjusted, and its sheet does so, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from jifen_ledger.application.queries.adjusted import published_at
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.moments import quarters_within, whole_quarters
from jifen_ledger.application.queries.publications import (
    Publication,
    PublicationReads,
    of_quarters,
    publications_of_holder,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Holder


@dataclass(frozen=True, slots=True)
class Seen:
    """At which size of the log the quarters are seen, by capacity and quarter.

    `stands_on` is where the holder's branches stand.
    """

    sizes: Mapping[str, Mapping[str, int]]
    stands_on: Sequence[Publication]

    @property
    def size(self) -> int:
        """The last of them."""
        return max(size for quarters in self.sizes.values() for size in quarters.values())


async def as_seen(
    reads: PublicationReads,
    asked: Asked,
    holder: Holder,
    capacities: Collection[str],
    period: str,
    *,
    live: bool,
) -> Seen:
    """Return when each quarter of the period is seen.

    That is the moment that is asked for where the reader sees live figures, else that of the line
    that is published. Raises NotFound before there is one.
    """
    stands_on = await publications_of_holder(reads, asked, holder, period)
    if live:
        now = dict.fromkeys(quarters_within(period), asked.size)
        return Seen(dict.fromkeys(capacities, now), stands_on)
    told = of_quarters(stands_on, whole_quarters(period, asked.as_of))
    lines = await reads.published_of(holder.id, told)
    sizes = {capacity: published_at(lines, capacity, period) for capacity in capacities}
    if not any(sizes.values()):
        raise NotFound("No bulletin of that period is published yet.")
    return Seen(sizes, [one for one in told if one.revision])
