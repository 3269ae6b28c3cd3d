"""Canonical bytes: RFC 8785 JSON without floats and nulls, the only form in which we store."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import orjson

DEPTH_MAX: Final = 32
# All keys of all contracts, many times over; strangers' long keys must not fill the memory.
KEYS_REMEMBERED: Final = 512

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


class NotCanonical(ValueError):  # noqa: N818 - a verdict on bytes, not an accident
    """The value has no canonical form, or the bytes are not the canonical ones."""


def canonical(obj: object, *, closed: bool = False) -> bytes:
    """Return the canonical bytes of a value made of dicts, lists, tuples, str, int and bool.

    `closed` is as for `decode`.
    """
    if not closed:
        _check(obj, 1)
        return _dumps(obj)
    payload = _dumps(obj)
    if _is_suspect(payload):
        _check(obj, 1)
    return payload


def decode(payload: bytes, *, closed: bool = False) -> dict[str, object]:
    """Return the object of a payload; NotCanonical unless the payload is its canonical bytes.

    With `closed` the caller goes on to a strict contract, which refuses floats and foreign keys by
    itself: then only what it would let pass is looked for.
    """
    try:
        obj = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"not JSON: {error.msg}") from None
    if type(obj) is not dict:
        raise NotCanonical("not an object")
    # Floats and nulls survive a round trip unchanged, so comparing bytes cannot find them;
    # blanks, key order, repeated keys and second spellings are found by nothing else.
    if not closed or _is_suspect(payload):
        _check(obj, 1)
    if _dumps(obj) != payload:
        raise NotCanonical("not the canonical bytes of its content")
    return obj


def _is_suspect(payload: bytes) -> bool:
    # A null or U+0000 is spelled so; where none of these occurs there is neither.
    if b"null" in payload and (b":null" in payload or b",null" in payload or b"[null" in payload):
        return True
    # A single byte is looked for much faster, and few events have one that escapes another.
    return b"\\" in payload and b"\\u0000" in payload


def _dumps(obj: object) -> bytes:
    try:
        return orjson.dumps(obj, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        raise NotCanonical(f"no canonical form: {error}") from None


def _check(value: object, depth: int) -> None:
    # The fold runs this for every message: strings are looked at where they stand.
    kind = type(value)
    if kind is dict:
        _check_depth(depth)
        _check_keys(value)  # type: ignore[arg-type]  # a dict
        items: Iterable[object] = value.values()  # type: ignore[attr-defined]  # a dict
    elif kind is list or kind is tuple:
        _check_depth(depth)
        items = value  # type: ignore[assignment]  # a list or tuple
    else:
        _check_leaf(value)
        return
    for item in items:
        if type(item) is str:
            if "\0" in item:
                raise NotCanonical("a string holds U+0000")
        elif type(item) is not int:
            _check(item, depth + 1)


def _check_keys(keys: Iterable[object]) -> None:
    for key in keys:
        if not _is_key(key):
            raise NotCanonical(f"not a key: {str(key)[:40]!r}")


def _check_leaf(value: object) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise NotCanonical("a string holds U+0000")
    elif isinstance(value, dict | list | tuple) or not isinstance(value, int):
        raise NotCanonical(f"a value is of type {type(value).__name__}")


def _check_depth(depth: int) -> None:
    if depth > DEPTH_MAX:
        raise NotCanonical(f"more than {DEPTH_MAX} levels deep")


@lru_cache(maxsize=KEYS_REMEMBERED)
def _is_key(key: object) -> bool:
    return type(key) is str and _KEY.fullmatch(key) is not None
