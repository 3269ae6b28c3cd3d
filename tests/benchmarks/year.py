"""The demo's year as the stream would hold it: a realistic mix for benchmarks."""

import orjson

from jifen_contracts.canonical import canonical
from jifen_contracts.events.types import schema_of
from jifen_local.demo.year import build_year
from tests.support.people import SCHEME

SEED = 2025
IMPORTED = "2026-01-31T00:00:00.000Z"


def stored_year() -> list[bytes]:
    """All events that ingest accepts, resends included, with stamps as an import has them."""
    messages = build_year(SEED).messages
    return [_stored(message.body) for message in messages if message.door is None]


def _stored(body: bytes) -> bytes:
    event = orjson.loads(body)
    event["data"].pop("private", None)
    stamps = {
        "schemeid": SCHEME,
        "authid": "benchmark",
        "nonce": "0" * 32,
        "importedtime": IMPORTED,
        "datacontenttype": "application/json",
        "dataschema": schema_of(event["type"]),
    }
    return canonical(event | stamps)
