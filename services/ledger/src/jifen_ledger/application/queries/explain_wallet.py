"""Why a wallet moved without a claim being decided: the lots it moved, and the claims behind them.

Points are spent, expire, or come over from another record of the same person; what the lots lost
says which deeds had earned them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.claims import ClaimReads
from jifen_ledger.application.queries.explained import EventName, PostingRow
from jifen_ledger.application.queries.holders import Asked, item_names, known_holder
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require, sees_wallet_lines
from jifen_ledger.application.queries.sentences import lot_sentence
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.offers import Redemption
from jifen_ledger.domain.postings import EXPIRED, SPENT, unit_of_points
from jifen_ledger.domain.wallets import Lot

# What moves a wallet by itself, whatever claim the record decides beside it.
OF_LOTS = frozenset({"spend", "expire", "join"})
_SINKS = {SPENT: "spend", EXPIRED: "expire"}


class LotChange(NamedTuple):
    """A lot as a record left it, and what was left and held before; None for a new lot."""

    lot: Lot
    left_before: int | None
    held_before: int | None


class LotReads(ClaimReads, Protocol):
    """What is asked for such an explanation."""

    async def lot_changes(self, holder: str, seq: int) -> Sequence[LotChange]:
        """Return what a record made of the holder's lots."""

    async def redemption_at(self, member: str, seq: int) -> Redemption | None:
        """Return the redemption of the member that a record made, or ended, as it left it."""


@dataclass(frozen=True, slots=True)
class LotMoved:
    """A lot before and after the record, the claim that earned it, and what that says."""

    claim: str
    deed: str
    deed_date: str
    item: str
    amount: str
    left_before: str
    left: str
    held_before: str
    held: str
    expires: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class WalletPostingAnswer:
    """Everything behind a posting of points that were spent, expired or came over."""

    event: EventName
    ordinal: int
    account: str
    unit: str
    delta: str
    kind: str
    holder: str
    item: str | None
    item_name_zh: str | None
    item_name_en: str | None
    quarter: str | None
    booked: str | None
    redemption: str | None
    offer: str | None
    lots: Sequence[LotMoved]


def is_of_lots(row: PostingRow) -> bool:
    """Tell whether lots explain the posting, and no decision about a claim."""
    return row.kind in OF_LOTS or row.account in _SINKS


async def wallet_posting_explained(
    reads: LotReads, asked: Asked, row: PostingRow
) -> WalletPostingAnswer:
    """Return what is behind the posting. Raises NotFound, Forbidden."""
    if row.subject is None:
        raise NotFound("There is no such posting.")
    holder = await known_holder(reads, asked, row.subject)
    require(allowed=sees_wallet_lines(asked.reader, holder))
    kind = row.kind or _SINKS[row.account]
    changes = [
        change
        for change in await reads.lot_changes(row.subject, row.seq)
        if _concerns(change, kind, row.item)
    ]
    claims = {one.id: one for one in await reads.claims([one.lot.claim for one in changes])}
    redemption = await reads.redemption_at(row.subject, row.seq)
    name = item_names(await reads.versions()).get(row.item or "")
    return WalletPostingAnswer(
        event=EventName(row.seq, row.source, row.event_id, row.type, row.recorded_at),
        ordinal=row.ordinal,
        account=row.account,
        unit=unit_of_points(row.account),
        delta=format_points(row.delta),
        kind=kind,
        holder=row.subject,
        item=row.item,
        item_name_zh=None if name is None else name.zh,
        item_name_en=None if name is None else name.en,
        quarter=row.quarter,
        booked=row.booked,
        redemption=None if redemption is None else redemption.redemption,
        offer=None if redemption is None else redemption.offer,
        lots=[_moved(one, claims, kind) for one in changes],
    )


def _concerns(change: LotChange, kind: str, item: str | None) -> bool:
    """Tell whether the lot moved for this posting: by its item, and in the way of its kind."""
    if item is not None and change.lot.item != item:
        return False
    before = change.left_before or 0
    spent = (change.held_before or 0) - change.lot.held
    match kind:
        case "join":
            return change.left_before is not None
        case "spend":
            return spent > 0 and before > change.lot.left
        case _:
            return before - change.lot.left > max(0, spent)


def _moved(change: LotChange, claims: Mapping[str, Claim], kind: str) -> LotMoved:
    lot, claim = change.lot, claims.get(change.lot.claim)
    assert claim is not None
    before = change.left_before or 0
    sentence = lot_sentence(kind, lot.claim, before, lot.left, lot.expires)
    return LotMoved(
        claim=lot.claim,
        deed=claim.deed,
        deed_date=claim.deed_date.isoformat(),
        item=lot.item,
        amount=format_points(lot.amount),
        left_before=format_points(before),
        left=format_points(lot.left),
        held_before=format_points(change.held_before or 0),
        held=format_points(lot.held),
        expires=lot.expires.isoformat(),
        zh=sentence.zh,
        en=sentence.en,
    )
