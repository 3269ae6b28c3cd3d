"""The two ledgers a specification can be asked of: the fold, and the naive model."""

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from tests.support.builders import world
from tests.support.folded import FoldedLedger
from tests.support.naive import NaiveLedger, NaiveRecord
from tests.support.people import SCHEME
from tests.support.purses import Purse

Scores = tuple[int, int, int, int, int, int | None]


class Ledger(Protocol):
    """What tests ask of either."""

    records: list[NaiveRecord]

    def receive(self, payload: bytes) -> NaiveRecord: ...
    def balances(self) -> dict[str, int]: ...
    def scores(self, holder: str, capacity: str, quarter: str) -> Scores: ...
    def published_score(self, holder: str, capacity: str, quarter: str) -> int | None: ...
    def claim(self, claim_id: str) -> Any: ...
    def wallet(self, holder: str, day: str) -> Purse: ...
    def fork(self) -> "Ledger": ...


LEDGERS: dict[str, Callable[[str], NaiveLedger | FoldedLedger]] = {
    "fold": FoldedLedger,
    "model": NaiveLedger,
}


@cache
def _after_world(kind: str) -> NaiveLedger | FoldedLedger:
    ledger = LEDGERS[kind](SCHEME)
    for payload in world():
        record = ledger.receive(payload)
        assert record.code is None, record
    return ledger


def started(kind: str) -> NaiveLedger | FoldedLedger:
    """A fresh ledger of the kind after `world()`."""
    return _after_world(kind).fork()
