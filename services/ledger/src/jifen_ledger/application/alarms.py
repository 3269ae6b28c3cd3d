"""The log line of a record that raised an alarm: ids and codes, and nothing of what was sent."""

from __future__ import annotations

import orjson
import structlog

from jifen_contracts.tracing import trace_id_of
from jifen_ledger.domain.outcome import Record

_log = structlog.get_logger()


def tell_alarm(scheme: str, record: Record) -> None:
    """Say which event it was, if it was one, and to which trace it belongs."""
    ids: dict[str, str] = {}
    if record.envelope is not None:
        ids = {"event_id": record.envelope.id, "source": record.envelope.source}
        event = orjson.loads(record.bytes).get("event") or {}
        if trace_id := trace_id_of(event.get("traceparent")):
            ids["trace_id"] = trace_id
    _log.error("record_alarm", scheme=scheme, seq=record.seq, code=record.outcome.code, **ids)
