"""The fold of domain.md written a second time: plain, slow, and without looking at the ledger."""

from tests.support.naive.ledger import NaiveLedger, NaiveRecord

__all__ = ["NaiveLedger", "NaiveRecord"]
