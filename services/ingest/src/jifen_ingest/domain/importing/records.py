"""Records of an export become events again, as their producers sent them: an import of the past."""

from typing import Any, Final

# What the ingest of another Jifen stamped; the recorded time is the past's own.
_STAMPS: Final = ("authid", "nonce", "privatehash", "importedtime")


class NoRecord(ValueError):  # noqa: N818 - an answer to whoever named the file
    """The line is no record of an export."""


def event_of(record: object, scheme: str) -> dict[str, Any] | None:
    """Return the event of a record, None where the message was none. Raises NoRecord."""
    if not isinstance(record, dict) or "outcome" not in record or "seq" not in record:
        raise NoRecord("not a record of an export")
    event = record.get("event")
    if event is None:
        return None
    if event["schemeid"] != scheme:
        raise NoRecord(f"a record of the scheme {event['schemeid']}; import it into that one")
    return {key: value for key, value in event.items() if key not in _STAMPS}
