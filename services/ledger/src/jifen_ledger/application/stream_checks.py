"""What is checked of every message before it is folded: its place, its bytes, its stamp."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import orjson

from jifen_contracts.events import UnknownType, Unreadable
from jifen_contracts.times import instant_ms, stamp
from jifen_ledger.application.ports import Journal, Message, Stream
from jifen_ledger.application.stopped import Ahead, ReadAgain, Reason, Stopped
from jifen_ledger.application.taken import Said

# tlog.md 10.1: one bad clock must not push `recorded_at` into the future.
AHEAD_MAX_MS = 5 * 60 * 1000


async def check_tail(stream: Stream, journal: Journal, scheme: str, size: int) -> None:
    """Compare the message at the head with its record: a stream that lost its tail reuses numbers.

    Raises Stopped.
    """
    if size == 0:
        return
    message = await stream.message(scheme, size)
    if message is None:
        raise Stopped(Reason.STREAM_SHORTENED, f"the stream has no seq {size}, the journal has")
    if not holds(await journal.record(scheme, size), message.payload):
        raise Stopped(Reason.STREAM_ALTERED, f"seq {size} is not what its record holds")


def holds(record: bytes, payload: bytes) -> bool:
    """Tell whether the record is one of this payload, verbatim or by its hash."""
    if record.startswith(b'{"event":'):
        return record.startswith(b'{"event":%b,"outcome":' % payload)
    said: object = orjson.loads(record)["payload_sha256"]
    return said == sha256(payload).hexdigest()


async def check_order(stream: Stream, scheme: str, size: int, messages: Sequence[Message]) -> None:
    """Check that the messages follow the size one by one.

    Raises ReadAgain when the client lost one, Stopped when the stream itself lacks it.
    """
    for expected, message in enumerate(messages, start=size + 1):
        if message.seq != expected:
            if await stream.message(scheme, expected) is None:
                detail = f"the stream has no seq {expected}, but {message.seq}"
                raise Stopped(Reason.STREAM_GAP, detail)
            raise ReadAgain(f"expected seq {expected}, got {message.seq}")


def not_ahead(messages: Sequence[Message], said: Sequence[Said], now_ms: int) -> Sequence[Message]:
    """Return the messages before the first one stamped too far ahead of the clock.

    `said` is what each of them says; what is no event bears no stamp. Raises Ahead when that is
    the first of all.
    """
    limit = stamp(now_ms + AHEAD_MAX_MS)
    for index, event in enumerate(said):
        if isinstance(event, Unreadable | UnknownType):
            continue
        # Stamps are compared as text: all have the same form.
        stamped = event.importedtime or event.recordedtime
        if stamped > limit:
            if index == 0:
                raise Ahead(messages[0].seq, instant_ms(stamped) - AHEAD_MAX_MS - now_ms)
            return messages[:index]
    return messages
