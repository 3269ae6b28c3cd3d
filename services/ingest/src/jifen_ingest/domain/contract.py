"""Whether a stamped event keeps its contract, and if not, where and why, without quoting it."""

import re
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from jifen_contracts.canonical import NotCanonical, canonical
from jifen_contracts.events import EVENT, size_max
from jifen_contracts.personal_data import may_hold_personal_data, personal_data_in
from jifen_ingest.domain.refusals import (
    Fault,
    PersonalData,
    PointsPrecision,
    SchemaInvalid,
    TooLarge,
)

FAULTS_MAX: Final = 8
_AMOUNT_TOO_FINE: Final = re.compile(r"-?[0-9]{1,20}\.[0-9]{2,20}")
_AMOUNT_FIELDS: Final = frozenset({"points", "price"})


def payload_of(event: dict[str, object]) -> bytes:
    """Return the canonical bytes of an event that the fold will be able to read."""
    try:
        payload = canonical(event, closed=True)
    except NotCanonical as reason:
        raise SchemaInvalid(f"the event has no canonical form: {reason}") from None
    kind = event["type"]
    assert isinstance(kind, str)
    # Before the contract: what is too long for its type is not worth walking through.
    if len(payload) > size_max(kind):
        raise TooLarge(f"the event has {len(payload)} bytes; its type may have {size_max(kind)}")
    try:
        # The dictionary equals what the fold will decode from these bytes: no second parsing.
        EVENT.validate_python(event)
    except ValidationError as broken:
        raise _refusal_of(broken) from None
    if may_hold_personal_data(payload) and (place := personal_data_in(event)):
        fault = Fault("/" + place.replace(".", "/"), "looks like a phone or identity number")
        raise PersonalData(f"{fault.pointer}: {fault.message}", [fault])
    return payload


def _refusal_of(broken: ValidationError) -> SchemaInvalid:
    errors = broken.errors(include_url=False, include_context=False)
    faults = [Fault(_pointer(error), _message(error)) for error in errors[:FAULTS_MAX]]
    detail = "; ".join(f"{fault.pointer}: {fault.message}" for fault in faults[:2])
    if len(errors) > 2:  # noqa: PLR2004 - what detail shows
        detail += f" (and {len(errors) - 2} more)"
    kind = PointsPrecision if any(map(_too_fine, errors)) else SchemaInvalid
    return kind(detail, faults)


def _pointer(error: ErrorDetails) -> str:
    # The first step of a discriminated union is the type, not a place.
    _, *steps = error["loc"]
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _message(error: ErrorDetails) -> str:
    match error["type"]:
        case "extra_forbidden":
            return "not an attribute or field of this type of event"
        case "string_pattern_mismatch" if _too_fine(error):
            return "points have at most one decimal"
        case "string_pattern_mismatch":
            return "not in the form that the contract prescribes"
        case _:
            return error["msg"]


def _too_fine(error: ErrorDetails) -> bool:
    value = error["input"]
    return (
        error["type"] == "string_pattern_mismatch"
        and any(step in _AMOUNT_FIELDS for step in error["loc"])
        and isinstance(value, str)
        and _AMOUNT_TOO_FINE.fullmatch(value) is not None
    )
