"""The posting that an explanation is about, and the event behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting with what its record says of the event."""

    seq: int
    ordinal: int
    account: str
    delta: int
    kind: str | None
    item: str | None
    quarter: str | None
    booked: str | None
    claim: str | None
    recorded_at: str
    source: str | None
    event_id: str | None
    type: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class EventName:
    """The event of the record; its bytes are the record's."""

    seq: int
    source: str | None
    id: str | None
    type: str | None
    recorded_at: str
