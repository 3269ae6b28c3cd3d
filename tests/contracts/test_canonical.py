"""Canonical bytes: RFC 8785, and each trap of it refused."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts import NotCanonical, canonical, decode

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    TEXTS | INTEGERS | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=6)


class Word(StrEnum):
    YES = "yes"


def nested(levels: int, wrap: Callable[[Any], Any]) -> dict[str, Any]:
    """An object whose value is `levels - 1` containers deep."""
    value: Any = 1
    for _ in range(levels - 1):
        value = wrap(value)
    return {"a": value}


@given(OBJECTS)
def test_canonical_bytes_are_those_of_rfc_8785(obj: dict[str, Any]) -> None:
    assert canonical(obj) == rfc8785.dumps(obj)


@given(OBJECTS)
def test_canonical_bytes_survive_a_round_trip(obj: dict[str, Any]) -> None:
    assert decode(canonical(obj)) == obj


@given(OBJECTS, st.data())
def test_any_other_bytes_of_the_same_object_are_refused(
    obj: dict[str, Any], data: st.DataObject
) -> None:
    payload = canonical(obj)
    indented = orjson.dumps(obj, option=orjson.OPT_INDENT_2)
    order = data.draw(st.permutations(sorted(obj)))
    shuffled = orjson.dumps({key: obj[key] for key in order})
    for other in {indented, shuffled, payload + b"\n", b" " + payload} - {payload}:
        if other != payload and orjson.loads(other) == obj:
            with pytest.raises(NotCanonical):
                decode(other)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b'{"a":1.0}', id="a float"),
        pytest.param(b'{"a":-0.0}', id="a negative zero that is a float"),
        pytest.param(b'{"a":[1,{"b":0.5}]}', id="a float further in"),
        pytest.param(b'{"a":null}', id="null"),
        pytest.param(b'{"a":[null]}', id="null in a list"),
        pytest.param(b'{"a":-0}', id="minus zero"),
        pytest.param(b'{"a":1e2}', id="an exponent"),
        pytest.param(b'{"a":1,"a":1}', id="a key twice"),
        pytest.param(b'{"a":{"b":1,"b":2}}', id="a key twice further in"),
        pytest.param(b'{"a":"\\u0000"}', id="U+0000"),
        pytest.param(b'{"a":["\\u0000"]}', id="U+0000 in a list"),
        pytest.param(b'{"a":"x\0"}', id="a raw zero byte"),
        pytest.param(b'{"a": 1}', id="a blank"),
        pytest.param(b'{"a":1}\n', id="a newline behind"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', id="a byte order mark"),
        pytest.param(b'{"b":1,"a":1}', id="keys out of order"),
        pytest.param(b'{"a":"\\/"}', id="an escaped slash"),
        pytest.param(b'{"a":"\\u000a"}', id="a long escape where a short one exists"),
        pytest.param(b'{"a":"\\u00e9"}', id="an escaped letter"),
        pytest.param(b'{"a":"\\ud800"}', id="a lone high surrogate"),
        pytest.param(b'{"a":"\\udc00"}', id="a lone low surrogate"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', id="a surrogate in UTF-8"),
        pytest.param(b'{"a":"\xff"}', id="no UTF-8"),
        pytest.param(b'{"a":9007199254740992}', id="an integer of 2^53"),
        pytest.param(b'{"a":-9007199254740992}', id="an integer of -2^53"),
        pytest.param(b'{"a":18446744073709551616}', id="an integer of 2^64"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":Infinity}', id="infinity"),
        pytest.param(b'{"A":1}', id="a key with a capital"),
        pytest.param(b'{"":1}', id="an empty key"),
        pytest.param(b'{"a-b":1}', id="a key with a hyphen"),
        pytest.param(b'{"a\\n":1}', id="a key with a newline"),
        pytest.param('{"é":1}'.encode(), id="a key beyond ASCII"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"a"', id="a string"),
        pytest.param(b"1", id="a number"),
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"a":1', id="half an object"),
        pytest.param(b'{"a":1}{}', id="two objects"),
        pytest.param(b"[" * 5000 + b"]" * 5000, id="a very deep list"),
    ],
)
def test_a_trap_is_refused(payload: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(payload)


@pytest.mark.parametrize(
    "value",
    [
        *(1.0, float("nan"), None, b"a", {1: 2}, {"a": 1.5}, [None], {"a": {"B": 1}}, {1, 2}),
        *("\0", ["\0"], {"a": "\0"}, "\ud800", {"a": ["\udfff"]}, 2**53, -(2**53), object()),
    ],
)
def test_what_has_no_canonical_form_is_not_written(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}])
def test_thirty_two_levels_are_accepted_and_thirty_three_are_not(
    wrap: Callable[[Any], Any],
) -> None:
    deepest = nested(32, wrap)
    assert decode(canonical(deepest)) == deepest

    too_deep = nested(33, wrap)
    with pytest.raises(NotCanonical):
        canonical(too_deep)
    with pytest.raises(NotCanonical):
        decode(orjson.dumps(too_deep))


def test_tuples_and_enumerated_words_are_written_as_lists_and_strings() -> None:
    assert canonical({"a": (Word.YES, True)}) == b'{"a":["yes",true]}'


def test_an_escaped_backslash_before_u0000_is_an_ordinary_string() -> None:
    assert decode(b'{"a":"\\\\u0000"}') == {"a": "\\u0000"}
