"""A message of the stream becomes an event, or it is said why not (tests of the log, in order)."""

from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from jifen_contracts.canonical import NotCanonical, decode
from jifen_contracts.codes import Code
from jifen_contracts.events.envelope import AnyEnvelope, Envelope
from jifen_contracts.events.types import EVENT_BYTES_MAX, schema_of, size_max
from jifen_contracts.events.union import EVENT_CLASSES, AnyEvent

_Event = TypeVar("_Event")

UnreadableCode: TypeAlias = Literal[Code.MALFORMED, Code.TOO_LARGE]


class Unreadable(ValueError):  # noqa: N818 - a verdict that is recorded
    """The message is no event; its record has the code and the hash of the payload."""

    def __init__(self, code: UnreadableCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class UnknownType(ValueError):  # noqa: N818 - a state of the software
    """A well-formed event of a type or version that this software does not know.

    It stops the fold: older software must not refuse what newer software accepts.
    """

    def __init__(self, type: str) -> None:  # noqa: A002 - CloudEvents says type
        super().__init__(f"unknown type {type}")
        self.type = type


_ENVELOPE: Final = TypeAdapter(AnyEnvelope)


def read_event(payload: bytes, scheme: str) -> AnyEvent:
    """Return the event of a message of the scheme's stream; raises Unreadable or UnknownType."""
    return read_event_with_attributes(payload, scheme)[0]


def read_event_with_attributes(payload: bytes, scheme: str) -> tuple[AnyEvent, dict[str, Any]]:
    """Return the event and the JSON object that it was read from; raises as `read_event`."""
    if len(payload) > EVENT_BYTES_MAX:
        raise Unreadable(Code.TOO_LARGE, f"longer than {EVENT_BYTES_MAX} bytes")
    try:
        attributes = decode(payload, closed=True)
    except NotCanonical as error:
        raise Unreadable(Code.MALFORMED, str(error)) from None
    type_ = attributes.get("type")
    if attributes.get("schemeid") != scheme:
        raise Unreadable(Code.MALFORMED, "the event is of another scheme")
    if not isinstance(type_, str) or type_ not in EVENT_CLASSES:
        raise _unknown(payload)
    event = _of_class(EVENT_CLASSES[type_], attributes)
    if len(payload) > size_max(event.type):
        raise Unreadable(Code.TOO_LARGE, f"longer than {size_max(event.type)} bytes")
    return event, attributes


def _unknown(payload: bytes) -> UnknownType:
    # No contract of ours tells what may be in it: the whole of it is looked at.
    try:
        attributes = decode(payload)
    except NotCanonical as error:
        raise Unreadable(Code.MALFORMED, str(error)) from None
    event = _validated(_ENVELOPE, attributes)
    if event.dataschema != schema_of(event.type):
        raise Unreadable(Code.MALFORMED, "dataschema is not that of the type")
    return UnknownType(event.type)


def _of_class(event: type[Envelope], attributes: dict[str, object]) -> AnyEvent:
    # The type is known already: its class alone takes half the time of the union.
    try:
        return cast("AnyEvent", event.__pydantic_validator__.validate_python(attributes))
    except ValidationError as error:
        raise Unreadable(Code.MALFORMED, _first_fault(error)) from None


def _validated(adapter: TypeAdapter[_Event], attributes: dict[str, object]) -> _Event:
    try:
        return adapter.validate_python(attributes)
    except ValidationError as error:
        raise Unreadable(Code.MALFORMED, _first_fault(error)) from None


def _first_fault(error: ValidationError) -> str:
    # The place and the kind of fault, never the value: it may be what must not be repeated.
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['type']}"
