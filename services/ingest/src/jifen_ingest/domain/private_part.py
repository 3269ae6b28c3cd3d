"""The private part: taken out of the event, bound to it by a salted hash, kept per person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jifen_contracts.canonical import NotCanonical, canonical
from jifen_contracts.private_parts import person_of as named_person
from jifen_contracts.private_parts import privatehash_of
from jifen_contracts.subjects import private_subject_of
from jifen_ingest.domain.refusals import Fault, SchemaInvalid, TooLarge

PRIVATE_BYTES_MAX: Final = 65_536


@dataclass(frozen=True, slots=True)
class PrivatePart:
    subject: str
    payload: bytes
    privatehash: str


def take_private(event: dict[str, object]) -> bytes | None:
    """Remove `data.private` from the event and return its canonical bytes; None if empty."""
    data = event.get("data")
    if not isinstance(data, dict) or "private" not in data:
        return None
    rest = {key: value for key, value in data.items() if key != "private"}
    private = data["private"]
    event["data"] = rest
    if not isinstance(private, dict):
        raise _broken("an object")
    if not private:
        return None
    try:
        taken = canonical(private)
    except NotCanonical:
        # The reason could quote what was sent.
        raise _broken("plain JSON without floats, nulls or U+0000; keys [a-z][a-z0-9_]*") from None
    if len(taken) > PRIVATE_BYTES_MAX:
        raise TooLarge(f"the private part is longer than {PRIVATE_BYTES_MAX} bytes")
    return taken


def private_part(
    private: bytes, salt: bytes, event: Mapping[str, object], scheme: str
) -> PrivatePart:
    """Return the message that keeps the private part under the subject of one person."""
    privatehash = privatehash_of(private, salt)
    payload = b'{"private":%b,"privatehash":"%b","salt":"%b"}' % (
        private,
        privatehash.encode(),
        salt.hex().encode(),
    )
    return PrivatePart(private_subject_of(scheme, person_of(event)), payload, privatehash)


def person_of(event: Mapping[str, object]) -> str:
    """Return the person under whose subject the event's private part lies."""
    kind, subject, data = event["type"], event["subject"], event["data"]
    assert isinstance(kind, str)
    assert isinstance(subject, str)
    assert isinstance(data, dict)
    return named_person(kind, subject, data)


def _broken(message: str) -> SchemaInvalid:
    fault = Fault("/data/private", message)
    return SchemaInvalid(f"{fault.pointer}: {fault.message}", [fault])
