"""What reads about self-assessments rest on: a part of the fold's state, filled at a moment.

The same rules then answer here and in the fold: who is asked, who has assessed, what that shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from jifen_ledger.application.queries.claims import ClaimReads
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.assessments import Assessment
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.registers import Member, Unit
from jifen_ledger.domain.state import State, implicit_root
from jifen_ledger.domain.three_levels import groups_of


class Reviewed(NamedTuple):
    """A claim's worth, in tenths by capacity, as a step before its verification left it."""

    claim: str
    step: str
    item: str
    raw: Mapping[str, int]


class AssessmentReads(ClaimReads, Protocol):
    """What is asked about self-assessments."""

    async def people_of(self, unit: str) -> Sequence[str]:
        """Return the members who were ever assigned to the unit, as they came."""

    async def members(self, ids: Collection[str]) -> Mapping[str, Member]:
        """Return the time lines of the members among the ids."""

    async def absences(self, members: Collection[str]) -> Sequence[Absence]:
        """Return the absences of these members."""

    async def assessments(
        self, subjects: Collection[str], months: Collection[str]
    ) -> Sequence[tuple[int, Assessment]]:
        """Return the assessments that subjects have of months, with the record that said so."""

    async def claims_for(self, holders: Collection[str], deeds: Collection[str]) -> Sequence[Claim]:
        """Return the claims of these holders for these deeds, by seq."""

    async def reviewed(self, claims: Collection[str]) -> Sequence[Reviewed]:
        """Return what these claims were worth when they were stated and first reviewed."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """The state of some subjects' months; `records` are those that left each assessment."""

    state: State
    records: Mapping[tuple[str, str, bool], int]


async def assessed_in_unit(
    reads: AssessmentReads, asked: Asked, unit: str, months: Sequence[str]
) -> Assessed:
    """Return the months of a branch or group: of all its members, its groups and itself."""
    state = await _registers(reads, asked)
    people = await reads.people_of(unit)
    state.people_of.load({unit: tuple(people)}, [unit])
    members = await _members(reads, state, people)
    groups = {group for month in months for group in groups_of(state, unit, month)}
    return await _assessments(reads, state, {unit, *members, *groups}, months)


async def assessed_by(
    reads: AssessmentReads, asked: Asked, subject: str, months: Sequence[str]
) -> Assessed:
    """Return the months of one member or unit."""
    state = await _registers(reads, asked)
    await _members(reads, state, [subject])
    return await _assessments(reads, state, {subject}, months)


async def _registers(reads: AssessmentReads, asked: Asked) -> State:
    state = State(asked.reader.scheme, complete=False)
    state.versions = tuple(await reads.versions())
    for unit in (await reads.units()).values():
        root = (implicit_root(state.scheme),) if unit.id == state.scheme else ()
        state.put_unit(Unit(unit.id, (*root, *unit.states)))
    return state


async def _members(
    reads: AssessmentReads, state: State, people: Sequence[str]
) -> Mapping[str, Member]:
    members = await reads.members(people)
    state.members.load(members, people)
    await _survivors(reads, state, members)
    absences = {(one.member, one.absence): one for one in await reads.absences(list(members))}
    state.absences.load(absences, absences)
    by_member: dict[str, tuple[tuple[str, str], ...]] = {}
    for key in absences:
        by_member[key[0]] = (*by_member.get(key[0], ()), key)
    state.absences_of.load(by_member, people)
    return members


async def _survivors(reads: AssessmentReads, state: State, members: Mapping[str, Member]) -> None:
    """Load who closed records live on as, so that every id tells whose it is (E46)."""
    while joined := {
        one.joined_into
        for one in members.values()
        if one.joined_into is not None and not state.members.knows(one.joined_into)
    }:
        members = await reads.members(joined)
        state.members.load(members, joined)


async def _assessments(
    reads: AssessmentReads, state: State, subjects: Collection[str], months: Sequence[str]
) -> Assessed:
    found = await reads.assessments(subjects, months)
    rows = {(one.subject, one.month, one.late): one for _, one in found}
    keys = [(one, month, late) for one in subjects for month in months for late in (False, True)]
    state.assessments.load(rows, keys)
    listed = {missing.id for one in rows.values() for missing in one.missing}
    unknown = [one for one in listed if not state.members.knows(one)]
    if unknown:
        named = await reads.members(unknown)
        state.members.load(named, unknown)
        await _survivors(reads, state, named)
    records = {(one.subject, one.month, one.late): seq for seq, one in found}
    return Assessed(state, records)
