"""Why a score is what it is: from the score down to the claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.periods import quarter_of
from jifen_contracts.points import format_points
from jifen_ledger.application.queries import sentences
from jifen_ledger.application.queries.adjusted import published_at
from jifen_ledger.application.queries.claims import ClaimReads
from jifen_ledger.application.queries.explain import Trace, trace_answer
from jifen_ledger.application.queries.holders import (
    Asked,
    item_names,
    known_holder,
    policy_of,
    ruling_document,
)
from jifen_ledger.application.queries.moments import quarters_within, whole_quarters
from jifen_ledger.application.queries.publications import (
    is_provisional,
    of_quarters,
    publications_of_holder,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import View, require, view_of
from jifen_ledger.application.queries.scores import FigureReads
from jifen_ledger.application.queries.sentences import Sentence, said
from jifen_ledger.domain.cap_trace import trace_item
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.score import BONUS_MAX, RESERVE, Figures
from jifen_ledger.domain.unit_mean import MemberDays, year_score
from jifen_ledger.domain.versions import line_of
from jifen_ledger.domain.weighed import weighed_bonus


class FigureClaimReads(ClaimReads, FigureReads, Protocol):
    """What is asked for the explanation of figures."""


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score, and what it says."""

    name: str
    value: str | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """A verified claim with its raw value and what is left of it after the stack step."""

    claim: str
    deed: str
    deed_date: str
    raw: str
    counted: str
    verified_seq: int
    deciders: Sequence[str]


@dataclass(frozen=True, slots=True)
class ItemPart:
    """What one item brings to the quarter, its steps as they stand, and its claims."""

    item: str
    item_name_zh: str | None
    item_name_en: str | None
    kind: str
    points: str
    claims: Sequence[ClaimPart]
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class QuarterPart:
    """One quarter: the terms of its score and the items behind them."""

    quarter: str
    scored: bool
    score: str | None
    active_days: int
    terms: Sequence[Term]
    items: Sequence[ItemPart]


@dataclass(frozen=True, slots=True)
class FiguresAnswer:
    """A holder's score of a quarter or year, with everything behind it."""

    holder: str
    capacity: str
    period: str
    size: int
    provisional: bool
    deductions_shown: bool
    score: str | None
    zh: str
    en: str
    quarters: Sequence[QuarterPart]


async def figures_explained(
    reads: FigureClaimReads,
    then: Callable[[int], FigureClaimReads],
    asked: Asked,
    id_: str,
    capacity: str,
    period: str,
) -> FiguresAnswer:
    """Return what is behind the figures: live to whom they are shown whole, else as published.

    Raises NotFound, Forbidden.
    """
    holder = await known_holder(reads, asked, id_)
    if (capacity == "unit") != holder.of_unit:
        raise NotFound("The holder has no such capacity.")
    policy = policy_of(await ruling_document(reads, asked), capacity)
    view = view_of(asked.reader, holder, capacity, policy)
    require(allowed=view.value >= View.SHEET.value)
    whole = view is View.EVERYTHING
    stands_on = await publications_of_holder(reads, asked, holder, period)
    sizes = dict.fromkeys(quarters_within(period), asked.size)
    if not whole:
        told = of_quarters(stands_on, whole_quarters(period, asked.as_of))
        sizes = published_at(await reads.published_of(id_, told), capacity, period)
        if not sizes:
            raise NotFound("No bulletin of that period is published yet.")
    days = await reads.days(holder, capacity, list(sizes))
    figures: dict[str, Figures] = {}
    parts: list[QuarterPart] = []
    for size, quarters in _by_size(sizes):
        moment = reads if whole else then(size)
        found = await moment.figures(id_, quarters)
        own = {one.quarter: one.figures for one in found if one.capacity == capacity}
        claims = await moment.claims_of(id_)
        desk = _Desk(await moment.versions(), claims, capacity, size, deductions=whole)
        parts += [desk.quarter(one, own[one], days.get(one, 0)) for one in quarters if one in own]
        figures |= own
    score, sentence = _conclusion(period, figures, days)
    counted = [period] if "Q" in period else list(figures)
    return FiguresAnswer(
        holder=id_,
        capacity=capacity,
        period=period,
        size=max(sizes.values()),
        provisional=is_provisional(of_quarters(stands_on, counted), asked, period),
        deductions_shown=whole,
        score=None if score is None else format_points(score),
        zh=sentence.zh,
        en=sentence.en,
        quarters=sorted(parts, key=lambda one: one.quarter),
    )


