"""Arrays in PostgreSQL's binary form: the driver writes lists item by item, and slowly."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine, UserDefinedType

# The OIDs of the items' types; they are the same in every database.
_TEXT = 25
_INTEGER = 23
_DATE = 1082

# array_recv: dimensions, whether there are nulls, the items' type; then size and first index.
_HEAD = struct.Struct("!iiIii")
_EMPTY = struct.Struct("!iiI")
_LENGTH = struct.Struct("!i")
_NUMBER = struct.Struct("!ii")
_FIRST_DAY = date(2000, 1, 1).toordinal()


def encoded_texts(values: Collection[str]) -> bytes:
    """Return an array of texts."""
    if not values:
        return _EMPTY.pack(0, 0, _TEXT)
    parts = [_HEAD.pack(1, 0, _TEXT, len(values), 1)]
    length = _LENGTH.pack
    for value in values:
        text = value.encode()
        parts.append(length(len(text)))
        parts.append(text)
    return b"".join(parts)


# The same few deciders and posts come again and again.
few_encoded_texts: Callable[[tuple[str, ...]], bytes] = lru_cache(maxsize=4096)(encoded_texts)


def _encoded_numbers(values: Sequence[int], item: int) -> bytes:
    if not values:
        return _EMPTY.pack(0, 0, item)
    head, number = _HEAD.pack(1, 0, item, len(values), 1), _NUMBER.pack
    return head + b"".join([number(4, value) for value in values])


class _Texts(bytes):
    """An encoded text[]."""

    @classmethod
    def of(cls, values: Collection[str]) -> _Texts:
        return cls(encoded_texts(values))


class _Integers(bytes):
    """An encoded integer[]."""

    @classmethod
    def of(cls, values: Sequence[int]) -> _Integers:
        return cls(_encoded_numbers(values, _INTEGER))


class _Dates(bytes):
    """An encoded date[]."""

    @classmethod
    def of(cls, values: Sequence[date]) -> _Dates:
        days = [value.toordinal() - _FIRST_DAY for value in values]
        return cls(_encoded_numbers(days, _DATE))


class _AsItIs(Dumper):
    """Hands the bytes on; a subclass says the OID of the array's type."""

    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        """Return the bytes."""
        return obj


class _TextsDumper(_AsItIs):
    oid = 1009


class _IntegersDumper(_AsItIs):
    oid = 1007


class _DatesDumper(_AsItIs):
    oid = 1182


psycopg.adapters.register_dumper(_Texts, _TextsDumper)
psycopg.adapters.register_dumper(_Integers, _IntegersDumper)
psycopg.adapters.register_dumper(_Dates, _DatesDumper)

_ENCODERS: dict[str, Callable[[Any], bytes]] = {
    "TEXT": _Texts.of,
    "INTEGER": _Integers.of,
    "DATE": _Dates.of,
}


def array_of(item: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type of a parameter: an array of a column's values, none of them absent."""
    name = str(item)
    return _Encoded(name) if name in _ENCODERS else ARRAY(item)


class _Encoded(UserDefinedType[Sequence[Any]]):
    cache_ok = True
    render_bind_cast = True

    def __init__(self, item: str) -> None:
        """Take PostgreSQL's name of the items' type."""
        self.item = item

    def get_col_spec(self, **_: object) -> str:
        """Return the name of the type."""
        return f"{self.item}[]"

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], bytes]:
        """Return what encodes the values."""
        del dialect
        return _ENCODERS[self.item]
