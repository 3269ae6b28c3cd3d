"""The time line of a unit: registrations, panels and offices, and which record said it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    PersonName,
    shown_names,
)
from jifen_ledger.application.queries.moments import Stamps
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import reads_figures
from jifen_ledger.application.queries.rights_of_timelines import OFFICES, sees_recusal
from jifen_ledger.application.queries.span_pages import SpanPage, paged
from jifen_ledger.application.queries.stated import Stated
from jifen_ledger.application.queries.unit_spans import (
    UnitSpan,
    office_span,
    panel_spans,
    registration_spans,
    successor_spans,
)
from jifen_ledger.domain.registers import Assignment, Panel


class UnitTimelineReads(HolderReads, Protocol):
    """What is asked about a unit."""

    async def panels_told(self, branch: str) -> Sequence[Panel]:
        """Return the branch's panels in stream order."""

    async def roles_told(self, unit: str, roles: Collection[str]) -> Sequence[Stated[Assignment]]:
        """Return who held these roles in the unit, corrected rows with those that replaced them."""

    async def stamps_of(self, seqs: Collection[int]) -> Mapping[int, Stamps]:
        """Return when these records came."""


@dataclass(frozen=True, slots=True)
class UnitTimeline:
    """A page of the spans of a unit, by first day."""

    unit: str
    size: int
    spans: Sequence[UnitSpan]
    next: str | None


async def unit_timeline(
    reads: UnitTimelineReads, asked: Asked, unit: str, page: SpanPage
) -> UnitTimeline:
    """Return the page. Raises NotFound, Forbidden, QueryInvalid."""
    reads_figures(asked.reader)
    units = await reads.units()
    if unit not in units and unit != asked.reader.scheme:
        raise NotFound("There is no such unit.")
    spans = [*successor_spans(unit, units), *panel_spans(await reads.panels_told(unit))]
    if unit in units:
        spans += registration_spans(units[unit])
    spans += [office_span(one) for one in await reads.roles_told(unit, OFFICES)]
    shown, following = paged(spans, page, asked.moment)
    stamps = await reads.stamps_of({one.seq for one in shown})
    people = {person.member for one in shown for person in one.people}
    names = await shown_names(reads, asked, sorted(people))
    told = [_told(asked, unit, one, stamps, names) for one in shown]
    return UnitTimeline(unit, asked.size, told, following)


def _told(
    asked: Asked,
    unit: str,
    span: UnitSpan,
    stamps: Mapping[int, Stamps],
    names: Mapping[str, PersonName],
) -> UnitSpan:
    named = ((person, names.get(person.member)) for person in span.people)
    return replace(
        span,
        recorded_at=stamps[span.seq].recorded_at,
        people=[
            person if name is None else replace(person, name_zh=name.zh, name_en=name.en)
            for person, name in named
        ],
        recusals=[
            pair
            for pair in span.recusals
            if sees_recusal(asked.reader, unit, (pair.member, pair.towards))
        ],
    )
