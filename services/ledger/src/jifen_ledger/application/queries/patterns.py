"""Patterns of a branch that deserve a second look; shown only, without any effect (E16, E67)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from jifen_contracts.times import stamp
from jifen_ledger.application.queries.handling import PanelReads, handles_cases
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    PersonName,
    shown_names,
)
from jifen_ledger.application.queries.moments import quarters_within, span_of
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Reader, require, sees_raisers
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.patterns import (
    APPROVALS_MIN,
    CONCERNS_MIN,
    FAVOURS_MIN,
    Approval,
    Burst,
    Favour,
    Mutual,
    bursts,
    mutual_favours,
)
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.versions import line_of

# A reader looks at the strongest ones; the numbers tell how many there are.
SHOWN_MAX = 50


class Approved(NamedTuple):
    """An approval of a claim, at the recorded time of its event."""

    claim: str
    seq: int
    at_ms: int
    by: str
    deciders: Sequence[str]


class ConcernPair(NamedTuple):
    """How many concerns one raiser had with one handler, and how many of them were tiny."""

    raiser: str
    handler: str
    concerns: int
    tiny: int


class PatternReads(HolderReads, PanelReads, Protocol):
    """What is asked to find patterns."""

    async def claims_of_branch(self, branch: str, quarters: Sequence[str]) -> Sequence[Claim]:
        """Return the claims on the branch's deeds of the quarters, by seq."""

    async def approvals(self, claims: Collection[str]) -> Sequence[Approved]:
        """Return every review that let one of these claims go on, in stream order."""

    async def concern_pairs(
        self, unit: str, first: date, end: date, least: int
    ) -> Sequence[ConcernPair]:
        """Return raisers and handlers with so many concerns about the unit in a span of days."""


@dataclass(frozen=True, slots=True)
class FavourPair:
    """Two people, and for how many claims of the other each of them did it."""

    one: str
    one_name_zh: str | None
    one_name_en: str | None
    other: str
    other_name_zh: str | None
    other_name_en: str | None
    by_one: int
    by_other: int


@dataclass(frozen=True, slots=True)
class ApprovalBurst:
    """Approvals of one person within a minute, or within several minutes on end."""

    by: str
    by_name_zh: str | None
    by_name_en: str | None
    approvals: int
    first_seq: int
    began: str
    seconds: int


@dataclass(frozen=True, slots=True)
class PairOfConcerns:
    """Concerns of one raiser with one handler; the raiser is named for handlers and auditors."""

    raiser: str | None
    handler: str
    handler_name_zh: str | None
    handler_name_en: str | None
    concerns: int
    tiny: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which number on something is shown."""

    favours: int = FAVOURS_MIN
    approvals_a_minute: int = APPROVALS_MIN
    concerns: int = CONCERNS_MIN


@dataclass(frozen=True, slots=True)
class Patterns:
    """The strongest patterns of each sort, and how many there are. None of them proves anything.

    `reviews` are approvals of bonus points, `helps` being named as the other side of a deed.
    """

    branch: str
    period: str
    size: int
    thresholds: Thresholds
    found: Mapping[str, int]
    reviews: Sequence[FavourPair]
    helps: Sequence[FavourPair]
    bursts: Sequence[ApprovalBurst]
    concerns: Sequence[PairOfConcerns]


async def patterns_of(reads: PatternReads, asked: Asked, branch: str, period: str) -> Patterns:
    """Return the patterns. Raises NotFound, Forbidden."""
    require(allowed=await handles_cases(reads, asked, branch))
    units = await reads.units()
    if branch not in units or units[branch].latest.kind != "branch":
        raise NotFound("There is no such branch.")
    first, end = span_of(period, asked.as_of)
    claims = [
        one
        for one in await reads.claims_of_branch(branch, quarters_within(period))
        if first <= one.deed_date < end
    ]
    approved = await reads.approvals([one.id for one in claims])
    versions = await reads.versions()
    reviews = mutual_favours(reviews_of(versions, claims, approved))
    helps = mutual_favours(helps_of(_verified(claims)))
    hasty = bursts(Approval(one.by, one.at_ms, one.seq) for one in approved)
    pairs = await reads.concern_pairs(branch, first, end, CONCERNS_MIN)
    shown = (reviews[:SHOWN_MAX], helps[:SHOWN_MAX], hasty[:SHOWN_MAX], pairs[:SHOWN_MAX])
    names = await shown_names(reads, asked, sorted(_people(*shown)))
    return Patterns(
        branch,
        period,
        asked.size,
        Thresholds(),
        {
            "reviews": len(reviews),
            "helps": len(helps),
            "bursts": len(hasty),
            "concerns": len(pairs),
        },
        [_favours(one, names) for one in shown[0]],
        [_favours(one, names) for one in shown[1]],
        [_burst(one, names) for one in shown[2]],
        [_concerns(one, asked.reader, names) for one in shown[3]],
    )


def reviews_of(
    versions: Sequence[Version], claims: Iterable[Claim], approved: Iterable[Approved]
) -> list[Favour]:
    """Return who approved bonus points for whom.

    A panel approves the attendance of all its own people every month: that is nobody's favour.
    """
    holders = {
        one.id: one.holder
        for one in claims
        if any(line_of(versions, one, capacity).kind == "bonus" for capacity in one.worth.raw)
    }
    return [
        Favour(person, holders[one.claim], one.claim)
        for one in approved
        if one.claim in holders
        for person in {one.by, *one.deciders}
    ]


def helps_of(verified: Iterable[Claim]) -> list[Favour]:
    """Return who was named as the other side of deeds that were verified."""
    return [Favour(person, one.holder, one.id) for one in verified for person in one.counterpart]


def _verified(claims: Iterable[Claim]) -> list[Claim]:
    return [one for one in claims if one.state is ClaimState.VERIFIED]


def _people(
    reviews: Sequence[Mutual],
    helps: Sequence[Mutual],
    hasty: Sequence[Burst],
    pairs: Sequence[ConcernPair],
) -> set[str]:
    found = {person for pair in (*reviews, *helps) for person in pair[:2]}
    return found | {one.by for one in hasty} | {one.handler for one in pairs}


def _name(names: Mapping[str, PersonName], person: str) -> tuple[str | None, str | None]:
    name = names.get(person)
    return (None, None) if name is None else (name.zh, name.en)


def _favours(pair: Mutual, names: Mapping[str, PersonName]) -> FavourPair:
    one, other = _name(names, pair.one), _name(names, pair.other)
    return FavourPair(pair.one, *one, pair.other, *other, pair.by_one, pair.by_other)


def _burst(burst: Burst, names: Mapping[str, PersonName]) -> ApprovalBurst:
    return ApprovalBurst(
        burst.by,
        *_name(names, burst.by),
        burst.approvals,
        burst.first_seq,
        stamp(burst.first_ms),
        (burst.last_ms - burst.first_ms) // 1000,
    )


def _concerns(pair: ConcernPair, reader: Reader, names: Mapping[str, PersonName]) -> PairOfConcerns:
    known = sees_raisers(reader, (pair.raiser,), (pair.handler,))
    return PairOfConcerns(
        pair.raiser if known else None,
        pair.handler,
        *_name(names, pair.handler),
        pair.concerns,
        pair.tiny,
    )
