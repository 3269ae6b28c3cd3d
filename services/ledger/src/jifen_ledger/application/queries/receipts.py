"""Receipts: what a member keeps to prove, offline and for ever, what was recorded."""

from __future__ import annotations

from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.log import Log, seq_of
from jifen_ledger.application.queries.outcomes import JournalReads, record_of
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.log.receipts import Opening, receipt_file


async def receipt_of(
    log: Log, reads: JournalReads, asked: Asked, seq_path: str, opening: Opening | None = None
) -> bytes:
    """Return the receipt of a record that is covered by the log. Raises NotFound, Forbidden."""
    seq = seq_of(seq_path)
    entry = await record_of(reads, asked, seq)
    if seq > log.newest.size:
        raise NotFound("The record is not covered by a published checkpoint yet.")
    return receipt_file(await log.inclusion(seq - 1), entry, opening)
