"""What waits for reviewers of a branch: each claim with its deadline, overdue ones marked (F05)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.catalogue import RegisterState
from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.handling import (
    CaseReads,
    PanelReads,
    cases_by_now,
    handles_cases,
)
from jifen_ledger.application.queries.holders import (
    Asked,
    PersonName,
    item_names,
    shown_names,
)
from jifen_ledger.application.queries.refusals import NotFound, QueryInvalid
from jifen_ledger.application.queries.rights import require
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.moment import local_day
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.state import State
from jifen_ledger.domain.statements import is_answered
from jifen_ledger.domain.tallies import review_deadline
from jifen_ledger.domain.units import deciding_branch
from jifen_ledger.domain.versions import calendar_on, line_of

Stage = Literal["preliminary", "verified"]
# The stage whose decision a claim of the state waits for.
_AWAITED: Mapping[str, Stage] = {
    ClaimState.CLAIMED.value: "preliminary",
    ClaimState.PRELIMINARY.value: "verified",
}
_STATES = {stage: state for state, stage in _AWAITED.items()}


class InboxReads(RegisterState, PanelReads, CaseReads, Protocol):
    """What is asked of the claims that wait."""

    async def waiting(self, branches: Collection[str]) -> Mapping[tuple[str, str], int]:
        """Return how many claims wait for their next decision, by (state, deed month)."""

    async def open_claims(
        self, branches: Collection[str], state: str | None, after: tuple[date, int], limit: int
    ) -> Sequence[Claim]:
        """Return claims that wait for a decision, the earliest deeds first, beyond `after`."""

    async def objections_about(self, claims: Collection[str]) -> Sequence[Objection]:
        """Return what was filed about these claims, in the order it came."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many claims on deeds of a month wait for a stage."""

    month: str
    stage: str
    claims: int


@dataclass(frozen=True, slots=True)
class InboxClaim:
    """A claim that waits for a stage; `points` is what it is worth as it stands.

    A deduction may be verified after `answer_until`, or once it was `answered`.
    """

    claim: str
    holder: str
    name_zh: str | None
    name_en: str | None
    item: str
    item_name_zh: str | None
    item_name_en: str | None
    deed: str
    deed_date: str
    stated_on: str
    branch: str
    stage: str
    deadline: str
    overdue: bool
    points: Mapping[str, str]
    preliminary_deciders: Sequence[str]
    answer_until: str | None
    answered: bool | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of what waits, the earliest deed first, and how much waits in all."""

    branch: str
    size: int
    waiting: Sequence[Waiting]
    claims: Sequence[InboxClaim]
    next: str | None


async def inbox_of(
    reads: InboxReads,
    asked: Asked,
    branch: str,
    stage: Stage | None,
    limit: int,
    cursor: str | None,
) -> Inbox:
    """Return a page of the inbox. Raises NotFound, Forbidden, QueryInvalid.

    A branch decides what ended branches left to it too (E41).
    """
    require(allowed=await handles_cases(reads, asked, branch))
    after = _read(cursor, asked.moment)
    state = await reads.registers([])
    if state.units.get(branch) is None:
        raise NotFound("There is no such branch.")
    branches = [
        unit for unit in state.units.rows() if deciding_branch(state, unit, asked.today) == branch
    ]
    counts = await reads.waiting(branches)
    wanted = None if stage is None else _STATES[stage]
    found = await reads.open_claims(branches, wanted, after, limit + 1)
    page = await cases_by_now(reads, asked, branches, found[:limit])
    filed = await reads.objections_about([claim.id for claim in page if _deducts(state, claim)])
    names = await shown_names(reads, asked, [claim.holder for claim in page])
    items = item_names(state.versions)
    last = found[limit - 1] if len(found) > limit else None
    return Inbox(
        branch,
        asked.size,
        _waiting(counts),
        [_answer(state, claim, filed, names, items, asked.today) for claim in page],
        None if last is None else cursor_of(asked.moment, last.deed_date.isoformat(), last.seq),
    )


def _read(cursor: str | None, moment: str) -> tuple[date, int]:
    if cursor is None:
        return date.min, 0
    of_moment, day, seq = read_cursor(cursor, str, str, int)
    if of_moment != moment:
        raise QueryInvalid("The cursor belongs to another moment: repeat known_at.")
    try:
        return date.fromisoformat(str(day)), int(seq)
    except ValueError:
        raise QueryInvalid("The cursor is not one that this address gave.") from None


def _waiting(counts: Mapping[tuple[str, str], int]) -> list[Waiting]:
    found = [Waiting(month, _AWAITED[state], number) for (state, month), number in counts.items()]
    return sorted(found, key=lambda one: (one.month, one.stage))


def _deducts(state: State, claim: Claim) -> bool:
    return any(
        line_of(state.versions, claim, capacity).kind == "deduct" for capacity in claim.measure
    )


def _answer(
    state: State,
    claim: Claim,
    filed: Sequence[Objection],
    names: Mapping[str, PersonName],
    items: Mapping[str, PersonName],
    today: date,
) -> InboxClaim:
    stage = _AWAITED[claim.state.value]
    deadline = review_deadline(state.versions, claim, stage, today)
    name, item = names.get(claim.holder), items.get(claim.item)
    stated_on = local_day(state, claim.stated_ms)
    deducts = _deducts(state, claim)
    _, days = calendar_on(state.versions, today)
    return InboxClaim(
        claim=claim.id,
        holder=claim.holder,
        name_zh=None if name is None else name.zh,
        name_en=None if name is None else name.en,
        item=claim.item,
        item_name_zh=None if item is None else item.zh,
        item_name_en=None if item is None else item.en,
        deed=claim.deed,
        deed_date=claim.deed_date.isoformat(),
        stated_on=stated_on.isoformat(),
        branch=claim.branch,
        stage=stage,
        deadline=deadline.isoformat(),
        overdue=today > deadline,
        points={capacity: format_points(value) for capacity, value in claim.worth.raw.items()},
        preliminary_deciders=claim.preliminary_deciders,
        answer_until=days.statement_end(stated_on).isoformat() if deducts else None,
        answered=is_answered(claim, filed) if deducts else None,
    )
