"""The fold behind the same face as the naive model, so that one test can ask both."""

from collections import Counter
from copy import copy
from datetime import date
from typing import Any

import orjson

from jifen_ledger.application.queries.adjusted import published_figures
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.state import LOADED_TABLES, State
from jifen_ledger.domain.wallets import OPEN, Lot
from tests.support.naive import NaiveRecord
from tests.support.purses import Purse, PursedLot


def told(record: Record) -> NaiveRecord:
    """What the record's bytes say, in the words of the model."""
    said = orjson.loads(record.bytes)
    outcome = said["outcome"]
    return NaiveRecord(
        said["seq"],
        outcome["status"],
        outcome.get("code"),
        outcome.get("refers_to"),
        tuple(outcome.get("notices", ())),
        tuple(said["postings"]),
    )


class FoldedLedger:
    """A ledger that only folds, in memory."""

    def __init__(self, scheme: str) -> None:
        self.state = State.empty(scheme)
        self.records: list[NaiveRecord] = []

    def fork(self) -> "FoldedLedger":
        """A ledger with the same past."""
        other = FoldedLedger(self.state.scheme)
        other.records = list(self.records)
        for name in ("size", "recorded_at", "live_from", "versions", "units_seq"):
            setattr(other.state, name, getattr(self.state, name))
        for name in ("units", *LOADED_TABLES):
            rows: dict[Any, Any] = dict(getattr(self.state, name).rows())
            getattr(other.state, name).load(rows, copy(rows))
        return other

    def receive(self, payload: bytes) -> NaiveRecord:
        self.fold(payload)
        return self.records[-1]

    def fold(self, payload: bytes) -> Record:
        """The record as the ledger itself has it."""
        record = fold(self.state, self.state.size + 1, payload)
        self.records.append(told(record))
        return record

    def balances(self) -> dict[str, int]:
        totals: Counter[str] = Counter()
        for record in self.records:
            for posting in record.postings:
                totals[posting["account"]] += posting["delta"]
        return dict(sorted(totals.items()))

    def scores(
        self, holder: str, capacity: str, quarter: str
    ) -> tuple[int, int, int, int, int, int | None]:
        """Base earned, base applicable, bonus, excess, deductions, score (None: not scored)."""
        found = self.state.figures.get((holder, capacity, quarter))
        return (
            found.earned,
            found.applicable,
            found.bonus - found.excess,
            found.excess,
            found.deductions,
            found.score,
        )

    def published_score(self, holder: str, capacity: str, quarter: str) -> int | None:
        """What a published year counts of the quarter."""
        rows = self.state.published_lines.rows().values()
        lines = [one for one in rows if one is not None and one.holder == holder]
        told = published_figures(sorted(lines, key=lambda one: one.seq))
        place = (capacity, quarter)
        found = [one for one in told if (one.line.capacity, one.line.quarter) == place]
        return found[0].counted.score if found else None

    def wallet(self, holder: str, day: str) -> Purse:
        lots = self.open_lots(holder)
        wallet = self.state.wallets.get(holder)
        usable = [lot for lot in lots if lot.usable(date.fromisoformat(day))]
        return Purse(
            0 if wallet is None else wallet.debt,
            sum(lot.free for lot in usable),
            tuple(
                PursedLot(lot.claim, lot.left, lot.held, lot.expires.isoformat()) for lot in lots
            ),
        )

    def open_lots(self, holder: str) -> list[Lot]:
        found = (self.state.lots.get(key) for key in self.state.lots_of.get((holder, OPEN)))
        return sorted((lot for lot in found if lot is not None), key=lambda lot: lot.order)

    def claim(self, claim_id: str) -> Claim:
        claim = self.state.claims.get(claim_id)
        assert claim is not None
        return claim
