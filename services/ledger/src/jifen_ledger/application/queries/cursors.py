"""Cursors: where the next page begins, in a form that callers hand back as it is."""

from __future__ import annotations

import base64
import binascii

import orjson

from jifen_ledger.application.queries.refusals import QueryInvalid

CURSOR_CHARS_MAX = 200
INTEGER_MAX = 2**53 - 1


def cursor_of(*values: int | str) -> str:
    """Return the cursor that says these values."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_cursor(cursor: str, *types: type[int | str]) -> list[int | str]:
    """Return the cursor's values. Raises QueryInvalid unless they have these types."""
    wrong = QueryInvalid("The cursor is not one that this address gave.")
    if len(cursor) > CURSOR_CHARS_MAX:
        raise wrong
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise wrong from None
    if not isinstance(values, list) or len(values) != len(types):
        raise wrong
    for value, type_ in zip(values, types, strict=True):
        if type(value) is not type_:
            raise wrong
        if isinstance(value, int) and abs(value) > INTEGER_MAX:
            raise wrong
        if isinstance(value, str) and ("\x00" in value or not value.isprintable()):
            raise wrong
    return values
