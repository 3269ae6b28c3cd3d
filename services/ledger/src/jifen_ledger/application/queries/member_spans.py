"""The spans of a member's time line, each from what a register says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jifen_ledger.application.queries.stated import Stated
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.awards import Award
from jifen_ledger.domain.changes import Departure, Joined
from jifen_ledger.domain.registers import Assignment, Standing
from jifen_ledger.domain.spans import succeeded
from jifen_ledger.domain.vetoes import Veto

SpanKind = Literal["standing", "assignment", "absence", "veto", "award", "departure", "join"]


@dataclass(frozen=True, slots=True)
class MemberSpan:
    """What was so from a day on, to the day before `to_day` where there is an end.

    `what` is the standing, the role, the kind of absence, veto or award, why the member left, or
    that this id is the survivor or the closed one of a join with `other`. The record `seq` said it.
    A span with `replaced_by` is history: a later record said it anew, and it holds no more.
    `member` is who holds it: a pact of somebody else names the member in `of`. Somebody with `sent`
    came by a transfer: sent on that day, received on the first one.
    """

    kind: SpanKind
    what: str
    id: str | None
    member: str
    from_day: str
    to_day: str | None
    seq: int
    recorded_at: str = ""
    replaces: int | None = None
    replaced_by: int | None = None
    unit: str | None = None
    unit_name_zh: str | None = None
    unit_name_en: str | None = None
    post: str | None = None
    of: Sequence[str] = ()
    sent: str | None = None
    received: str | None = None
    effect: str | None = None
    ended: Literal["annulled", "lifted", "revoked"] | None = None
    name_zh: str | None = None
    name_en: str | None = None
    level: str | None = None
    month: str | None = None
    other: str | None = None


def standing_spans(member: str, standings: Sequence[Standing]) -> list[MemberSpan]:
    """Return the standings; each holds until the next day on which another begins."""
    held = succeeded(standings)
    replaced = {one.replaced_by: row.seq for row, one in zip(standings, held, strict=True)}
    return [
        MemberSpan(
            "standing",
            row.standing,
            None,
            member,
            row.from_.isoformat(),
            _day(one.end),
            row.seq,
            replaces=replaced.get(row.seq),
            replaced_by=one.replaced_by,
        )
        for row, one in zip(standings, held, strict=True)
    ]


def assignment_span(said: Stated[Assignment]) -> MemberSpan:
    """Return a role in a unit."""
    row = said.row
    return MemberSpan(
        "assignment",
        row.role,
        row.id,
        row.member,
        row.from_.isoformat(),
        _day(row.to),
        said.seq,
        replaces=said.replaces,
        replaced_by=said.replaced_by,
        unit=row.unit,
        post=row.post,
        of=row.of,
        sent=_day(row.sent),
        received=None if row.sent is None else row.from_.isoformat(),
    )


def absence_span(said: Stated[Absence]) -> MemberSpan:
    """Return days away."""
    row = said.row
    return MemberSpan(
        "absence",
        row.kind,
        row.absence,
        row.member,
        row.from_.isoformat(),
        _day(row.to),
        said.seq,
        replaces=said.replaces,
        replaced_by=said.replaced_by,
    )


def veto_span(said: Stated[Veto]) -> MemberSpan:
    """Return a veto; one that was annulled covers no day."""
    row = said.row
    ended: Literal["annulled", "lifted"] | None = "lifted" if row.lifted_on is not None else None
    return MemberSpan(
        "veto",
        row.kind,
        row.veto,
        row.member,
        row.from_.isoformat(),
        row.from_.isoformat() if row.annulled else _day(row.end),
        said.seq,
        replaces=said.replaces,
        replaced_by=said.replaced_by,
        effect=row.effect,
        ended="annulled" if row.annulled else ended,
    )


def award_span(said: Stated[Award]) -> MemberSpan:
    """Return an award; a revoked one is held until the day of its revocation."""
    row = said.row
    return MemberSpan(
        "award",
        row.kind,
        row.award,
        row.holder,
        row.from_.isoformat(),
        _day(row.end),
        said.seq,
        replaces=said.replaces,
        replaced_by=said.replaced_by,
        ended=None if row.revoked_on is None else "revoked",
        name_zh=row.name_zh,
        name_en=row.name_en,
        level=row.level,
        month=row.month,
    )


def departure_span(row: Departure) -> MemberSpan:
    """Return the day on which a member left."""
    return MemberSpan("departure", row.why, None, row.member, row.on.isoformat(), None, row.seq)


def joined_span(member: str, row: Joined, day: date) -> MemberSpan:
    """Return that two records of one person became one, on the day it was recorded."""
    survives = row.survivor == member
    return MemberSpan(
        "join",
        "survivor" if survives else "closed",
        row.closed,
        member,
        day.isoformat(),
        None,
        row.seq,
        other=row.closed if survives else row.survivor,
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
