"""One scheme as it was known after an earlier record, of the deeds up to a day."""

from __future__ import annotations

from datetime import date

from jifen_ledger.adapters.reads.past_accounts import PastAccountReads
from jifen_ledger.adapters.reads.past_boards import PastBoardReads
from jifen_ledger.adapters.reads.past_inbox import PastInboxReads
from jifen_ledger.adapters.reads.past_rules import PastRuleReads
from jifen_ledger.adapters.reads.snapshot import Snapshot


class PastSnapshot(PastRuleReads, PastBoardReads, PastAccountReads, PastInboxReads, Snapshot):
    """Every read of one scheme, cut at a record; what follows from claims is counted anew.

    Reads that only cut their tables by `at` (`held`) are those of the snapshot of now.
    """

    def __init__(self, now: Snapshot, at: int, as_of: date | None = None) -> None:
        """Read on the connection of a snapshot of now, within the same moment of the tables."""
        Snapshot.__init__(self, *now.shared())
        self.at, self.as_of = at, as_of
        self._present = now.present
        self._found, self._counted, self._of_quarters = {}, {}, {}

    @property
    def present(self) -> Snapshot:
        """The same reads of now: rights rest on them, whatever the moment."""
        return self._present
