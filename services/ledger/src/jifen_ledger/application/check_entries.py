"""Checks stored records before they are signed: nothing that the projection computed is trusted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import orjson

from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import Entry
from jifen_ledger.log.hashes import leaf_hash
from jifen_ledger.log.record_form import moved
from jifen_ledger.log.verdicts import Malformed


class Place(NamedTuple):
    """Where the checking stands: after the record `seq`, stamped `recorded_at`."""

    seq: int
    recorded_at: str


def check_entries(entries: Iterable[Entry], place: Place) -> Place:
    """Check that the records go on from the place; return the new one. Raises SigningHalted."""
    for entry in entries:
        if entry.seq != place.seq + 1:
            raise _altered(place.seq + 1, f"the next record there is has seq {entry.seq}")
        if leaf_hash(entry.record) != entry.leaf_hash:
            raise _altered(entry.seq, "its bytes do not have its leaf hash")
        place = Place(entry.seq, _stamp_of(entry, place))
    return place


def stamp_of(entry: Entry) -> str:
    """Return when the record says it was accepted. Raises SigningHalted."""
    return _stamp_of(entry, Place(entry.seq - 1, ""))


def _stamp_of(entry: Entry, before: Place) -> str:
    try:
        record = orjson.loads(entry.record)
        seq, recorded_at = record["seq"], str(record["recorded_at"])
        sums = moved(record["postings"])
    except (orjson.JSONDecodeError, KeyError, TypeError, Malformed) as error:
        raise _altered(entry.seq, f"it is no record: {error!r}") from None
    if seq != entry.seq:
        raise _altered(entry.seq, f"it says it is {seq}")
    if recorded_at < before.recorded_at:
        raise _altered(entry.seq, "it was recorded before the record before it")
    if any(sums.values()):
        raise _altered(entry.seq, f"its deltas sum to {sums}")
    return recorded_at


def _altered(seq: int, what: str) -> SigningHalted:
    return SigningHalted(HaltReason.ALTERED_RECORD, f"seq {seq}: {what}")
