"""Base64 and decimals as the formats of the log want them: one spelling for each value."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from jifen_ledger.log.hashes import HASH_BYTES
from jifen_ledger.log.verdicts import Malformed

# Sizes and indexes are below it.
SIZE_END: Final = 1 << 63

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def encoded(value: bytes) -> str:
    """Return standard base64, padded."""
    return base64.b64encode(value).decode()


def decoded(text: str) -> bytes:
    """Return the bytes of canonical base64. Raises Malformed."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"not base64: {error}") from None
    # Bits after the last byte are ignored by the library, and would be a second spelling.
    if encoded(value) != text:
        raise Malformed("not canonical base64")
    return value


def decoded_hash(text: str) -> bytes:
    """Return the hash of its base64. Raises Malformed."""
    value = decoded(text)
    if len(value) != HASH_BYTES:
        raise Malformed(f"a hash of {len(value)} bytes")
    return value


def decimal(text: str) -> int:
    """Return a size or index of its decimal digits. Raises Malformed."""
    # int() alone takes signs, blanks, underscores, leading zeroes and digits of other scripts.
    if _DECIMAL.fullmatch(text) is None or int(text) >= SIZE_END:
        raise Malformed("not a number as the format writes it")
    return int(text)
