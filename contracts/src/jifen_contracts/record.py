"""The record: the exact bytes of what came in, what was decided and what moved."""

from collections.abc import Mapping, Sequence
from typing import Final

from jifen_contracts.canonical import canonical

RECORD_SCHEMA: Final = 1
RECORD_BYTES_MAX: Final = 65_535
OUTCOME_BYTES_MAX: Final = 7_168
POSTINGS_BYTES_MAX: Final = 49_152
POSTINGS_MAX: Final = 256


def record_bytes(
    payload: bytes,
    outcome: Mapping[str, object],
    postings: Sequence[Mapping[str, object]],
    recorded_at: str,
    seq: int,
) -> bytes:
    """Return the record of an event; its payload goes in verbatim, as it is canonical already."""
    return joined_record(payload, canonical(outcome), canonical(postings), recorded_at, seq)


def joined_record(
    payload: bytes, outcome: bytes, postings: bytes, recorded_at: str, seq: int
) -> bytes:
    """Return the record of parts whose canonical bytes are at hand."""
    return b'{"event":%b,"outcome":%b,"postings":%b,"recorded_at":"%b","schema":%d,"seq":%d}' % (
        payload,
        outcome,
        postings,
        recorded_at.encode(),
        RECORD_SCHEMA,
        seq,
    )


def record_bytes_without_event(
    payload_sha256: str, outcome: Mapping[str, object], recorded_at: str, seq: int
) -> bytes:
    """Return the record of a message that is no event: its hash in hex and no postings."""
    return canonical(
        {
            "outcome": outcome,
            "payload_sha256": payload_sha256,
            "postings": [],
            "recorded_at": recorded_at,
            "schema": RECORD_SCHEMA,
            "seq": seq,
        }
    )
