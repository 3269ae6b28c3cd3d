"""What became of an event, and the record's exact bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from jifen_contracts.codes import MEANINGS, Code
from jifen_contracts.points import format_points
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import (
    require,
    sees_outcome,
    sees_own_word,
    sees_record,
)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row of the journal; `branch` is that of the claim the record is about, if any."""

    seq: int
    recorded_at: str
    bytes: bytes
    type: str | None
    subject: str | None
    status: str
    code: str | None
    claim: str | None
    branch: str | None


class JournalReads(Protocol):
    """What is asked of the journal."""

    async def record(self, seq: int) -> RecordRow | None:
        """Return the record with the seq."""

    async def first_record(self, source: str, id_: str) -> RecordRow | None:
        """Return the first record of an event."""

    async def repeats(self, first: RecordRow) -> Sequence[RecordRow]:
        """Return the later records of the same event, at most REPEATS_MAX, in stream order."""


REPEATS_MAX = 100


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting of a record."""

    ordinal: int
    account: str
    delta: str
    kind: str | None
    item: str | None
    quarter: str | None
    booked: str | None


@dataclass(frozen=True, slots=True)
class Later:
    """A later record of the same event: a duplicate, or a conflict."""

    seq: int
    status: str
    code: str | None
    refers_to: int | None
    recorded_at: str


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What the ledger decided about an event."""

    source: str
    id: str
    seq: int
    status: str
    code: str | None
    meaning: str | None
    refers_to: int | None
    notices: Sequence[str]
    findings: Sequence[str]
    recorded_at: str
    claim: str | None
    postings: Sequence[Leg]
    later: Sequence[Later]


async def outcome_of(reads: JournalReads, asked: Asked, source: str, id_: str) -> EventOutcome:
    """Return the outcome of the event. Raises NotFound, Forbidden."""
    first = await reads.first_record(source, id_)
    if first is None:
        raise NotFound("The ledger has no record of this event.")
    about = (first.type, first.subject, first.branch)
    own = sees_own_word(asked.reader, first.type, _speaker(first))
    require(allowed=own or sees_outcome(asked.reader, *about))
    # A shop learns whether, not from which points.
    postings_seen = sees_record(asked.reader, *about)
    record = orjson.loads(first.bytes)
    outcome = record["outcome"]
    return EventOutcome(
        source=source,
        id=id_,
        seq=first.seq,
        status=first.status,
        code=first.code,
        meaning=None if first.code is None else MEANINGS[Code(first.code)],
        refers_to=outcome.get("refers_to"),
        notices=outcome.get("notices", []),
        findings=outcome.get("findings", []),
        recorded_at=first.recorded_at,
        claim=first.claim,
        postings=[
            _leg(number, one) for number, one in enumerate(record["postings"]) if postings_seen
        ],
        later=[_later(row) for row in await reads.repeats(first)],
    )


async def record_of(reads: JournalReads, asked: Asked, seq: int) -> bytes:
    """Return the record's exact bytes. Raises NotFound, Forbidden."""
    row = await reads.record(seq)
    if row is None:
        raise NotFound("There is no record with this seq.")
    _check(asked, row)
    return row.bytes


def _check(asked: Asked, row: RecordRow) -> None:
    seen = sees_record(asked.reader, row.type, row.subject, row.branch)
    require(allowed=seen or sees_own_word(asked.reader, row.type, _speaker(row)))


def _speaker(row: RecordRow) -> str | None:
    said = orjson.loads(row.bytes).get("event", {}).get("data", {})
    by = said.get("by")
    return by if isinstance(by, str) else None


def _leg(ordinal: int, posting: Mapping[str, Any]) -> Leg:
    return Leg(
        ordinal=ordinal,
        account=posting["account"],
        delta=format_points(posting["delta"]),
        kind=posting.get("kind"),
        item=posting.get("item"),
        quarter=posting.get("quarter"),
        booked=posting.get("booked"),
    )


def _later(row: RecordRow) -> Later:
    refers_to = orjson.loads(row.bytes)["outcome"].get("refers_to")
    return Later(row.seq, row.status, row.code, refers_to, row.recorded_at)
