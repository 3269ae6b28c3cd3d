"""What one scheme's projection has written since this process began, counted for who watches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from jifen_contracts.codes import Code
from jifen_ledger.application.buckets import Buckets
from jifen_ledger.domain.outcome import Record, Status

BATCH_EVENTS = (1, 10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
BATCH_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
# Messages that are no events of ours (tlog.md §12).
NO_EVENTS = (Code.MALFORMED, Code.TOO_LARGE)
# Whoever watches a counter grow must have seen it at nought.
ALARMING = (*NO_EVENTS, Code.CONFLICTING_DUPLICATE)

_SAID = attrgetter("outcome.status", "outcome.code")


@dataclass(slots=True)
class Counted:
    """Counters: they only grow, and begin anew with the process."""

    outcomes: dict[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    refused: dict[Code, int] = field(default_factory=lambda: dict.fromkeys(ALARMING, 0))
    batch_events: Buckets = field(default_factory=lambda: Buckets(BATCH_EVENTS))
    batch_seconds: Buckets = field(default_factory=lambda: Buckets(BATCH_SECONDS))

    def written(self, records: Iterable[Record]) -> None:
        """Count records that are committed."""
        # In one go: the fold waits for it.
        for (status, code), count in Counter(map(_SAID, records)).items():
            self.outcomes[status] += count
            if status is Status.REFUSED:
                self.refused[code] = self.refused.get(code, 0) + count

    def worked(self, events: int, seconds: float) -> None:
        """Count a batch by its size, and by the time from its first message to the next batch."""
        self.batch_events.add(events)
        self.batch_seconds.add(seconds)
