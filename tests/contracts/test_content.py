"""The content of an event: what was said, without the stamps of ingest."""

import hashlib

import pytest

from jifen_contracts import (
    STAMPS,
    canonical,
    content_hash,
    content_hash_as_stored,
    decode,
)
from tests.contracts.golden import TYPES, changed, golden

EARNED = "jifen.points.earned.v1"
RESENT = {
    "recordedtime": "2023-07-13T00:00:00.000Z",
    "importedtime": "2023-07-14T00:00:00.000Z",
    "authid": "another-gateway",
    "traceparent": f"00-{'1' * 32}-{'2' * 16}-00",
    "nonce": "0" * 32,
    "privatehash": "0" * 64,
}


def test_other_stamps_leave_the_content_the_same() -> None:
    assert RESENT.keys() == STAMPS
    assert content_hash(decode(changed(EARNED, **RESENT))) == content_hash(decode(golden(EARNED)))


@pytest.mark.parametrize("name", sorted(decode(golden(EARNED)).keys() - STAMPS))
def test_any_other_attribute_is_content(name: str) -> None:
    event = decode(golden(EARNED))

    assert content_hash(event | {name: "other"}) != content_hash(event)


@pytest.mark.parametrize("type_", TYPES)
def test_the_hash_is_that_of_the_canonical_content(type_: str) -> None:
    event = decode(golden(type_))
    content = {key: value for key, value in event.items() if key not in RESENT}

    assert content_hash(event) == hashlib.sha256(canonical(content)).digest()


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("left_out", [(), ("importedtime",), ("traceparent", "privatehash")])
@pytest.mark.parametrize("said", [{}, {"id": 'a "nonce":"b" \\ \\"type":"c'}])
def test_the_bytes_of_an_event_have_the_hash_of_its_content(
    type_: str, left_out: tuple[str, ...], said: dict[str, str]
) -> None:
    payload = changed(type_, **RESENT | dict.fromkeys(left_out) | said)

    assert content_hash_as_stored(payload) == content_hash(decode(payload))
