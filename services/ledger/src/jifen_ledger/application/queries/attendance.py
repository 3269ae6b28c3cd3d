"""The list of a deed for one branch: who signed in, who was added, who is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.times import stamp
from jifen_ledger.application.queries.handling import (
    CaseReads,
    PanelReads,
    cases_by_now,
    handles_cases,
)
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    PersonName,
    shown_names,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.attendance import Attendance, attendance_of, away_on, expected_on
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.registers import Member


class AttendanceReads(HolderReads, PanelReads, CaseReads, Protocol):
    """What is asked about a deed of a branch."""

    async def people_of(self, unit: str) -> Sequence[str]:
        """Return the members who were ever assigned to the unit, as they came."""

    async def members(self, ids: Collection[str]) -> Mapping[str, Member]:
        """Return the time lines of the members among the ids."""

    async def absences(self, members: Collection[str]) -> Sequence[Absence]:
        """Return the absences of these members."""

    async def claims_for(self, holders: Collection[str], deeds: Collection[str]) -> Sequence[Claim]:
        """Return the claims of these holders for these deeds, by seq, as they stood."""


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One member. `by` said it, `confirmed_by` are others who reviewed it.

    `presence` is self, late (told after the window), added (by the host), listed (a fact without a
    sign-in), leave or missing. `confirmed` is false while a late or added one waits for somebody
    else than whoever said it.
    """

    member: str
    name_zh: str | None
    name_en: str | None
    presence: str
    claim: str | None
    state: str | None
    by: str | None
    recorded_at: str | None
    confirmed: bool
    confirmed_by: Sequence[str]


@dataclass(frozen=True, slots=True)
class AttendanceAnswer:
    """A deed as the branch's members took part. A member sees the own line, and no numbers."""

    branch: str
    deed: str
    item: str | None
    day: str
    size: int
    window_hours: int
    numbers: Mapping[str, int] | None
    unconfirmed: int | None
    lines: Sequence[AttendanceLine]


async def attendance_answer(
    reads: AttendanceReads,
    asked: Asked,
    branch: str,
    deed: str,
    item: str | None,
    window_hours: int,
) -> AttendanceAnswer:
    """Return the list. Raises NotFound, Forbidden."""
    handles = await handles_cases(reads, asked, branch)
    member = asked.reader.member
    require(allowed=handles or (member is not None and asked.reader.own_branch(branch)))
    people = await reads.people_of(branch)
    claims = [
        one
        for one in await reads.claims_for(people, [deed])
        if one.branch == branch and item in (None, one.item)
    ]
    if not claims:
        raise NotFound("Nobody of the branch has a claim for this deed.")
    day = claims[0].deed_date
    found = await reads.members(people)
    ordered = [found[one] for one in people if one in found]
    expected = expected_on(ordered, branch, day)
    away = away_on(await reads.absences(expected), day)
    all_lines = attendance_of(expected, claims, away, window_hours)
    cases = {one.id for one in await cases_by_now(reads, asked, (branch,), claims)}
    shown = [
        one
        for one in all_lines
        if one.member == member or (handles and (one.claim is None or one.claim.id in cases))
    ]
    names = await shown_names(reads, asked, [one.member for one in shown])
    numbers = Counter(one.presence.value for one in all_lines)
    waiting = sum(not one.is_confirmed for one in all_lines)
    return AttendanceAnswer(
        branch,
        deed,
        item,
        day.isoformat(),
        asked.size,
        window_hours,
        dict(sorted(numbers.items())) if handles else None,
        waiting if handles else None,
        [_line(one, names) for one in shown],
    )


def _line(one: Attendance, names: Mapping[str, PersonName]) -> AttendanceLine:
    claim, name = one.claim, names.get(one.member)
    return AttendanceLine(
        member=one.member,
        name_zh=None if name is None else name.zh,
        name_en=None if name is None else name.en,
        presence=one.presence.value,
        claim=None if claim is None else claim.id,
        state=None if claim is None else claim.state.value,
        by=None if claim is None else claim.by,
        recorded_at=None if claim is None else stamp(claim.stated_ms),
        confirmed=one.is_confirmed,
        confirmed_by=one.confirmed_by,
    )
