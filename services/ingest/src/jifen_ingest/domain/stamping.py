"""What a caller sent becomes a stamped event: checked, freed of its private part, canonical."""

import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple

from jifen_contracts.content import content_hash_as_stored
from jifen_contracts.events import schema_of
from jifen_contracts.private_parts import SALT_BYTES, privatehash_of
from jifen_contracts.subjects import subject_of
from jifen_contracts.times import instant_ms, stamp
from jifen_contracts.tracing import TRACEPARENT
from jifen_ingest.domain.contract import payload_of
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.envelope import check_permissions
from jifen_ingest.domain.private_part import PrivatePart, private_part, take_private
from jifen_ingest.domain.refusals import Fault, InFuture, SchemaInvalid

NONCE_BYTES: Final = 16
AHEAD_MS_MAX: Final = 5 * 60_000
_OURS: Final = ("authid", "nonce", "privatehash", "importedtime")


class StampedEvent(NamedTuple):
    id: str
    source: str
    broker_subject: str
    content: bytes
    payload: bytes
    payload_sha256: str
    private: PrivatePart | None
    traceparent: str | None


def stamped(
    sent: object,
    credential: Credential,
    now_ms: int,
    draw: Callable[[int], bytes],
    traceparent: str | None = None,
) -> StampedEvent:
    """Return the event as it will be stored, or raise the Refusal that says why not.

    `draw` yields that many random bytes. The trace of the request is the event's, unless the
    event names the one it began in.
    """
    if not isinstance(sent, dict):
        raise SchemaInvalid("an event is a JSON object", [Fault("", "not an object")])
    event: dict[str, object] = dict(sent)
    check_permissions(event, credential)
    private, salt = take_private(event), b""
    _stamp(event, credential, now_ms, draw)
    if traceparent is not None:
        event.setdefault(TRACEPARENT, traceparent)
    if private is not None:
        salt = draw(SALT_BYTES)
        event["privatehash"] = privatehash_of(private, salt)
    payload = payload_of(event)
    _check_times(event, credential, now_ms)
    return _as_stored(
        event,
        payload,
        private_part(private, salt, event, credential.scheme) if private is not None else None,
    )


def _stamp(
    event: dict[str, object], credential: Credential, now_ms: int, draw: Callable[[int], bytes]
) -> None:
    """Replace whatever a caller sent in our place, and fill in what follows from the type."""
    for attribute in _OURS:
        event.pop(attribute, None)
    now = stamp(now_ms)
    # An import brings its own recorded time; the contract checks that it is there.
    event["importedtime" if credential.imports else "recordedtime"] = now
    event["authid"] = credential.name
    event["nonce"] = draw(NONCE_BYTES).hex()
    event.setdefault("datacontenttype", "application/json")
    kind = event["type"]
    assert isinstance(kind, str)
    event.setdefault("dataschema", schema_of(kind))


def _check_times(event: dict[str, object], credential: Credential, now_ms: int) -> None:
    recorded, time = event["recordedtime"], event["time"]
    assert isinstance(recorded, str)
    assert isinstance(time, str)
    if credential.imports:
        if instant_ms(recorded) > now_ms:
            raise InFuture("the recordedtime of an import is later than now")
    elif instant_ms(time) > now_ms + AHEAD_MS_MAX:
        raise InFuture("time is more than five minutes after the recorded time")


def _as_stored(
    event: dict[str, object], payload: bytes, private: PrivatePart | None
) -> StampedEvent:
    trace = event.get(TRACEPARENT)
    scheme, subject, kind = str(event["schemeid"]), str(event["subject"]), str(event["type"])
    return StampedEvent(
        id=str(event["id"]),
        source=str(event["source"]),
        broker_subject=subject_of(scheme, subject, kind),
        content=content_hash_as_stored(payload),
        payload=payload,
        payload_sha256=hashlib.sha256(payload).hexdigest(),
        private=private,
        traceparent=trace if isinstance(trace, str) else None,
    )
