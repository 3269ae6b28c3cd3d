"""What slow peers project: the stream's last events, and by how much each moves a balance."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jifen_ledger.domain.outcome import Record


class Move(NamedTuple):
    """An event, whose balance it moves, and what it credits: the fold is not the peers' work."""

    seq: int
    account: str
    points: int
    payload: bytes


def last_moves(payloads: Sequence[bytes], records: Sequence[Record], most: int) -> Sequence[Move]:
    """Return the moves of the last events, not more than `most`."""
    pairs = list(zip(payloads, records, strict=True))
    return [_move(payload, record) for payload, record in pairs[-most:]]


def moved_in_all(moves: Iterable[Move]) -> int:
    return sum(move.points for move in moves)


def _move(payload: bytes, record: Record) -> Move:
    assert record.envelope is not None, record
    credited = sum(max(0, posting.delta) for posting in record.postings)
    return Move(record.seq, record.envelope.subject, credited, payload)
