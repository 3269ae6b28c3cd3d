"""Why a posting is what it is: event, claim, decisions, rule version and cap arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.periods import quarter_of
from jifen_contracts.points import format_points
from jifen_contracts.times import instant_ms
from jifen_ledger.application.queries.claims import seen_capacities
from jifen_ledger.application.queries.explain_wallet import (
    LotReads,
    WalletPostingAnswer,
    is_of_lots,
    wallet_posting_explained,
)
from jifen_ledger.application.queries.explained import EventName, PostingRow
from jifen_ledger.application.queries.holders import Asked, item_names, known_holder
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require, sees_wallet_lines
from jifen_ledger.application.queries.sentences import sentence_of
from jifen_ledger.domain.cap_trace import NOTHING_KEPT_BACK, CapTrace, Side, Traced
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.moment import local_day_of
from jifen_ledger.domain.posting_trace import WALLET, Moved, trace_posting
from jifen_ledger.domain.postings import unit_of_points
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.wallets import Wallet

_ASSESSMENT = ("committee", "member", "unit")


class ExplainReads(LotReads, Protocol):
    """What is asked for an explanation."""

    async def posting(self, seq: int, ordinal: int) -> PostingRow | None:
        """Return the posting, None where there is none."""

    async def adjusting_branch(self, row: PostingRow) -> str | None:
        """Return the branch whose bulletin of the booked quarter lists the posting, if one does."""

    async def wallets_around(self, holder: str, seq: int) -> tuple[Wallet | None, Wallet | None]:
        """Return debt and what budgets kept back right before a record and right after it."""


@dataclass(frozen=True, slots=True)
class SideAnswer:
    """What went into a step, the cap on it and what was left, as decimal strings."""

    value: str
    cap: str | None
    left: str


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """One step before and after the record, and what it says."""

    step: str
    of: str
    before: SideAnswer
    after: SideAnswer
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The cap trace: what F was, what it became, and every step of it."""

    before: str
    after: str
    delta: str
    steps: Sequence[StepAnswer]


@dataclass(frozen=True, slots=True)
class PostingAnswer:
    """Everything behind one posting (domain.md §5.1).

    `branch` is that of the claim's deed. What is booked later than its quarter is an adjustment,
    and `listed_by` the branch that lists it: that of the last deed behind it in that quarter.
    """

    event: EventName
    ordinal: int
    account: str
    unit: str
    delta: str
    kind: str | None
    claim: str
    claim_item: str
    deed: str
    group: str | None
    project: str | None
    counterpart: Sequence[str]
    holder: str
    capacity: str | None
    item: str
    item_name_zh: str | None
    item_name_en: str | None
    version: int
    catalogue: str
    branch: str
    deed_date: str
    quarter: str
    booked: str
    adjustment: bool
    listed_by: str | None
    preliminary_deciders: Sequence[str]
    deciders: Sequence[str]
    trace: Trace | None


async def posting_explained(
    reads: ExplainReads, asked: Asked, seq: int, ordinal: int
) -> PostingAnswer | WalletPostingAnswer:
    """Return what is behind the posting. Raises NotFound, Forbidden.

    It was made once, from every deed known then: a day says only whether its own deed was done, or
    whether the wallet had moved by then.
    """
    row = await reads.posting(seq, ordinal)
    versions = await reads.versions()
    if row is not None and is_of_lots(row):
        require_by(asked, local_day_of(versions, instant_ms(row.recorded_at)))
        return await wallet_posting_explained(reads, asked, row)
    claim = None if row is None or row.claim is None else await reads.claim(row.claim)
    if row is None or claim is None:
        raise NotFound("There is no such posting.")
    require_by(asked, claim.deed_date)
    capacity = capacity_of(row.account)
    await _check(reads, asked, claim, capacity)
    item = row.item or claim.item
    quarter = row.quarter or quarter_of(claim.deed_date)
    booked = row.booked or quarter
    name = item_names(versions).get(item)
    trace = await _trace(reads, versions, claim, row, capacity)
    return PostingAnswer(
        event=EventName(row.seq, row.source, row.event_id, row.type, row.recorded_at),
        ordinal=row.ordinal,
        account=row.account,
        unit=unit_of_points(row.account),
        delta=format_points(row.delta),
        kind=row.kind,
        claim=claim.id,
        claim_item=claim.item,
        deed=claim.deed,
        group=claim.group,
        project=claim.project,
        counterpart=claim.counterpart,
        holder=claim.holder,
        capacity=capacity,
        item=item,
        item_name_zh=None if name is None else name.zh,
        item_name_en=None if name is None else name.en,
        version=claim.version,
        catalogue=claim.catalogue,
        branch=claim.branch,
        deed_date=claim.deed_date.isoformat(),
        quarter=quarter,
        booked=booked,
        adjustment=booked != quarter,
        listed_by=await reads.adjusting_branch(row) if booked != quarter else None,
        preliminary_deciders=claim.preliminary_deciders,
        deciders=claim.verified_deciders,
        trace=None if trace is None else trace_answer(trace),
    )


def require_by(asked: Asked, day: date) -> None:
    """Raise NotFound where the day is after the one that is asked for."""
    if not asked.reaches(day):
        raise NotFound("There is no such posting.")


def capacity_of(account: str) -> str | None:
    """Return the capacity, `pending` or `wallet` of a holder's account, None for any other."""
    kind, *names = account.split(":")
    if kind == "wallet":
        return "wallet"
    return names[-1] if kind == "member" else None


async def _check(
    reads: ExplainReads,
    asked: Asked,
    claim: Claim,
    capacity: str | None,
) -> None:
    holder = await known_holder(reads, asked, claim.holder)
    seen = await seen_capacities(reads, asked, holder, claim)
    if capacity == "wallet":
        require(allowed=sees_wallet_lines(asked.reader, holder))
    elif capacity in _ASSESSMENT:
        # A release or an absorption may move a capacity that the claim does not name.
        require(allowed=capacity in seen or seen == frozenset(claim.worth.raw) != frozenset())
    else:
        require(allowed=seen == frozenset(claim.worth.raw))


async def _trace(
    reads: ExplainReads,
    versions: Sequence[Version],
    claim: Claim,
    row: PostingRow,
    capacity: str | None,
) -> CapTrace | None:
    if row.item is None or row.quarter is None or capacity is None:
        return None
    claims = await reads.claims_of(claim.holder)
    kept_back = NOTHING_KEPT_BACK
    if capacity == WALLET:
        before, after = await reads.wallets_around(claim.holder, row.seq)
        kept_back = (
            {} if before is None else before.kept_back,
            {} if after is None else after.kept_back,
        )
    rising = row.delta > 0
    moved = Moved(capacity, row.item, row.quarter, row.seq, rising=rising, kept_back=kept_back)
    return trace_posting(versions, claim, claims, moved)


def trace_answer(trace: CapTrace) -> Trace:
    """Return the trace as it is shown."""
    return Trace(
        format_points(trace.before),
        format_points(trace.after),
        format_points(trace.delta),
        [_step(step) for step in trace.steps],
    )


def _step(step: Traced) -> StepAnswer:
    sentence = sentence_of(step)
    return StepAnswer(
        step.step.value, step.of, _side(step.before), _side(step.after), sentence.zh, sentence.en
    )


def _side(side: Side) -> SideAnswer:
    cap = None if side.cap is None else format_points(side.cap)
    return SideAnswer(format_points(side.value), cap, format_points(side.left))
