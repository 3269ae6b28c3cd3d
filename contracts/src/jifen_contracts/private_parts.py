"""Private parts: the hash that binds one to its event, and the person it lies with."""

import hashlib
from collections.abc import Mapping
from typing import Final

SALT_BYTES: Final = 32
_DOMAIN: Final = b"jifen/private/v1\n"
# Their subject is always a member; the subject of the others may be a unit.
_ABOUT_A_MEMBER: Final = ("jifen.member.", "jifen.absence.", "jifen.person.")


def privatehash_of(private: bytes, salt: bytes) -> str:
    """Return the hash of a private part's canonical bytes, in hexadecimal."""
    return hashlib.sha256(_DOMAIN + salt + private).hexdigest()


def person_of(kind: str, subject: str, data: Mapping[str, object]) -> str:
    """Return the event's member; for a unit's event `by`; if nobody is named, the unit."""
    if kind.startswith(_ABOUT_A_MEMBER):
        return subject
    if kind.startswith("jifen.points.") and not _of_a_unit(data):
        return subject
    by = data.get("by")
    return by if isinstance(by, str) else subject


def _of_a_unit(data: Mapping[str, object]) -> bool:
    # An id does not say whether it is a member's; the capacity that earns does.
    return any(
        isinstance(amounts := data.get(key), dict) and "unit" in amounts
        for key in ("measure", "points")
    )
