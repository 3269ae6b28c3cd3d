"""A holder's claims that still wait: for a decision, or for the holder to state them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.catalogue import RegisterState
from jifen_ledger.application.queries.claims import ClaimReads
from jifen_ledger.application.queries.holders import Asked, item_names, known_holder
from jifen_ledger.application.queries.rights import require, sees_pending
from jifen_ledger.domain.claim import ClaimState
from jifen_ledger.domain.life import is_lapsed
from jifen_ledger.domain.tallies import review_deadline

_STAGES = {ClaimState.CLAIMED: "preliminary", ClaimState.PRELIMINARY: "verified"}


class OpenClaimReads(ClaimReads, RegisterState, Protocol):
    """What is asked for a holder's open claims."""


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim under way. `deadline` is the reviewers' day, or the holder's where it came back."""

    claim: str
    item: str
    item_name_zh: str | None
    item_name_en: str | None
    deed_date: str
    state: str
    points: Mapping[str, str]
    deadline: str
    overdue: bool


async def open_claims(reads: OpenClaimReads, asked: Asked, id_: str) -> Sequence[OpenClaim]:
    """Return what waits, the earliest deadline first. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    require(allowed=sees_pending(asked.reader, holder))
    state = await reads.registers([])
    names = item_names(state.versions)
    found = []
    for claim in await reads.claims_of(id_):
        if claim.state is ClaimState.RETURNED and not is_lapsed(claim, asked.today):
            assert claim.until is not None, "a returned claim has its last day"
            deadline = claim.until
        elif claim.state in _STAGES:
            stage = _STAGES[claim.state]
            deadline = review_deadline(state.versions, claim, stage, asked.today)
        else:
            continue
        name = names.get(claim.item)
        found.append(
            OpenClaim(
                claim=claim.id,
                item=claim.item,
                item_name_zh=None if name is None else name.zh,
                item_name_en=None if name is None else name.en,
                deed_date=claim.deed_date.isoformat(),
                state=claim.state.value,
                points={key: format_points(value) for key, value in claim.worth.raw.items()},
                deadline=deadline.isoformat(),
                overdue=asked.today > deadline,
            )
        )
    return sorted(found, key=lambda one: (one.deadline, one.claim))
