"""The time line of a member: what was so from when to when, and which record said it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from jifen_contracts.times import instant_ms
from jifen_ledger.application.queries.awards import HeldReads, held_throughout
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    PersonName,
    known_holder,
    shown_names,
)
from jifen_ledger.application.queries.member_spans import (
    MemberSpan,
    absence_span,
    assignment_span,
    award_span,
    departure_span,
    joined_span,
    standing_spans,
    veto_span,
)
from jifen_ledger.application.queries.moments import Stamps
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Holder, require
from jifen_ledger.application.queries.rights_about_people import (
    sees_award_kind,
    sees_past_awards,
    sees_vetoes,
)
from jifen_ledger.application.queries.rights_of_timelines import (
    OFFICES,
    sees_absences,
    sees_offices,
    sees_whole_timeline,
)
from jifen_ledger.application.queries.span_pages import SpanPage, paged
from jifen_ledger.application.queries.stated import Stated
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.awards import Award
from jifen_ledger.domain.changes import Departure, Joined
from jifen_ledger.domain.moment import local_day_of
from jifen_ledger.domain.registers import Assignment, Standing, Version
from jifen_ledger.domain.vetoes import Veto


class MemberTimelineReads(HolderReads, HeldReads, Protocol):
    """What is asked about a member; corrected rows are told with those that replaced them."""

    async def standings_told(self, member: str) -> Sequence[Standing]:
        """Return the member's standings in stream order."""

    async def assignments_told(self, member: str) -> Sequence[Stated[Assignment]]:
        """Return the member's assignments, and those of others that name the member in `of`."""

    async def absences_told(self, member: str) -> Sequence[Stated[Absence]]:
        """Return the member's absences."""

    async def vetoes_told(self, member: str) -> Sequence[Stated[Veto]]:
        """Return the member's vetoes."""

    async def awards_told(self, holder: str) -> Sequence[Stated[Award]]:
        """Return the holder's awards."""

    async def departures_told(self, member: str) -> Sequence[Departure]:
        """Return when the member left."""

    async def joins_told(self, member: str) -> Sequence[Joined]:
        """Return the joins of two records of which the member is one."""

    async def stamps_of(self, seqs: Collection[int]) -> Mapping[int, Stamps]:
        """Return when these records came."""


@dataclass(frozen=True, slots=True)
class MemberTimeline:
    """A page of the spans of a member, by first day; `joined_into` is who goes on for this id."""

    member: str
    size: int
    joined_into: str | None
    spans: Sequence[MemberSpan]
    next: str | None


async def member_timeline(
    reads: MemberTimelineReads, asked: Asked, id_: str, page: SpanPage
) -> MemberTimeline:
    """Return the page. Raises NotFound, Forbidden, QueryInvalid.

    Whoever sees only a committee member's published sheet sees the offices and the awards held.
    """
    holder = await known_holder(reads, asked, id_)
    if holder.of_unit:
        raise NotFound("A unit has a time line of its own.")
    whole = sees_whole_timeline(asked.reader, holder)
    require(allowed=whole or sees_offices(asked.reader, holder))
    spans = await _judged(reads, asked, holder)
    joins: Sequence[Joined] = ()
    told = [assignment_span(one) for one in await reads.assignments_told(id_)]
    if whole:
        spans += [*told, *standing_spans(id_, await reads.standings_told(id_))]
        spans += [departure_span(one) for one in await reads.departures_told(id_)]
        joins = await reads.joins_told(id_)
    else:
        spans += [one for one in told if one.member == id_ and one.what in OFFICES]
    if sees_absences(asked.reader, holder):
        spans += [absence_span(one) for one in await reads.absences_told(id_)]
    stamps = await reads.stamps_of({one.seq for one in spans} | {one.seq for one in joins})
    versions = await reads.versions()
    spans += [joined_span(id_, one, _day_of(versions, stamps[one.seq])) for one in joins]
    shown, following = paged(spans, page, asked.moment)
    names = await shown_names(reads, asked, sorted({one.unit for one in shown if one.unit}))
    return MemberTimeline(
        id_,
        asked.size,
        next((one.survivor for one in joins if one.closed == id_), None),
        [_told(one, stamps, names) for one in shown],
        following,
    )


async def _judged(reads: MemberTimelineReads, asked: Asked, holder: Holder) -> list[MemberSpan]:
    """Return the vetoes and awards that the reader may see."""
    spans: list[MemberSpan] = []
    if sees_vetoes(asked.reader, holder):
        spans += [veto_span(one) for one in await reads.vetoes_told(holder.id)]
    told = [
        said
        for said in await reads.awards_told(holder.id)
        if sees_award_kind(asked.reader, holder.id, said.row.kind)
    ]
    if not sees_past_awards(asked.reader, holder):
        current = [said for said in told if said.replaced_by is None]
        rows = [said.row for said in current]
        held = await held_throughout(reads, asked, asked.day, rows)
        told = [said for said in current if said.row.award in held]
    return spans + [award_span(said) for said in told]


def _day_of(versions: Sequence[Version], stamps: Stamps) -> date:
    return local_day_of(versions, instant_ms(stamps.recordedtime or stamps.recorded_at))


def _told(
    span: MemberSpan, stamps: Mapping[int, Stamps], names: Mapping[str, PersonName]
) -> MemberSpan:
    name = names.get(span.unit or "")
    return replace(
        span,
        recorded_at=stamps[span.seq].recorded_at,
        unit_name_zh=None if name is None else name.zh,
        unit_name_en=None if name is None else name.en,
    )
