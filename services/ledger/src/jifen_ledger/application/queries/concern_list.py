"""Lists of concerns: of a unit and everything below it, or of a visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_ledger.application.queries.boards import units_below
from jifen_ledger.application.queries.concern_days import days_of
from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    PersonName,
    shown_names,
)
from jifen_ledger.application.queries.refusals import NotFound, QueryInvalid
from jifen_ledger.application.queries.rights import reads_figures
from jifen_ledger.domain.concerns import Concern, standing_of

BEYOND_ALL = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which concerns: every filter that is given must fit."""

    unit: str | None = None
    state: str | None = None
    kind: str | None = None
    overdue: bool | None = None
    origin: str | None = None
    handler: str | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What the tables are asked for: units (None = all), filters, and the page below a seq."""

    units: Sequence[str] | None
    wanted: Wanted
    raiser: str | None
    today: date
    known_at: int
    below: int
    limit: int


class ConcernListReads(HolderReads, Protocol):
    """What is asked of many concerns."""

    async def concerns(self, found: Found) -> Sequence[Concern]:
        """Return the concerns that fit, the one raised last first."""


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """A concern at a glance; nothing in it tells who raised it."""

    seq: int
    concern: str
    unit: str
    unit_name_zh: str | None
    unit_name_en: str | None
    kind: str
    urgency: str
    state: str
    raised_on: str
    due: str
    overdue: bool
    in_use: str | None
    on_time: bool | None
    gross_days: int
    net_days: int
    confirmed_on: str | None
    handler: str | None
    handler_name_zh: str | None
    handler_name_en: str | None
    handler_unit: str | None
    parent: str | None
    origin: str | None


@dataclass(frozen=True, slots=True)
class ConcernList:
    """A page of concerns."""

    unit: str
    size: int
    concerns: Sequence[ConcernLine]
    next: str | None


async def concerns_of(
    reads: ConcernListReads, asked: Asked, wanted: Wanted, limit: int, cursor: str | None
) -> ConcernList:
    """Return a page of concerns. Raises Forbidden, NotFound, QueryInvalid."""
    reads_figures(asked.reader)
    if wanted.mine and asked.reader.member is None:
        raise QueryInvalid("The token names no member, so no concern is theirs.")
    unit = wanted.unit or asked.reader.scheme
    below = BEYOND_ALL
    if cursor is not None:
        [place] = read_cursor(cursor, int)
        assert isinstance(place, int)
        below = place
    found = await reads.concerns(
        Found(
            units=await units_within(reads, asked, unit),
            wanted=wanted,
            raiser=asked.reader.member if wanted.mine else None,
            today=asked.today,
            known_at=asked.size,
            below=below,
            limit=limit + 1,
        )
    )
    page = found[:limit]
    following = cursor_of(page[-1].seq) if len(found) > limit else None
    return ConcernList(unit, asked.size, await lines_of(reads, asked, page), following)


async def units_within(reads: HolderReads, asked: Asked, unit: str) -> Sequence[str] | None:
    """Return the unit and all below it today, None for the whole scheme. Raises NotFound."""
    root = asked.reader.scheme
    if unit == root:
        return None
    units = await reads.units()
    if unit not in units:
        raise NotFound("There is no such unit.")
    return [unit, *units_below(units, unit, asked.today, root)]


async def lines_of(
    reads: HolderReads, asked: Asked, concerns: Sequence[Concern]
) -> Sequence[ConcernLine]:
    """Return the concerns as lines, with the names of units and handlers."""
    named = {one.unit for one in concerns} | {one.handler for one in concerns}
    names = await shown_names(reads, asked, sorted(one for one in named if one is not None))
    return [line_of(one, asked.today, names) for one in concerns]


def line_of(concern: Concern, today: date, names: Mapping[str, PersonName]) -> ConcernLine:
    """Return one concern as a line."""
    days = days_of(concern, today)
    unit = names.get(concern.unit)
    handler = names.get(concern.handler or "")
    return ConcernLine(
        seq=concern.seq,
        concern=concern.concern,
        unit=concern.unit,
        unit_name_zh=None if unit is None else unit.zh,
        unit_name_en=None if unit is None else unit.en,
        kind=concern.kind,
        urgency=concern.urgency,
        state=standing_of(concern, today),
        raised_on=concern.raised_on.isoformat(),
        due=concern.due.isoformat(),
        overdue=days.overdue,
        in_use=None if concern.in_use is None else concern.in_use.isoformat(),
        on_time=days.on_time,
        gross_days=days.gross,
        net_days=days.net,
        confirmed_on=None if concern.confirmed_on is None else concern.confirmed_on.isoformat(),
        handler=concern.handler,
        handler_name_zh=None if handler is None else handler.zh,
        handler_name_en=None if handler is None else handler.en,
        handler_unit=concern.handler_unit,
        parent=concern.parent,
        origin=concern.origin,
    )
