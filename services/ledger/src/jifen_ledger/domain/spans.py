"""How long what a register says holds, when later rows take its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol


class Dated(Protocol):
    """A row of a register that holds from a day on."""

    @property
    def seq(self) -> int:
        """The record that said it."""

    @property
    def from_(self) -> date:
        """The first day."""


class Holding(NamedTuple):
    """Until when a row holds; one that another row has replaced whole holds on no day."""

    end: date | None
    replaced_by: int | None = None


def overridden(rows: Sequence[Dated], ends: Sequence[date | None]) -> list[Holding]:
    """Return how long rows hold of which the last recorded decides from its day on.

    `rows` are in stream order, `ends` are their own. Units and panels are kept so: a later record
    with an earlier day takes the place of everything from that day on.
    """
    found: list[Holding] = []
    next_day: date | None = None
    later: list[Dated] = []
    for row, own in zip(reversed(rows), reversed(ends), strict=True):
        if next_day is not None and next_day <= row.from_:
            by = min(one.seq for one in later if one.from_ <= row.from_)
            found.append(Holding(row.from_, by))
        else:
            days = [day for day in (own, next_day) if day is not None]
            found.append(Holding(min(days, default=None)))
            next_day = row.from_
        later.append(row)
    return found[::-1]


def succeeded(rows: Sequence[Dated]) -> list[Holding]:
    """Return how long rows hold of which the latest day decides, and of one day the last recorded.

    Standings are kept so: what is told late of an earlier day does not end what came after it.
    """
    ordered = sorted(rows, key=lambda row: (row.from_, row.seq))
    found: dict[int, Holding] = {}
    for row, following in zip(ordered, [*ordered[1:], None], strict=True):
        if following is None:
            found[row.seq] = Holding(None)
        elif following.from_ == row.from_:
            found[row.seq] = Holding(row.from_, following.seq)
        else:
            found[row.seq] = Holding(following.from_)
    return [found[row.seq] for row in rows]
