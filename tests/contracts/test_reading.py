"""The tests on a message's bytes that decide whether it is an event, in their order."""

from typing import Any

import pytest

from jifen_contracts import (
    EVENT_BYTES_MAX,
    EVENT_CLASSES,
    FOLDED_TYPES,
    POSTING_EVENT_BYTES_MAX,
    POSTING_TYPES,
    Code,
    UnknownType,
    Unreadable,
    canonical,
    decode,
    read_event,
    size_max,
)
from tests.contracts.golden import SCHEME, TYPES, changed, golden, with_data

EARNED = "jifen.points.earned.v1"
REVIEWED = "jifen.points.reviewed.v1"
PUBLISHED = "jifen.scheme.published.v1"
LISTED = "jifen.offer.listed.v1"
FUTURE = "jifen.points.earned.v2"

LONG_ID = "m" * 64
LARGEST = canonical(
    decode(
        with_data(
            EARNED,
            **dict.fromkeys(("claim", "deed", "group", "project", "replaces", "by"), LONG_ID),
            admitted={"deciders": [LONG_ID] * 15, "reason": "r" * 40},
            counterpart=[LONG_ID] * 5,
            evidence=[{"kind": "document", "sha256": "0" * 64}] * 10,
            measure=dict.fromkeys(
                ("committee", "member", "unit"),
                dict.fromkeys(("answers", "count", "done", "excused", "required"), 1_000_000)
                | {"tier": "t" * 40},
            ),
            points=dict.fromkeys(("committee", "member", "unit"), "-100000.0"),
        )
    )
    | dict.fromkeys(("id", "correlationid", "causationid"), "👍" * 128)
    | dict.fromkeys(("subject", "authid"), LONG_ID)
    | {"source": "u" * 200, "privatehash": "0" * 64, "importedtime": "2023-07-12T08:41:03.120Z"}
)


def code_of(payload: bytes, scheme: str = SCHEME) -> Code:
    with pytest.raises(Unreadable) as refused:
        read_event(payload, scheme)
    return refused.value.code


def unknown(**attributes: Any) -> bytes:
    return changed(
        EARNED,
        **({"type": FUTURE, "dataschema": "urn:jifen:schema:points.earned:v2"} | attributes),
    )


def test_a_message_over_48_kib_is_not_even_parsed() -> None:
    assert code_of(b"a" * (EVENT_BYTES_MAX + 1)) == Code.TOO_LARGE
    assert code_of(b"a" * EVENT_BYTES_MAX) == Code.MALFORMED


def test_a_valid_message_longer_than_its_type_may_be_is_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jifen_contracts.events.types.POSTING_EVENT_BYTES_MAX", len(LARGEST))
    assert read_event(LARGEST, SCHEME).type == EARNED

    monkeypatch.setattr("jifen_contracts.events.types.POSTING_EVENT_BYTES_MAX", len(LARGEST) - 1)
    assert code_of(LARGEST) == Code.TOO_LARGE


def test_the_largest_claim_that_the_contract_allows_is_within_its_limit() -> None:
    assert POSTING_EVENT_BYTES_MAX // 2 < len(LARGEST) <= POSTING_EVENT_BYTES_MAX


