"""Checks the form of all records, sums what they move, and remembers the times asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.application.audit.walk import Chunk
from jifen_ledger.log.record_form import BEFORE_THE_FIRST, check_record
from jifen_ledger.log.verdicts import Malformed


class Records:
    """The records of a log up to an entry, as any reader sums them without our rules."""

    def __init__(self, timed: Collection[int]) -> None:
        """Remember `recorded_at` of the entries with these indexes."""
        self.balances: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.recorded_at: dict[int, str] = {}
        self._timed = frozenset(timed)
        self._last = BEFORE_THE_FIRST

    def take(self, chunk: Chunk) -> None:
        """Check and count the records of further entries. Raises AuditFailed."""
        for index, entry in enumerate(chunk.entries, start=chunk.first):
            try:
                record = check_record(entry, index, self._last)
            except Malformed as error:
                raise AuditFailed(f"seq {index + 1}: {error}") from None
            self._count(index, record)

    def _count(self, index: int, record: dict[str, Any]) -> None:
        self._last = record["recorded_at"]
        self.statuses[record["outcome"]["status"]] += 1
        for posting in record["postings"]:
            self.balances[posting["account"]] += posting["delta"]
        if index in self._timed:
            self.recorded_at[index] = self._last
