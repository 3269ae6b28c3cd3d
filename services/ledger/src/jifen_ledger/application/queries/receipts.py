"""Receipts: what a member keeps to prove, offline and for ever, what was recorded and why."""

from __future__ import annotations

from typing import Protocol

from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.log import Log, seq_of
from jifen_ledger.application.queries.outcomes import JournalReads, record_of
from jifen_ledger.application.queries.refusals import Forbidden, NotFound
from jifen_ledger.application.queries.shown_text import TextReads, opening_of
from jifen_ledger.log.receipts import Opening, receipt_file


class ReceiptReads(JournalReads, TextReads, Protocol):
    """What a receipt is made from, beside the log."""


async def receipt_of(log: Log, reads: ReceiptReads, asked: Asked, seq_path: str) -> bytes:
    """Return the receipt of a record that is covered by the log. Raises NotFound, Forbidden."""
    seq = seq_of(seq_path)
    entry = await record_of(reads, asked, seq)
    if seq > log.newest.size:
        raise NotFound("The record is not covered by a published checkpoint yet.")
    proof = await log.inclusion(seq - 1)
    return receipt_file(proof, entry, await _opening(reads, asked, seq))


async def _opening(reads: TextReads, asked: Asked, seq: int) -> Opening | None:
    """Return the opening, None where there is none or it is not for the reader."""
    try:
        found = await opening_of(reads, asked, seq)
    except (Forbidden, NotFound):
        return None
    return Opening(dict(found.private), found.salt)