def test_what_breaks_the_contract_is_malformed_however_long_it_is() -> None:
    padding = "x" * POSTING_EVENT_BYTES_MAX

    assert code_of(with_data(EARNED, padding=padding)) == Code.MALFORMED


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="an empty object"),
        pytest.param(b"[]", id="no object"),
        pytest.param(golden(EARNED) + b"\n", id="a newline behind"),
        pytest.param(changed(EARNED, type=None), id="no type"),
        pytest.param(changed(EARNED, type="jifen.points.earned"), id="a type without version"),
        pytest.param(changed(EARNED, type="jifen.points.earned.v0"), id="version 0"),
        pytest.param(changed(EARNED, type="other.points.earned.v1"), id="a type of others"),
        pytest.param(changed(EARNED, type=7), id="a type that is no text"),
        pytest.param(changed(EARNED, type=["a"]), id="a type that is a list"),
        pytest.param(changed(EARNED, schemeid="plant-3"), id="another scheme"),
        pytest.param(changed(EARNED, schemeid=None), id="no scheme"),
        pytest.param(changed(EARNED, specversion="1.1"), id="another CloudEvents version"),
        pytest.param(changed(EARNED, datacontenttype="text/json"), id="another content type"),
        pytest.param(
            changed(EARNED, dataschema="urn:jifen:schema:points.earned:v2"), id="another schema"
        ),
        pytest.param(changed(EARNED, partitionkey="a"), id="a foreign extension"),
        pytest.param(changed(EARNED, subject="M 1"), id="a subject that is no id"),
        pytest.param(changed(EARNED, source="urn:a b"), id="a source with a space"),
        pytest.param(changed(EARNED, source="u" * 201), id="a long source"),
        pytest.param(changed(EARNED, source=""), id="an empty source"),
        pytest.param(changed(EARNED, id=""), id="an empty id"),
        pytest.param(changed(EARNED, id="a" * 129), id="a long id"),
        pytest.param(changed(EARNED, id="a\nb"), id="an id of two lines"),
        pytest.param(changed(EARNED, nonce="0" * 31), id="a short nonce"),
        pytest.param(changed(EARNED, nonce="A" * 32), id="a nonce in capitals"),
        pytest.param(changed(EARNED, privatehash="0" * 63), id="a short private hash"),
        pytest.param(changed(EARNED, authid="Mobile"), id="no name of a credential"),
        pytest.param(changed(EARNED, traceparent="00-0-0-0"), id="no trace"),
        pytest.param(changed(EARNED, recordedtime="2023-07-12T08:41:03Z"), id="a short stamp"),
        pytest.param(changed(EARNED, importedtime="2023-07-12"), id="no import stamp"),
        pytest.param(changed(EARNED, time="2023-07-12T08:41:03"), id="a time without offset"),
        pytest.param(changed(EARNED, data="{}"), id="data that is text"),
        pytest.param(with_data(EARNED, private={"text": "a"}), id="a private part"),
        pytest.param(with_data(EARNED, from_="2023-07-01"), id="an unknown field"),
        pytest.param(with_data(EARNED, points={"member": 5}), id="points as a number"),
        pytest.param(with_data(EARNED, points={"member": "0.25"}), id="points too fine"),
        pytest.param(with_data(EARNED, measure={"member": {"count": "1"}}), id="a count as text"),
        pytest.param(with_data(EARNED, measure={"member": {"count": True}}), id="a count as bool"),
        pytest.param(with_data(EARNED, measure={"wallet": {}}), id="an unknown capacity"),
        pytest.param(with_data(EARNED, counterpart=["m-1"] * 6), id="a list too long"),
        pytest.param(with_data(EARNED, counterpart="m-1"), id="text where a list belongs"),
        pytest.param(with_data(LISTED, price="-1"), id="a price below zero"),
        pytest.param(with_data(LISTED, stock=1_000_001), id="a stock beyond its limit"),
        pytest.param(with_data("jifen.member.enrolled.v1", **{"from": None}), id="no first day"),
        pytest.param(with_data("jifen.veto.lifted.v1", annul=True), id="a veto lifted in two ways"),
        pytest.param(with_data("jifen.veto.lifted.v1", on=None), id="a veto lifted in no way"),
        pytest.param(
            with_data("jifen.objection.filed.v1", about={"unit": "u-1"}), id="half a period"
        ),
    ],
)
def test_a_message_that_breaks_the_contract_is_malformed(payload: bytes) -> None:
    assert code_of(payload) == Code.MALFORMED


@pytest.mark.parametrize("type_", TYPES)
def test_no_field_that_is_required_may_be_missing(type_: str) -> None:
    event = read_event(golden(type_), SCHEME)
    required = [
        field.alias or name
        for name, field in type(event.data).model_fields.items()
        if field.is_required()
    ]

    assert {code_of(with_data(type_, **{name: None})) for name in required} == {Code.MALFORMED}


@pytest.mark.parametrize("type_", TYPES)
def test_stored_events_hold_no_private_part(type_: str) -> None:
    assert code_of(with_data(type_, private={"text": "a"})) == Code.MALFORMED


@pytest.mark.parametrize("type_", [PUBLISHED, "jifen.log.continued.v1"])
def test_events_about_the_scheme_have_it_as_subject(type_: str) -> None:
    assert code_of(changed(type_, subject="plant-3")) == Code.MALFORMED


def test_the_reason_given_never_repeats_what_was_sent() -> None:
    with pytest.raises(Unreadable) as refused:
        read_event(with_data(EARNED, deed="13812345678 Zhang"), SCHEME)

    assert str(refused.value) == "data.deed: string_pattern_mismatch"


@pytest.mark.parametrize(
    "type_", [FUTURE, "jifen.badge.shown.v1", "jifen.points.earned.v10", "jifen.a.b_c.v1"]
)
def test_a_type_that_newer_software_may_know_is_not_refused(type_: str) -> None:
    noun_verb, _, version = type_.removeprefix("jifen.").rpartition(".")
    payload = unknown(
        type=type_, dataschema=f"urn:jifen:schema:{noun_verb}:{version}", data={"new": [1]}
    )

    with pytest.raises(UnknownType) as stop:
        read_event(payload, SCHEME)

    assert stop.value.type == type_


@pytest.mark.parametrize(
    "payload",
    [
        unknown(schemeid="plant-3"),
        unknown(nonce="a"),
        unknown(extra="a"),
        unknown(data=[]),
        unknown(dataschema="urn:jifen:schema:points.earned:v1"),
        unknown(dataschema="https://schema.example/a"),
    ],
)
def test_an_unknown_type_in_a_broken_envelope_is_malformed(payload: bytes) -> None:
    assert code_of(payload) == Code.MALFORMED


def test_what_is_optional_may_be_left_out() -> None:
    event = read_event(
        changed(REVIEWED, correlationid=None, causationid=None, traceparent=None), SCHEME
    )

    assert (event.correlationid, event.causationid, event.traceparent) == (None, None, None)


def test_types_that_can_post_leave_room_for_their_postings() -> None:
    assert {type_: size_max(type_) for type_ in TYPES} == {
        type_: POSTING_EVENT_BYTES_MAX if type_ in POSTING_TYPES else EVENT_BYTES_MAX
        for type_ in TYPES
    }
    assert EVENT_CLASSES.keys() >= POSTING_TYPES | FOLDED_TYPES
