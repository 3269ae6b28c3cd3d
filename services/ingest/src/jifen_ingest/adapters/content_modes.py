"""The four forms in which CloudEvents arrive, and how each becomes a list of JSON values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import unquote

from jifen_ingest.adapters.plain_json import parsed
from jifen_ingest.domain.refusals import BatchTooLarge, Malformed, Refusal, UnsupportedMedia

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
NDJSON: Final = "application/x-ndjson"
BINARY: Final = "application/json"
_ATTRIBUTE_PREFIX: Final = "ce-"
_ATTRIBUTES_MAX: Final = 32


class Mode(Enum):
    STRUCTURED = STRUCTURED
    BATCH = BATCH
    NDJSON = NDJSON
    BINARY = BINARY

    @property
    def single(self) -> bool:
        return self in {Mode.STRUCTURED, Mode.BINARY}


@dataclass(frozen=True, slots=True)
class Sent:
    """What one request carries: JSON values, or the refusal of a line that is none."""

    events: list[object]
    single: bool


def mode_of(content_type: str | None) -> Mode:
    """Return the mode that Content-Type names; raises UnsupportedMedia."""
    if content_type is None:
        raise UnsupportedMedia("Content-Type is missing")
    media_type, *parameters = (part.strip() for part in content_type.lower().split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise UnsupportedMedia("the only charset is UTF-8")
    try:
        return Mode(media_type)
    except ValueError:
        raise UnsupportedMedia("Content-Type is none of the four of this address") from None


def sent_in(mode: Mode, body: bytes, attributes: Mapping[str, str], events_max: int) -> Sent:
    """Return what the body holds; raises Malformed or BatchTooLarge."""
    match mode:
        case Mode.STRUCTURED:
            return Sent([parsed(body)], single=True)
        case Mode.BINARY:
            return Sent([_assembled(attributes, body)], single=True)
        case Mode.BATCH:
            events = parsed(body)
            if not isinstance(events, list):
                raise Malformed("a batch is a JSON array of events")
        case Mode.NDJSON:
            events = _lines(body, events_max)
    if not events:
        raise Malformed("there is no event in the request")
    if len(events) > events_max:
        raise BatchTooLarge(f"more than {events_max} events in one request")
    return Sent(events, single=False)


def attributes_in(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the ce-* attributes of a binary event from lower-case headers."""
    try:
        found = {
            name.removeprefix(_ATTRIBUTE_PREFIX): unquote(value, errors="strict")
            for name, value in headers.items()
            if name.startswith(_ATTRIBUTE_PREFIX)
        }
    except UnicodeDecodeError:
        raise Malformed("a ce-* header is not percent-encoded UTF-8") from None
    if len(found) > _ATTRIBUTES_MAX:
        raise Malformed(f"more than {_ATTRIBUTES_MAX} ce-* headers")
    return found


def _assembled(attributes: Mapping[str, str], body: bytes) -> dict[str, object]:
    data = parsed(body)
    if not isinstance(data, dict):
        raise Malformed("the body of a binary event is the JSON object of its data")
    return {**attributes, "data": data}


def _lines(body: bytes, events_max: int) -> list[object]:
    # Counted before splitting: a body of newlines must not become millions of strings.
    if body.count(b"\n") > 2 * events_max:
        raise BatchTooLarge(f"more than {events_max} events in one request")
    return [_line(line) for line in body.split(b"\n") if line and not line.isspace()]


def _line(line: bytes) -> object:
    try:
        return parsed(line)
    except Refusal as refusal:
        return refusal
