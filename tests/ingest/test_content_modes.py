"""The four forms of a body, and JSON that can be read in one way only."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_ingest.adapters.content_modes import Mode, attributes_in, mode_of, sent_in
from jifen_ingest.adapters.plain_json import parsed
from jifen_ingest.domain.refusals import Malformed, Refusal, UnsupportedMedia
from tests.ingest.sent import codes_of


def read(mode: Mode, body: bytes, events_max: int = 1_000) -> list[object]:
    return sent_in(mode, body, {"id": "e-1"}, events_max).events


@pytest.mark.parametrize(
    ("content_type", "mode"),
    [
        ("application/cloudevents+json", Mode.STRUCTURED),
        ("Application/CloudEvents+JSON; charset=UTF-8", Mode.STRUCTURED),
        ("application/cloudevents-batch+json", Mode.BATCH),
        ('application/x-ndjson; charset="utf-8"', Mode.NDJSON),
        ("application/json;version=1", Mode.BINARY),
    ],
)
def test_the_media_type_names_the_form(content_type: str, mode: Mode) -> None:
    assert mode_of(content_type) is mode


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/json; charset=gbk", "application/*"]
)
def test_another_media_type_is_not_supported(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMedia):
        mode_of(content_type)


def test_a_structured_body_is_one_event() -> None:
    assert sent_in(Mode.STRUCTURED, b'{"id":"e-1"}', {}, 1).events == [{"id": "e-1"}]


def test_a_binary_body_is_the_data_and_the_headers_are_the_attributes() -> None:
    attributes = attributes_in({"ce-id": "caf%C3%A9", "ce-source": "urn:x", "accept": "*/*"})

    assert sent_in(Mode.BINARY, b'{"item":"D05"}', attributes, 1).events == [
        {"id": "café", "source": "urn:x", "data": {"item": "D05"}}
    ]


def test_a_binary_event_cannot_bring_its_data_in_a_header() -> None:
    assert sent_in(Mode.BINARY, b'{"item":"D05"}', {"data": "x"}, 1).events == [
        {"data": {"item": "D05"}}
    ]


def test_a_header_that_is_not_utf_8_is_malformed() -> None:
    with pytest.raises(Malformed):
        attributes_in({"ce-id": "%ff"})


def test_each_line_is_an_event_and_a_broken_one_spoils_no_other() -> None:
    events = read(Mode.NDJSON, b'{"a":1}\r\n\n{"b":\n{"c":2}\n')

    assert (events[0], events[2]) == ({"a": 1}, {"c": 2})
    assert codes_of(events) == ["accepted", "malformed", "accepted"]


def test_a_batch_is_an_array() -> None:
    assert read(Mode.BATCH, b'[{"a":1},2]') == [{"a": 1}, 2]


@pytest.mark.parametrize(
    ("mode", "body"),
    [
        (Mode.STRUCTURED, b""),
        (Mode.STRUCTURED, b"{"),
        (Mode.STRUCTURED, b'{"a":1} x'),
        (Mode.STRUCTURED, b'{"a":"\xff"}'),
        (Mode.STRUCTURED, b'{"a":"\\ud800"}'),
        (Mode.STRUCTURED, b"\xef\xbb\xbf{}"),
        (Mode.STRUCTURED, b'{"a":1,"a":2}'),
        (Mode.STRUCTURED, b'{"a": {"b": 1, "b": 1}}'),
        (Mode.STRUCTURED, b"[" * 100_000),
        (Mode.STRUCTURED, b"[ " * 1_000 + b"]" * 1_000),
        (Mode.BINARY, b"[]"),
        (Mode.BATCH, b"{}"),
        (Mode.BATCH, b"[]"),
        (Mode.NDJSON, b"\n \n"),
    ],
)
def test_a_body_that_cannot_be_read_is_malformed(mode: Mode, body: bytes) -> None:
    with pytest.raises(Malformed):
        read(mode, body)


@pytest.mark.parametrize(
    ("mode", "body"),
    [
        (Mode.BATCH, b"[1,2,3]"),
        (Mode.NDJSON, b"1\n2\n3\n"),
        (Mode.NDJSON, b"\n" * 100),
    ],
)
def test_a_request_has_a_greatest_number_of_events(mode: Mode, body: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        read(mode, body, events_max=2)

    assert caught.value.code == "batch_too_large"


@given(
    value=st.recursive(
        st.text(max_size=5) | st.integers(-(2**53), 2**53) | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=10,
    ),
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
)
def test_json_without_repeated_keys_is_read_however_it_is_written(
    value: Any, indent: int | None, *, ascii_only: bool
) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    assert parsed(body.encode()) == value
