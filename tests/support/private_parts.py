"""Events with a private part, and the private part's own message, as ingest makes both."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.private_parts import person_of, privatehash_of
from jifen_contracts.subjects import private_subject_of
from tests.support.people import SCHEME


class Part(NamedTuple):
    """The message that keeps a private part."""

    subject: str
    payload: bytes
    privatehash: str
    salt: str


def part_of(payload: bytes, private: Mapping[str, Any], scheme: str = SCHEME) -> Part:
    """The private part of an event; its salt is made from the event, the same every time."""
    event = decode(payload)
    salt = sha256(b"salt" + payload).digest()
    said = canonical(dict(private))
    privatehash = privatehash_of(said, salt)
    data: dict[str, object] = event["data"]  # type: ignore[assignment]
    person = person_of(str(event["type"]), str(event["subject"]), data)
    message = {"private": dict(private), "privatehash": privatehash, "salt": salt.hex()}
    return Part(private_subject_of(scheme, person), orjson.dumps(message), privatehash, salt.hex())


def with_part(payload: bytes, private: Mapping[str, Any]) -> tuple[bytes, Part]:
    """The event with the hash of its private part, and that part."""
    part = part_of(payload, private)
    return canonical({**decode(payload), "privatehash": part.privatehash}), part
