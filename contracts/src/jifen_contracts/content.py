"""The content of an event: what the producer said, without the stamps of ingest."""

import hashlib
from collections.abc import Mapping
from typing import Final

import orjson

STAMPS: Final = frozenset(
    {"recordedtime", "importedtime", "authid", "traceparent", "nonce", "privatehash"}
)

# Where the attributes of a stored event begin in its canonical bytes, whose order is that of
# their names. After the data come strings only, in which a quote is escaped: there each of these
# stands once.
_AUTHID: Final = b'{"authid":"'
_AFTER_DATA: Final = b',"datacontenttype":"'
_STAMPS_BEGIN: Final = (b'"importedtime":"', b'"nonce":"')
_STAMPS_END: Final = b'"schemeid":"'
_TRACE: Final = b'"traceparent":"'
_TYPE: Final = b'"type":"'


def content_hash(event: Mapping[str, object]) -> bytes:
    """Return the SHA-256 of the content of an event that was checked to be canonical."""
    content = dict(event)
    for stamp in STAMPS:
        content.pop(stamp, None)
    options = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
    return hashlib.sha256(orjson.dumps(content, option=options)).digest()


def content_hash_as_stored(payload: bytes) -> bytes:
    """Return the `content_hash` of an event that was read from these bytes.

    The stamps are cut out of them: that costs a third of writing the rest anew.
    """
    data = payload.index(b'"', len(_AUTHID)) + 2
    after_data = payload.rindex(_AFTER_DATA)
    stamps = payload.find(_STAMPS_BEGIN[0], after_data)
    if stamps < 0:
        stamps = payload.index(_STAMPS_BEGIN[1], after_data)
    rest = payload.index(_STAMPS_END, stamps)
    trace = payload.find(_TRACE, rest)
    if trace < 0:
        return hashlib.sha256(b"{%b%b" % (payload[data:stamps], payload[rest:])).digest()
    type_ = payload.index(_TYPE, trace)
    parts = (payload[data:stamps], payload[rest:trace], payload[type_:])
    return hashlib.sha256(b"{%b%b%b" % parts).digest()
