"""What grade the system proposes to whom (domain.md §5.5): people decide, with it before them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from jifen_contracts.points import parse_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.ranking import ranking

EXCELLENT = "excellent"
QUALIFIED = "qualified"
BASIC = "basic"
UNQUALIFIED = "unqualified"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A full member with a year score.

    `barred` from an excellent grade by a veto, or by a serious deduction; `zeroed` by a veto in a
    quarter of the year. `excess` is a hint where scores are equal, and no more.
    """

    member: str
    figure: int
    excess: int = 0
    barred: bool = False
    zeroed: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """The grade proposed to one candidate; rank by figure, ties that do not fit are marked."""

    member: str
    figure: int
    rank: int
    grade: str
    tie_at_quota: bool
    excess: int


def quota_of(n: int, document: SchemeDocument) -> int:
    """Return how many of n may be excellent."""
    share, whole = document.grades.quota
    return n * share // whole


def proposals_of(candidates: Sequence[Candidate], document: SchemeDocument) -> tuple[Proposal, ...]:
    """Return the proposals to all candidates of a branch, or of branches pooled, by rank."""
    by_id = {candidate.member: candidate for candidate in candidates}
    excellent, tied = _excellent(candidates, document)
    found = []
    for ranked in ranking((one.member, one.figure) for one in candidates):
        candidate = by_id[ranked.holder]
        grade = EXCELLENT if candidate.member in excellent else below_excellent(candidate, document)
        tie = candidate.member in tied
        found.append(
            Proposal(candidate.member, candidate.figure, ranked.rank, grade, tie, candidate.excess)
        )
    return tuple(found)


def reaches_excellent(candidate: Candidate, document: SchemeDocument) -> bool:
    """Tell whether only the quota can keep the candidate from an excellent proposal."""
    enough = candidate.figure >= parse_points(document.grades.excellent)
    return enough and not candidate.barred and not candidate.zeroed


def below_excellent(candidate: Candidate, document: SchemeDocument) -> str:
    """Return the grade that the figure alone gives, below excellent."""
    grades = document.grades
    if candidate.zeroed or candidate.figure < parse_points(grades.basic):
        return UNQUALIFIED
    return QUALIFIED if candidate.figure >= parse_points(grades.qualified) else BASIC


def _excellent(
    candidates: Iterable[Candidate], document: SchemeDocument
) -> tuple[frozenset[str], frozenset[str]]:
    """Return who is proposed, and who would be, were the tied group not too large.

    A tied group is taken whole or not at all, and nobody behind it goes before it.
    """
    candidates = list(candidates)
    room = quota_of(len(candidates), document)
    reaching = [one for one in candidates if reaches_excellent(one, document)]
    reaching.sort(key=lambda one: -one.figure)
    proposed: set[str] = set()
    for _, equal in groupby(reaching, key=lambda one: one.figure):
        group = {one.member for one in equal}
        if len(group) > room:
            return frozenset(proposed), frozenset(group) if room else frozenset()
        proposed |= group
        room -= len(group)
    return frozenset(proposed), frozenset()
