"""Who was there: signed in, late, added by the host, on leave or missing (E10, X13)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.registers import ACTIVE_STANDINGS, Member, covers

MS_PER_HOUR = 3_600_000
_ENDED = (ClaimState.REJECTED, ClaimState.REVERSED)
_REVIEWED = (ClaimState.PRELIMINARY, ClaimState.VERIFIED)


class Presence(StrEnum):
    """How somebody's presence is known."""

    SELF = "self"
    # Signed in by themselves, but told only after the window.
    LATE = "late"
    ADDED = "added"
    # A fact without a sign-in, such as a list that a machine keeps.
    LISTED = "listed"
    LEAVE = "leave"
    MISSING = "missing"


class Attendance(NamedTuple):
    """One member at one deed; `confirmed_by` reviewed it and neither sent it nor is its holder."""

    member: str
    presence: Presence
    claim: Claim | None = None
    confirmed_by: Sequence[str] = ()

    @property
    def needs_second(self) -> bool:
        """Tell whether somebody else than the one who said it has to confirm it."""
        return self.presence in (Presence.LATE, Presence.ADDED)

    @property
    def is_confirmed(self) -> bool:
        """Tell whether that has happened, where it has to."""
        return not self.needs_second or bool(self.confirmed_by)


def attendance_of(
    expected: Iterable[str],
    claims: Iterable[Claim],
    away: Collection[str],
    window_hours: int,
) -> list[Attendance]:
    """Return everyone who was expected, in the order given.

    Of several claims of one person the first counts that was not rejected or reversed.
    """
    standing: dict[str, Claim] = {}
    for claim in claims:
        if claim.state not in _ENDED:
            standing.setdefault(claim.holder, claim)
    return [_attendance(member, standing, away, window_hours) for member in expected]


def expected_on(members: Iterable[Member], branch: str, day: date) -> list[str]:
    """Return the active members whose home the branch is on the day."""
    return [
        member.id
        for member in members
        if member.joined_into is None
        and member.home_branch(day) == branch
        and member.standing_on(day) in ACTIVE_STANDINGS
    ]


def away_on(absences: Iterable[Absence], day: date) -> frozenset[str]:
    """Return the members who are absent on the day, for whatever reason."""
    return frozenset(one.member for one in absences if covers(one.from_, one.to, day))


def _attendance(
    member: str, standing: Mapping[str, Claim], away: Collection[str], window_hours: int
) -> Attendance:
    claim = standing.get(member)
    if claim is None:
        return Attendance(member, Presence.LEAVE if member in away else Presence.MISSING)
    return Attendance(member, _presence(claim, window_hours), claim, _others_who_reviewed(claim))


def _presence(claim: Claim, window_hours: int) -> Presence:
    match claim.signed:
        case "self":
            in_time = claim.stated_ms <= claim.deed_ms + window_hours * MS_PER_HOUR
            return Presence.SELF if in_time else Presence.LATE
        case "added":
            return Presence.ADDED
        case _:
            return Presence.LISTED


def _others_who_reviewed(claim: Claim) -> Sequence[str]:
    if claim.state not in _REVIEWED:
        return ()
    deciders = dict.fromkeys((*claim.preliminary_deciders, *claim.verified_deciders))
    return tuple(one for one in deciders if one not in (claim.by, claim.holder))
