"""One stream folded twice side by side: as it was, and as if a draft had been in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from jifen_contracts.events import AnyEvent, SchemePublished, Unreadable, read_event
from jifen_ledger.domain.fold import fold, fold_again, fold_event
from jifen_ledger.domain.outcome import Outcome, Record, Status
from jifen_ledger.domain.postings import Posting
from jifen_ledger.domain.simulation.as_if import AsIf
from jifen_ledger.domain.simulation.restated import restated
from jifen_ledger.domain.state import State

INCENTIVE = "inc"


class Verdicts(NamedTuple):
    """What an event of a type came to, as it was and as it would be; a code, or "" if accepted."""

    type: str
    before: str
    after: str


class Twofold:
    """Both states, and what tells them apart that no state holds.

    `verdicts` counts the events that were decided otherwise, `turned` has the first of them for a
    claim. `before` and `after` add up the postings of the span by capacity (or `inc`) and item.
    """

    def __init__(self, scheme: str, plan: AsIf) -> None:
        """Begin before the first message."""
        self.plan = plan
        self.was, self.would = State.empty(scheme), State.empty(scheme)
        self.verdicts: Counter[Verdicts] = Counter()
        self.turned: dict[str, Verdicts] = {}
        self.before: Counter[tuple[str, str]] = Counter()
        self.after: Counter[tuple[str, str]] = Counter()
        self._quarters = frozenset(plan.span.quarters)

    def fold(self, seq: int, payload: bytes) -> Record:
        """Fold the next message into both; return the record as it was. Raises UnknownType."""
        self.would.live_from = self.was.live_from
        try:
            event = read_event(payload, self.was.scheme)
        except Unreadable:
            record = fold(self.was, seq, payload)
        else:
            record = fold_event(self.was, seq, payload, event)
            if record.first:
                self._fold_again(seq, event, record)
        self.would.size = seq
        return record

    def forget_changes(self) -> None:
        """Let go of the rows that a table would be written from: nothing is written here."""
        self.was.take_changes()
        self.would.take_changes()

    def _fold_again(self, seq: int, event: AnyEvent, record: Record) -> None:
        outcome = record.outcome
        if isinstance(event, SchemePublished):
            if outcome.status is not Status.REFUSED:
                self.would.versions = self.plan.versions_after(seq)
            return
        again = restated(event, outcome, self.was, self.would)
        other, effect = fold_again(self.would, seq, again)
        self._compare(event, outcome, other)
        self._add(self.before, record.postings)
        self._add(self.after, effect.postings)

    def _compare(self, event: AnyEvent, before: Outcome, after: Outcome) -> None:
        if before.code is after.code:
            return
        verdicts = Verdicts(event.type, before.code or "", after.code or "")
        self.verdicts[verdicts] += 1
        claim = getattr(event.data, "claim", None)
        if claim is not None:
            self.turned.setdefault(claim, verdicts)

    def _add(self, sums: Counter[tuple[str, str]], postings: Iterable[Posting]) -> None:
        for posting in postings:
            if posting.kind and posting.quarter in self._quarters:
                kind, _, rest = posting.account.partition(":")
                capacity = rest.rpartition(":")[2] if kind == "member" else INCENTIVE
                sums[capacity, posting.item] += posting.delta
