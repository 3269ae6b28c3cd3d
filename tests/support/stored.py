"""An event as it is stored in the stream: envelope, stamps, canonical bytes."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from jifen_contracts.canonical import canonical, decode
from tests.support.people import SCHEME

SOURCE = "urn:jifen:source:test"

Fields = dict[str, Any]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(when: str) -> str:
    """A date (then at ten o'clock), a local date and time, or a full time, as a full time."""
    if len(when) == len("2023-07-12"):
        return f"{when}T10:00:00+08:00"
    if len(when) == len("2023-07-12T10:00"):
        return f"{when}:00+08:00"
    return when


def stamp_of(when: str) -> str:
    instant = datetime.fromisoformat(moment(when)).astimezone(UTC)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def later(payload: bytes, days: int) -> str:
    """A time for the next step of what an earlier event began."""
    recorded = datetime.fromisoformat(str(decode(payload)["recordedtime"]))
    return (recorded + timedelta(days=days)).isoformat(timespec="milliseconds")


def event(
    verb: str,
    subject: str,
    data: Fields,
    *,
    time: str,
    recorded: str | None = None,
    source: str = SOURCE,
    id: str | None = None,  # noqa: A002 - the attribute's own name
) -> bytes:
    """`verb` is the type without prefix and version; what is None in `data` is left out.

    Without `id`, one is made from the content: two different events never share one by
    accident, and an event built twice is a resend.
    """
    body: Fields = {
        "authid": "test",
        "data": {key: value for key, value in data.items() if value is not None},
        "datacontenttype": "application/json",
        "dataschema": f"urn:jifen:schema:{verb}:v1",
        "nonce": "0" * 32,
        "recordedtime": stamp_of(recorded or time),
        "schemeid": SCHEME,
        "source": source,
        "specversion": "1.0",
        "subject": subject,
        "time": moment(time),
        "type": f"jifen.{verb}.v1",
    }
    return canonical(body | {"id": id or f"e-{hashlib.sha256(canonical(body)).hexdigest()[:20]}"})


def changed(payload: bytes, **attributes: object) -> bytes:
    """The same event with other envelope attributes."""
    return canonical(decode(payload) | attributes)


def told(payload: bytes, **data: object) -> bytes:
    """The same event with other data; what is None is left out."""
    body = decode(payload)
    said: Any = body["data"]
    kept = {key: value for key, value in (said | data).items() if value is not None}
    return canonical(body | {"data": kept})


def imported(payload: bytes, at: str = "2024-01-05") -> bytes:
    return changed(payload, importedtime=stamp_of(at))
