"""Log lines of events that were refused: ids and codes, nothing of what the events say."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from jifen_contracts.tracing import trace_id_of
from jifen_ingest.application.accept_events import Answer
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.refusals import Refusal

# A caller's mistake is in a thousand events at once; so many lines tell of it.
LINES_MAX: Final = 20
# What was refused may have anything in its place.
_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")

_log = structlog.get_logger(__name__)


def tell_refused(
    credential: Credential,
    sent: Sequence[object],
    answers: Sequence[Answer],
    trace_id: str | None,
) -> None:
    """Write a line for each event that was refused, up to a number, and say how many are left."""
    lines = 0
    for index, (event, answer) in enumerate(zip(sent, answers, strict=True)):
        if not isinstance(answer, Refusal):
            continue
        lines += 1
        if lines <= LINES_MAX:
            _log.info(
                "event_refused",
                scheme=credential.scheme,
                credential=credential.name,
                index=index,
                code=str(answer.code),
                **_ids_of(event, trace_id),
            )
    if lines > LINES_MAX:
        _log.info(
            "events_refused",
            scheme=credential.scheme,
            credential=credential.name,
            count=lines,
            **({} if trace_id is None else {"trace_id": trace_id}),
        )


def _ids_of(event: object, trace_id: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(event, Mapping):
        for name, attribute in (("event_id", "id"), ("source", "source")):
            value = event.get(attribute)
            if isinstance(value, str) and _ID.fullmatch(value):
                found[name] = value
        trace = event.get("traceparent")
        trace_id = (trace_id_of(trace) if isinstance(trace, str) else None) or trace_id
    return found if trace_id is None else {**found, "trace_id": trace_id}
