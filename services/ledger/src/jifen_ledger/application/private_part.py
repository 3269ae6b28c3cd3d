"""One private part as the private stream has it, checked against the hash that binds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson

from jifen_contracts.canonical import NotCanonical, canonical
from jifen_contracts.private_parts import SALT_BYTES, privatehash_of

FILES_MAX: Final = 10
OTHER: Final = "other"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


class PrivatePart(NamedTuple):
    """What opens a `privatehash`: canonical JSON and its salt; `files` are what it names.

    `stream_seq` is its message in the private stream.
    """

    privatehash: str
    person: str
    salt: bytes
    private: bytes
    files: Sequence[str]
    stream_seq: int


class Mismatch(Exception):  # noqa: N818 - it says what the message is
    """The message is no private part, or does not open the hash that it names."""


def private_part_of(seq: int, subject: str, payload: bytes) -> PrivatePart:
    """Return the private part of a message. Raises Mismatch, which quotes nothing of it."""
    try:
        message = orjson.loads(payload)
        named, private = message["privatehash"], message["private"]
        salt, said = bytes.fromhex(message["salt"]), canonical(private)
    except (ValueError, KeyError, TypeError, NotCanonical):
        raise Mismatch("the message has not the form of a private part") from None
    if len(salt) != SALT_BYTES or privatehash_of(said, salt) != named:
        raise Mismatch("the private part does not open its hash")
    person = subject.rpartition(".")[2]
    return PrivatePart(named, person, salt, said, files_of(private), seq)


def files_of(private: object) -> Sequence[str]:
    """Return the hashes of the files that a private part names as evidence."""
    return tuple(dict.fromkeys(sha256 for sha256, _ in evidence_in(private)))


def evidence_in(private: object) -> Sequence[tuple[str, str]]:
    """Return the hash and kind of what a private part names, in the form of public evidence."""
    named = private.get("evidence") if isinstance(private, dict) else None
    if not isinstance(named, list):
        return ()
    return tuple(found for one in named[:FILES_MAX] if (found := _named_in(one)) is not None)


def _named_in(entry: object) -> tuple[str, str] | None:
    if not isinstance(entry, dict):
        return None
    sha256, kind = entry.get("sha256"), entry.get("kind")
    if not isinstance(sha256, str) or _SHA256.fullmatch(sha256) is None:
        return None
    return sha256, kind if isinstance(kind, str) else OTHER
