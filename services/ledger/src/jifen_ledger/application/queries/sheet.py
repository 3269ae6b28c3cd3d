"""A holder's sheet: the items of the catalogue with done, required and what the caps leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_contracts.scheme.catalogue import Catalogue, Item, Line, effective_catalogue
from jifen_ledger.application.queries.as_published import as_seen
from jifen_ledger.application.queries.claims import ClaimReads
from jifen_ledger.application.queries.holders import (
    Asked,
    known_holder,
    policy_of,
    ruling_document,
    version_for,
)
from jifen_ledger.application.queries.moments import quarters_within, span_of
from jifen_ledger.application.queries.publications import (
    PublicationReads,
    is_provisional,
)
from jifen_ledger.application.queries.rights import (
    Holder,
    View,
    require,
    sees_pending,
    view_of,
)
from jifen_ledger.application.queries.sheet_tally import ClaimsThen, Tally
from jifen_ledger.domain.registers import COMMITTEE_ROLES, Member, Unit

MONTHS_IN_QUARTER = 3


class SheetReads(ClaimReads, PublicationReads, Protocol):
    """What is asked for a sheet."""

    async def member(self, id_: str) -> Member | None:
        """Return the member's time lines."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One capacity of an item in the quarter, or in the year, which has no cap of a quarter.

    Base lines: `done` of `most` points, `applicable` of verified facts. Bonus lines: `done` is
    effective, `left_…` what the caps leave. Deductions: `done` is what was taken.
    """

    capacity: str
    kind: str
    mode: str
    done: str
    most: str | None
    applicable: str | None
    required: int | None
    month_cap: str | None
    quarter_cap: str | None
    year_cap: str | None
    left_quarter: str | None
    left_year: str | None
    claims_verified: int
    claims_open: int | None


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One of the items; `applies` is false where the overlay of post or class excludes it."""

    code: str
    category: str
    name_zh: str
    name_en: str
    focus: str
    tags: Sequence[str]
    applies: bool
    lines: Sequence[SheetLine]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one holder and quarter, or year."""

    holder: str
    period: str
    size: int
    provisional: bool
    deductions_shown: bool
    version: int
    catalogue: str
    posts: Sequence[str]
    items: Sequence[SheetItem]


async def sheet_of(
    reads: SheetReads, then: Callable[[int], SheetReads], asked: Asked, id_: str, period: str
) -> Sheet:
    """Return the sheet: live to whom it is shown whole, else as published.

    Raises NotFound, Forbidden.
    """
    holder = await known_holder(reads, asked, id_)
    views = await _views(reads, asked, holder)
    require(allowed=bool(views))
    whole = all(view is View.EVERYTHING for view in views.values())
    seen = await as_seen(reads, asked, holder, views, period, live=whole)
    last = reads if whole else then(seen.size)
    versions = await last.versions()
    span = span_of(period, asked.as_of)
    version = version_for(versions, period, asked.as_of)
    member = None if holder.of_unit else await last.member(id_)
    if "committee" in views and not (member is not None and _in_office(member, *span)):
        del views["committee"]
    posts, unit_class = _overlay(await last.units(), holder, member, *span)
    catalogue = effective_catalogue(version.document, posts, unit_class)
    moments = {
        size: ClaimsThen(
            versions, await (reads if whole else then(size)).claims_of(id_), year=period[:4]
        )
        for size in {size for quarters in seen.sizes.values() for size in quarters.values()}
    }
    pending = sees_pending(asked.reader, holder)
    tallies = {
        capacity: Tally(
            capacity,
            {quarter: moments[size] for quarter, size in seen.sizes[capacity].items()},
            pending=pending,
        )
        for capacity in views
    }
    every = effective_catalogue(version.document, frozenset(), None)
    items = [_item(catalogue, every, code, views, tallies, period) for code in every.items]
    return Sheet(
        holder=id_,
        period=period,
        size=seen.size,
        provisional=is_provisional(seen.stands_on, asked, period),
        deductions_shown=whole,
        version=version.version,
        catalogue=catalogue.hash,
        posts=sorted(posts),
        items=items,
    )


async def _views(reads: SheetReads, asked: Asked, holder: Holder) -> dict[str, View]:
    document = await ruling_document(reads, asked)
    capacities = ("unit",) if holder.of_unit else ("committee", "member")
    views = {
        capacity: view_of(asked.reader, holder, capacity, policy_of(document, capacity))
        for capacity in capacities
    }
    return {name: view for name, view in views.items() if view.value >= View.SHEET.value}


def _in_office(member: Member, first: date, end: date) -> bool:
    """Tell whether the member held an office of a branch committee within the days."""
    return any(
        one.role in COMMITTEE_ROLES and one.from_ < end and (one.to is None or one.to > first)
        for one in member.assignments
    )


def _overlay(
    units: Mapping[str, Unit], holder: Holder, member: Member | None, first: date, end: date
) -> tuple[frozenset[str], str | None]:
    """Return posts and unit class on the last of the days with a home branch."""
    last = date.fromordinal(end.toordinal() - 1)
    if member is None:
        state = units[holder.id].on(last)
        return frozenset(), None if state is None else state.class_
    day = _last_day_at_home(member, first, end) or last
    offices = member.holds(day, COMMITTEE_ROLES)
    named = {"secretary" if one.role == "secretary" else one.post for one in offices}
    home = member.home_branch(day)
    registered = None if home is None else units[home].on(day)
    posts = frozenset(post for post in named if post is not None)
    return posts, None if registered is None else registered.class_


def _last_day_at_home(member: Member, first: date, end: date) -> date | None:
    ends = [
        min(day for day in (one.to, end) if day is not None)
        for one in member.assignments
        if one.role == "member" and one.from_ < end
    ]
    last = max(ends, default=first)
    return date.fromordinal(last.toordinal() - 1) if last > first else None


def _item(
    catalogue: Catalogue,
    whole: Catalogue,
    code: str,
    views: Mapping[str, View],
    tallies: Mapping[str, Tally],
    period: str,
) -> SheetItem:
    item = catalogue.items.get(code)
    shown: Item = whole.items[code] if item is None else item
    lines = [
        _line(capacity, line, code, tallies[capacity], period)
        for capacity, line in (() if item is None else item.lines.items())
        if capacity in views and (line.kind != "deduct" or views[capacity] is View.EVERYTHING)
    ]
    return SheetItem(
        code=code,
        category=shown.category,
        name_zh=shown.name_zh,
        name_en=shown.name_en,
        focus=shown.focus,
        tags=shown.tags,
        applies=item is not None,
        lines=lines,
    )


def _line(capacity: str, line: Line, code: str, tally: Tally, period: str) -> SheetLine:
    bonus, quarters = line.kind == "bonus", len(quarters_within(period))
    most = line.max * quarters * (MONTHS_IN_QUARTER if line.per == "month" else 1)
    done = tally.effective(code) if bonus else abs(tally.raw(code))
    quarter_cap = line.quarter_cap if quarters == 1 else None
    return SheetLine(
        capacity=capacity,
        kind=line.kind,
        mode=line.mode,
        done=format_points(done),
        most=format_points(most) if line.kind == "base" else None,
        applicable=format_points(tally.applicable(code)) if line.kind == "base" else None,
        required=line.required,
        month_cap=_points(line.month_cap),
        quarter_cap=_points(quarter_cap),
        year_cap=_points(line.year_cap),
        left_quarter=_left(quarter_cap, done),
        left_year=_left(line.year_cap, tally.year(code)),
        claims_verified=tally.verified(code),
        claims_open=tally.open(code),
    )


def _points(tenths: int | None) -> str | None:
    return None if tenths is None else format_points(tenths)


def _left(cap: int | None, done: int) -> str | None:
    return None if cap is None else format_points(max(0, cap - done))