def _by_size(sizes: Mapping[str, int]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the quarters that are shown at one size of the log."""
    for size in sorted(set(sizes.values())):
        yield size, [quarter for quarter, of in sizes.items() if of == size]


def _conclusion(
    period: str, figures: dict[str, Figures], days: object
) -> tuple[int | None, Sentence]:
    assert isinstance(days, dict)
    if "Q" in period:
        own = figures.get(period, Figures())
        return own.score, _words_of(own)
    score = year_score(
        MemberDays(found, days.get(quarter, 0))
        for quarter, one in figures.items()
        if (found := one.score) is not None
    )
    if score is None:
        return None, sentences.NO_YEAR
    return score, said(sentences.YEAR, score=score)


def _words_of(figures: Figures) -> Sentence:
    score = figures.score
    if score is None:
        return said(sentences.NOT_SCORED, applicable=figures.applicable)
    return sentences.ZEROED if figures.zeroed else said(sentences.SCORE, score=score)


class _Desk:
    """Takes one holder's quarters apart, in one capacity."""

    def __init__(
        self,
        versions: Sequence[Version],
        claims: Sequence[Claim],
        capacity: str,
        size: int,
        *,
        deductions: bool,
    ) -> None:
        self._versions = versions
        self._capacity = capacity
        self._size = size
        self._deductions = deductions
        self._names = item_names(versions)
        self._weighed = weighed_bonus(versions, claims, capacity)
        self._claims = [
            claim
            for claim in claims
            if claim.state is ClaimState.VERIFIED and capacity in claim.worth.raw
        ]

    def quarter(self, quarter: str, figures: Figures, days: int) -> QuarterPart:
        """Return the quarter's terms and items."""
        score = figures.score
        return QuarterPart(
            quarter=quarter,
            scored=score is not None,
            score=None if score is None else format_points(score),
            active_days=days,
            terms=self._terms(figures),
            items=self._items(quarter),
        )

    def _terms(self, figures: Figures) -> list[Term]:
        base = figures.base
        bonus = min(BONUS_MAX, figures.bonus)
        reserve = RESERVE - figures.deductions
        words = (
            sentences.NO_BASE
            if base is None
            else said(
                sentences.BASE, earned=figures.earned, applicable=figures.applicable, base=base
            )
        )
        terms = [
            _term("base", base, words),
            _term(
                "bonus",
                bonus,
                said(sentences.BONUS, sum=figures.bonus, bonus=bonus, excess=figures.excess),
            ),
        ]
        if self._deductions:
            words = said(sentences.RESERVE, deductions=figures.deductions, reserve=reserve)
            terms.append(_term("reserve", reserve, words))
        return [*terms, _term("score", figures.score, _words_of(figures))]

    def _items(self, quarter: str) -> list[ItemPart]:
        by_item: dict[str, list[Claim]] = {}
        for claim in self._claims:
            if quarter_of(claim.deed_date) == quarter:
                by_item.setdefault(claim.item, []).append(claim)
        parts = [self._item(item, own, quarter) for item, own in sorted(by_item.items())]
        return [part for part in parts if self._deductions or part.kind != "deduct"]

    def _item(self, item: str, claims: Sequence[Claim], quarter: str) -> ItemPart:
        kind = line_of(self._versions, claims[0], self._capacity).kind
        name = self._names.get(item)
        points = sum(claim.worth.raw[self._capacity] for claim in claims)
        trace = None
        if kind == "bonus":
            # Both sides of a trace at the head are the state that holds now.
            found = trace_item(self._weighed, item, quarter, self._size + 1)
            trace, points = trace_answer(found), found.after
        return ItemPart(
            item=item,
            item_name_zh=None if name is None else name.zh,
            item_name_en=None if name is None else name.en,
            kind=kind,
            points=format_points(points),
            claims=[self._claim(claim) for claim in claims],
            trace=trace,
        )

    def _claim(self, claim: Claim) -> ClaimPart:
        raw = claim.worth.raw[self._capacity]
        assert claim.verified_seq is not None, "a verified claim was verified by a record"
        return ClaimPart(
            claim=claim.id,
            deed=claim.deed,
            deed_date=claim.deed_date.isoformat(),
            raw=format_points(raw),
            counted=format_points(claim.counted.get(self._capacity, raw)),
            verified_seq=claim.verified_seq,
            deciders=claim.verified_deciders,
        )


def _term(name: str, value: int | None, words: Sentence) -> Term:
    return Term(name, None if value is None else format_points(value), words.zh, words.en)
