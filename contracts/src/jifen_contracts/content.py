"""The content of an event: what the producer said, without the stamps of ingest."""

import hashlib
from collections.abc import Mapping
from typing import Final

import orjson

STAMPS: Final = frozenset(
    {"recordedtime", "importedtime", "authid", "traceparent", "nonce", "privatehash"}
)


def content_hash(event: Mapping[str, object]) -> bytes:
    """Return the SHA-256 of the content of an event that was checked to be canonical."""
    content = dict(event)
    for stamp in STAMPS:
        content.pop(stamp, None)
    options = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
    return hashlib.sha256(orjson.dumps(content, option=options)).digest()
