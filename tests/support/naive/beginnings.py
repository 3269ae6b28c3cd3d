"""The naive ledger that already knows the small world, and what a ledger takes in."""

from collections.abc import Iterable
from functools import cache

from tests.support.builders import world
from tests.support.ledgers import Ledger
from tests.support.naive.ledger import NaiveLedger, NaiveRecord
from tests.support.people import SCHEME


def started() -> NaiveLedger:
    """A fresh ledger after `world()`."""
    return _after_world().fork()


@cache
def _after_world() -> NaiveLedger:
    ledger = NaiveLedger(SCHEME)
    taken(ledger, world())
    return ledger


def taken(ledger: Ledger, payloads: Iterable[bytes]) -> list[NaiveRecord]:
    """The records of messages that must all be accepted."""
    records = []
    for payload in payloads:
        record = ledger.receive(payload)
        assert record.code is None, (record.code, payload)
        records.append(record)
    return records
