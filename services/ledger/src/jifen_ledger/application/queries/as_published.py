"""What others see of a holder: the sheet as the last bulletin froze it, whatever came later.

A bulletin is a function of the records up to its own (domain.md §5.4). So the sheet behind a
published score is the one that was known after the record that froze it (§7).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.moments import whole_quarters
from jifen_ledger.application.queries.publications import (
    Publication,
    PublicationReads,
    of_quarters,
    publications_of_holder,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Holder

R = TypeVar("R", bound=PublicationReads)


async def as_seen(
    reads: R,
    then: Callable[[int], R],
    asked: Asked,
    holder: Holder,
    period: str,
    *,
    live: bool,
) -> tuple[R, Asked, Sequence[Publication]]:
    """Return what answers, and where the branches of the holder's period stand.

    That is the moment that is asked for where the reader sees live figures, else that of the
    revision frozen last in the period. Raises NotFound before there is one.
    """
    stands_on = await publications_of_holder(reads, asked, holder, period)
    if live:
        return reads, asked, stands_on
    told = of_quarters(stands_on, whole_quarters(period, asked.as_of))
    told = [one for one in told if one.seq is not None]
    if not told:
        raise NotFound("No bulletin of that period is published yet.")
    seq = max(one.seq for one in told if one.seq is not None)
    return then(seq), replace(asked, size=seq), told
