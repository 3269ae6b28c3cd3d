"""The bytes of a record, against vectors of two independent implementations."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts import (
    EVENT_BYTES_MAX,
    OUTCOME_BYTES_MAX,
    POSTING_EVENT_BYTES_MAX,
    POSTINGS_BYTES_MAX,
    RECORD_BYTES_MAX,
    Code,
    NotCanonical,
    Unreadable,
    canonical,
    decode,
    read_event,
    record_bytes,
    record_bytes_without_event,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "records.json").read_text(encoding="utf-8")
)
RECORDED_AT = "2026-01-05T08:00:01.000Z"
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
OUTCOMES = st.dictionaries(KEYS, st.text('abcé\n"\\') | st.integers(0, 99), max_size=4)


@pytest.mark.parametrize(
    ("payload", "entry"), list(zip(VECTORS["mini_payloads"], VECTORS["mini_entries"], strict=True))
)
def test_a_record_of_the_vectors_is_made_byte_for_byte(payload: str, entry: str) -> None:
    record = json.loads(entry)

    made = record_bytes(
        payload.encode(),
        record["outcome"],
        record["postings"],
        record["recorded_at"],
        record["seq"],
    )

    assert made == entry.encode()


@pytest.mark.parametrize("payload", VECTORS["mini_payloads"])
def test_a_message_of_the_vectors_is_an_event_of_its_scheme(payload: str) -> None:
    event = read_event(payload.encode(), VECTORS["mini_scheme"])

    assert canonical(event.model_dump(mode="json", by_alias=True, exclude_unset=True)) == (
        payload.encode()
    )


@pytest.mark.parametrize(
    ("payload", "seq", "entry"),
    [
        (VECTORS["malformed_payload"].encode(), 5, VECTORS["malformed_record"].encode()),
        (b"a" * 49_153, 6, VECTORS["too_large_record"].encode()),
    ],
)
def test_a_message_that_is_no_event_has_a_record_with_its_hash(
    payload: bytes, seq: int, entry: bytes
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_event(payload, VECTORS["mini_scheme"])
    outcome = {"code": refused.value.code, "status": "refused"}

    made = record_bytes_without_event(
        hashlib.sha256(payload).hexdigest(), outcome, RECORDED_AT, seq
    )

    assert made == entry


@given(
    st.dictionaries(KEYS, st.integers(0, 9), max_size=3),
    OUTCOMES,
    st.lists(st.fixed_dictionaries({"account": st.text("ab:"), "delta": st.integers(-9, 9)})),
    st.integers(1, 2**53 - 1),
)
def test_a_record_is_the_canonical_form_of_the_whole(
    event: dict[str, Any], outcome: dict[str, Any], postings: list[dict[str, Any]], seq: int
) -> None:
    made = record_bytes(canonical(event), outcome, postings, RECORDED_AT, seq)

    assert made == canonical(
        {
            "event": event,
            "outcome": outcome,
            "postings": postings,
            "recorded_at": RECORDED_AT,
            "schema": 1,
            "seq": seq,
        }
    )
    assert decode(made)["event"] == event


def test_a_record_with_a_float_or_null_is_not_made() -> None:
    for wrong in ({"delta": 0.5}, {"code": None}):
        with pytest.raises(NotCanonical):
            record_bytes(b"{}", wrong, [], RECORDED_AT, 1)
        with pytest.raises(NotCanonical):
            record_bytes(b"{}", {}, [wrong], RECORDED_AT, 1)


def test_the_limits_leave_every_record_within_its_own() -> None:
    frame = len(record_bytes(b"", {}, [], RECORDED_AT, 2**53 - 1)) - len(b"{}") - len(b"[]")
    largest = max(EVENT_BYTES_MAX + len(b"[]"), POSTING_EVENT_BYTES_MAX + POSTINGS_BYTES_MAX)

    assert frame == 108
    assert frame + OUTCOME_BYTES_MAX + largest <= RECORD_BYTES_MAX


def test_a_refused_outcome_may_be_given_as_a_code() -> None:
    made = record_bytes(b"{}", {"code": Code.SELF_REVIEW}, [], RECORDED_AT, 1)

    assert decode(made)["outcome"] == {"code": "self_review"}
