"""Decided grades of a member, and what is proposed to a branch for a year (domain.md §5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    known_holder,
    shown_names,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require
from jifen_ledger.application.queries.rights_about_people import (
    pools_branches,
    sees_grades,
    sees_proposals,
)
from jifen_ledger.domain.branch_year import (
    document_of,
    excellent_grades,
    field_of,
    last_day_of,
)
from jifen_ledger.domain.grades import Grade
from jifen_ledger.domain.people_needs import want_branches
from jifen_ledger.domain.proposals import Proposal, proposals_of, quota_of
from jifen_ledger.domain.state import State
from jifen_ledger.domain.wanted import Wanted

# The branch names its people, they their figures; the last round finds nothing more to ask.
ROUNDS_MAX = 4
YEAR_RUNS = "year_runs"


class Decided(NamedTuple):
    """A grade with the record that decided it, and the one that superseded it."""

    seq: int
    until_seq: int | None
    grade: Grade


class GradeReads(HolderReads, Protocol):
    """What is asked for grades."""

    async def grades(self, member: str) -> Sequence[Decided]:
        """Return every decision about the member's grades, in stream order."""

    async def registers(self, members: Sequence[str]) -> State:
        """Return a state with the versions, the units, these members, and what is always whole."""

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""


@dataclass(frozen=True, slots=True)
class DecidedGrade:
    """One decision; a later one about the same year supersedes it."""

    year: str
    grade: str
    proposal: str
    figure: str
    branch: str
    told_on: str
    pool: Sequence[str]
    over_quota: bool
    in_force: bool
    seq: int
    basis: str
    reason: str | None
    by: str
    deciders: Sequence[str]


@dataclass(frozen=True, slots=True)
class MemberGrades:
    """All decisions about a member's grades, superseded ones included."""

    member: str
    size: int
    entries: Sequence[DecidedGrade]


@dataclass(frozen=True, slots=True)
class GradeProposal:
    """What is proposed to one full member, with what was decided so far.

    `excess` and the reviews that people bring are hints where scores are equal, and no more.
    """

    rank: int
    member: str
    name_zh: str | None
    name_en: str | None
    branch: str
    figure: str
    proposal: str
    tie_at_quota: bool
    excess: str
    decided: str | None


@dataclass(frozen=True, slots=True)
class BranchGrades:
    """A branch's year; with a pool where the branch is too small for a quota of its own.

    `n` are the full members with their home there on 31 December and a year score, `excellent`
    how many of the quota have been decided. `reason` says why there are none yet.
    """

    branch: str
    pool: Sequence[str]
    year: str
    size: int
    n: int
    quota: int
    excellent: int
    reason: str | None
    proposals: Sequence[GradeProposal]


async def grades_of(reads: GradeReads, asked: Asked, id_: str) -> MemberGrades:
    """Return the decisions about a member. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    if holder.of_unit:
        raise NotFound("A unit has no grade.")
    require(allowed=sees_grades(asked.reader, holder))
    found = await reads.grades(id_)
    return MemberGrades(id_, asked.size, [_decided(one, asked.size) for one in found])


def _decided(one: Decided, size: int) -> DecidedGrade:
    grade = one.grade
    return DecidedGrade(
        year=grade.year,
        grade=grade.grade,
        proposal=grade.proposal,
        figure=format_points(grade.figure),
        branch=grade.branch,
        told_on=grade.told_on.isoformat(),
        pool=grade.pool,
        over_quota=grade.over_quota,
        in_force=one.until_seq is None or one.until_seq > size,
        seq=one.seq,
        basis=grade.basis,
        reason=grade.reason,
        by=grade.by,
        deciders=grade.deciders,
    )


async def branch_grades(
    reads: GradeReads, asked: Asked, branch: str, year: str, pool: Sequence[str]
) -> BranchGrades:
    """Return what is proposed and decided. Raises NotFound, Forbidden."""
    units = await reads.units()
    if branch not in units or units[branch].latest.kind != "branch":
        raise NotFound("There is no such branch.")
    require(allowed=sees_proposals(asked.reader, branch))
    require(allowed=not pool or pools_branches(asked.reader))
    if any(sister not in units or units[sister].latest.kind != "branch" for sister in pool):
        raise NotFound("A branch of the pool is not there.")
    state = await reads.registers(())
    if not state.versions:
        raise NotFound("No version of the scheme is published.")
    await _load(reads, state, (branch, *pool), year)
    field = field_of(state, year, branch, pool, asked.today)
    document = document_of(state, year)
    found = proposals_of(field.candidates, document)
    names = await shown_names(reads, asked, [one.member for one in found])
    homes = {one.id: one.home_branch(last_day_of(year)) or branch for one in field.people}
    return BranchGrades(
        branch=branch,
        pool=tuple(sorted({*homes.values()} - {branch})),
        year=year,
        size=asked.size,
        n=len(field.candidates),
        quota=quota_of(len(field.candidates), document),
        excellent=excellent_grades(state, field.people, year),
        reason=YEAR_RUNS if asked.today <= last_day_of(year) else None,
        proposals=[_proposal(state, one, year, homes[one.member], names) for one in found],
    )


async def _load(reads: GradeReads, state: State, branches: Sequence[str], year: str) -> None:
    for _ in range(ROUNDS_MAX):
        wanted = Wanted()
        want_branches(state, branches, year, wanted)
        unknown = wanted.unknown()
        if not unknown:
            return
        await reads.load(state, unknown)


def _proposal(
    state: State, one: Proposal, year: str, branch: str, names: Mapping[str, Any]
) -> GradeProposal:
    name = names.get(one.member)
    decided = state.grades.get((one.member, year))
    return GradeProposal(
        rank=one.rank,
        member=one.member,
        name_zh=None if name is None else name.zh,
        name_en=None if name is None else name.en,
        branch=branch,
        figure=format_points(one.figure),
        proposal=one.grade,
        tie_at_quota=one.tie_at_quota,
        excess=format_points(one.excess),
        decided=None if decided is None else decided.grade,
    )
