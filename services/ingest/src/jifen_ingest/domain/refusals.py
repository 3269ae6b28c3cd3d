"""Why ingest can refuse: before the stream, so that of a refused event nothing is stored.

Refusal
├── Unauthorised        no credential has this token
├── SchemeNotAllowed    the credential belongs to another scheme
├── UnknownScheme       the scheme has no stream
├── UnsupportedMedia    the body is in none of the four forms
├── Malformed           the body cannot be read as what it claims to be
├── BatchTooLarge       too many events or bytes in one request
├── TooLarge            one event or file is longer than it may be
├── HashMismatch        a file has not the hash of its address
├── MediaNotAllowed     a file's content is of no kind that is taken
├── SchemaInvalid       the event breaks its contract
│   ├── PointsPrecision an amount has more than one decimal
│   ├── PersonalData    a public string holds a phone or identity number
│   └── AtomicRefused   one event of an all-or-nothing request was refused
├── UnknownType         no such type, or one that nobody folds yet
├── TypeNotAllowed      the credential lacks the scope for this
├── SourceNotAllowed    the credential may not speak for this source
├── InFuture            a time lies after the clock
├── RateLimited         the credential has too many events under way
└── Busy                the log did not confirm; the event may or may not be stored
    └── StreamLost      the scheme's stream is gone or has gone back, until it is refilled
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jifen_contracts.codes import Code


@dataclass(frozen=True, slots=True)
class Fault:
    """One place of a request that breaks a rule; never the value found there."""

    pointer: str
    message: str


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    code: ClassVar[Code]

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class Unauthorised(Refusal):
    code = Code.UNAUTHORISED


class SchemeNotAllowed(Refusal):
    code = Code.SCHEME_NOT_ALLOWED


class UnknownScheme(Refusal):
    code = Code.UNKNOWN_SCHEME


class Malformed(Refusal):
    code = Code.MALFORMED


class UnsupportedMedia(Malformed):
    """The code is that of a body we cannot read; only the HTTP status tells them apart."""


class BatchTooLarge(Refusal):
    code = Code.BATCH_TOO_LARGE


class TooLarge(Refusal):
    code = Code.TOO_LARGE


class HashMismatch(Refusal):
    code = Code.HASH_MISMATCH


class MediaNotAllowed(Refusal):
    code = Code.MEDIA_NOT_ALLOWED


class SchemaInvalid(Refusal):
    code = Code.SCHEMA_INVALID


class PointsPrecision(SchemaInvalid):
    code = Code.POINTS_PRECISION


class PersonalData(SchemaInvalid):
    code = Code.PERSONAL_DATA


class AtomicRefused(SchemaInvalid):
    """Each fault's pointer is the index of an event, its message begins with that event's code."""


class UnknownType(Refusal):
    code = Code.UNKNOWN_TYPE


class TypeNotAllowed(Refusal):
    code = Code.TYPE_NOT_ALLOWED


class SourceNotAllowed(Refusal):
    code = Code.SOURCE_NOT_ALLOWED


class InFuture(Refusal):
    code = Code.IN_FUTURE


class RateLimited(Refusal):
    code = Code.RATE_LIMITED


class Busy(Refusal):
    code = Code.BUSY


class StreamLost(Busy):
    code = Code.STREAM_LOST
