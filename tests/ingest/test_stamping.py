"""What is sent becomes what is stored, or is refused with one code."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts.canonical import decode
from jifen_contracts.events import read_event
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.refusals import Refusal
from jifen_ingest.domain.scopes import Scope
from jifen_ingest.domain.stamping import StampedEvent, stamped
from tests.ingest.sent import NOW, NOW_MS, SOURCE, Draw, credential, earned, without

REVIEWED = {
    "type": "jifen.points.reviewed.v1",
    "data": {"claim": "c-1", "stage": "verified", "decision": "accept", "by": "m-0b02"},
}


def stamp(sent: object, caller: Credential | None = None) -> StampedEvent:
    return stamped(sent, caller or credential(), NOW_MS, Draw())


def stored(sent: object, caller: Credential | None = None) -> dict[str, Any]:
    return decode(stamp(sent, caller).payload)


def refusal_of(sent: object, caller: Credential | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        stamp(sent, caller)
    return caught.value


def test_stamps_are_added_and_the_rest_stays_as_it_was_sent() -> None:
    assert stored(earned()) == earned() | {
        "schemeid": "plant",
        "recordedtime": NOW,
        "authid": "attendance",
        "nonce": f"{1:032x}",
        "datacontenttype": "application/json",
        "dataschema": "urn:jifen:schema:points.earned:v1",
    }


def test_what_is_accepted_can_be_read_by_the_fold() -> None:
    assert read_event(stamp(earned()).payload, "plant").id == "e-1"


def test_a_callers_own_stamps_are_replaced() -> None:
    forged = earned(authid="someone", nonce="f" * 32, privatehash="0" * 64, importedtime=NOW)

    assert stored(forged) == stored(earned())


def test_the_subject_on_the_broker_is_made_from_the_event_alone() -> None:
    assert stamp(earned()).broker_subject == "jifen.v1.plant.m-0a17.points.earned"


def test_the_content_is_the_same_whenever_and_by_whomever_it_is_sent() -> None:
    later = stamped(
        earned(data={"private": {"text": "other"}}),
        credential(name="backup"),
        NOW_MS + 9_999,
        Draw(),
    )

    assert later.content == stamp(earned()).content
    assert later.payload != stamp(earned()).payload


def test_an_event_has_the_trace_of_its_request_unless_it_names_its_own() -> None:
    of_request, own = (f"00-{digit * 32}-{digit * 16}-01" for digit in "12")
    events = [
        stamped(one, credential(), NOW_MS, Draw(), of_request)
        for one in (earned(), earned(traceparent=own))
    ]

    assert [decode(one.payload)["traceparent"] for one in events] == [of_request, own]
    assert {one.content for one in events} == {stamp(earned()).content}


def test_other_points_are_another_content() -> None:
    one, two = (stamp(earned(data={"points": {"member": text}})) for text in ("0.5", "1"))

    assert one.content != two.content


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda event: [event], "schema_invalid"),
        (lambda _: None, "schema_invalid"),
        (lambda event: event | {"schemeid": "other"}, "scheme_not_allowed"),
        (lambda event: event | {"schemeid": None}, "scheme_not_allowed"),
        (lambda event: without(event, "source"), "schema_invalid"),
        (lambda event: event | {"source": "urn:other"}, "source_not_allowed"),
        (lambda event: without(event, "type"), "schema_invalid"),
        (lambda event: event | {"type": 7}, "schema_invalid"),
        (lambda event: event | {"type": "jifen.points.burnt.v1"}, "unknown_type"),
        (lambda event: event | {"type": "jifen.points.earned.v2"}, "unknown_type"),
        (lambda event: event | {"type": "jifen.veto.overruled.v1"}, "unknown_type"),
        (lambda event: event | REVIEWED, "type_not_allowed"),
        (lambda event: event | {"recordedtime": NOW}, "type_not_allowed"),
        (lambda event: event | {"colour": "red"}, "schema_invalid"),
        (lambda event: event | {"Colour": "red"}, "schema_invalid"),
        (lambda event: event | {"data_base64": "AA=="}, "schema_invalid"),
        (lambda event: event | {"specversion": "0.3"}, "schema_invalid"),
        (lambda event: event | {"time": "2026-02-30T00:00:00Z"}, "schema_invalid"),
        (lambda event: event | {"subject": "m.0a17.>"}, "schema_invalid"),
        (lambda event: event | {"correlationid": None}, "schema_invalid"),
        (lambda event: event | {"dataschema": "urn:other"}, "schema_invalid"),
        (lambda event: without(event, "data"), "schema_invalid"),
        (lambda event: event | {"data": "text"}, "schema_invalid"),
        (lambda event: event | {"time": "2026-03-05T08:05:00.001Z"}, "in_future"),
    ],
)
def test_an_envelope_is_refused_with_its_code(change: Callable[[Any], Any], code: str) -> None:
    assert refusal_of(change(earned())).code == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"points": {"member": "2.55"}}, "points_precision"),
        ({"points": {"member": "2.500"}}, "points_precision"),
        ({"points": {"member": 2.5}}, "schema_invalid"),
        ({"points": {"member": "2,5"}}, "schema_invalid"),
        ({"points": {"member": "-0"}}, "schema_invalid"),
        ({"note": "something"}, "schema_invalid"),
        ({"measure": {"member": {"count": 2**53}}}, "schema_invalid"),
        ({"project": None}, "schema_invalid"),
        ({"evidence": [{"sha256": "0" * 64, "kind": "photo"}] * 11}, "schema_invalid"),
        ({"private": "text"}, "schema_invalid"),
        ({"private": {"text": None}}, "schema_invalid"),
        ({"private": {"Text": "x"}}, "schema_invalid"),
        ({"private": {"text": "x" * 65_536}}, "too_large"),
        ({"by": "m-0a17"}, "type_not_allowed"),
    ],
)
def test_data_is_refused_with_its_code(data: dict[str, Any], code: str) -> None:
    assert refusal_of(earned(data=data)).code == code


def test_an_event_may_be_five_minutes_ahead_of_the_clock() -> None:
    assert stored(earned(time="2026-03-05T08:05:00.000Z"))["recordedtime"] == NOW


def test_a_phone_number_is_refused_and_not_repeated() -> None:
    refusal = refusal_of(earned(correlationid="call 13812345678"))

    assert (refusal.code, refusal.faults[0].pointer) == ("personal_data", "/correlationid")
    assert "13812345678" not in f"{refusal.detail}{refusal.faults}"


def test_a_broken_contract_names_every_place_but_no_value() -> None:
    refusal = refusal_of(earned(data={"claim": "No Id", "item": "Z99", "colour": "secret"}))

    assert [fault.pointer for fault in refusal.faults] == [
        "/data/claim",
        "/data/item",
        "/data/colour",
    ]
    assert "secret" not in f"{refusal.detail}{refusal.faults}"


def test_nothing_private_is_ever_quoted() -> None:
    broken = {"text": "secret", "Secret": 1.5, "": "secret"}

    refusal = refusal_of(earned(data={"private": broken}))

    assert "ecret" not in f"{refusal.detail}{refusal.faults}"


@pytest.mark.parametrize(
    ("kind", "bytes_max"),
    [("jifen.points.earned.v1", 8_192), ("jifen.scheme.published.v1", 49_152)],
)
def test_an_event_longer_than_its_type_may_be_is_too_large(kind: str, bytes_max: int) -> None:
    everything = credential(*set(Scope) - {Scope.HISTORY})
    sent = earned(type=kind, data={"by": "m-0a17", "text": "x" * bytes_max})
    excess = int(refusal_of(deepcopy(sent), everything).detail.split()[3]) - bytes_max

    def with_text(size: int) -> Any:
        return earned(type=kind, data={"by": "m-0a17", "text": "x" * size})

    assert refusal_of(with_text(bytes_max - excess), everything).code == "schema_invalid"
    assert refusal_of(with_text(bytes_max - excess + 1), everything).code == "too_large"


@pytest.mark.parametrize("scopes", [{Scope.FACTS}, {Scope.FACTS, Scope.ACTS}])
def test_a_machines_claim_names_nobody(scopes: set[Scope]) -> None:
    assert "by" not in stored(earned(), credential(*scopes))["data"]


def test_an_act_of_a_person_names_that_person() -> None:
    acts = credential(Scope.ACTS)

    assert stored(earned(data={"by": "m-0a17"}), acts)["data"]["by"] == "m-0a17"
    refusal = refusal_of(earned(), acts)
    assert (refusal.code, refusal.faults[0].pointer) == ("schema_invalid", "/data/by")


def test_an_import_brings_its_own_recorded_time() -> None:
    history = credential(Scope.FACTS, Scope.HISTORY)

    event = stored(earned(recordedtime="2026-03-04T09:00:00.000Z"), history)

    assert (event["recordedtime"], event["importedtime"]) == ("2026-03-04T09:00:00.000Z", NOW)


@pytest.mark.parametrize(
    ("recorded", "code"),
    [
        ("2026-03-05T08:00:00.001Z", "in_future"),
        ("2026-03-04T09:00:00Z", "schema_invalid"),
        (None, "schema_invalid"),
    ],
)
def test_an_import_is_refused_without_a_past_recorded_time(recorded: str | None, code: str) -> None:
    history = credential(Scope.FACTS, Scope.HISTORY)
    sent = earned() if recorded is None else earned(recordedtime=recorded)

    assert refusal_of(sent, history).code == code


def json_values() -> st.SearchStrategy[Any]:
    leaves = (
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
        | st.sampled_from(["0.5", "2.55", "m-0a17", "13812345678", NOW])
    )  # fmt: skip
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
        ),
        max_leaves=8,
    )


@given(
    name=st.sampled_from([*earned(), "schemeid", "recordedtime", "correlationid", "private"]),
    value=json_values(),
    inside=st.booleans(),
)
def test_whatever_is_sent_is_refused_or_can_be_read_by_the_fold(
    name: str, value: Any, *, inside: bool
) -> None:
    sent = earned(data={name: value}) if inside else earned() | {name: value}
    try:
        event = stamp(sent, credential(*Scope))
    except Refusal:
        return

    assert read_event(event.payload, "plant").source == SOURCE
    assert orjson.loads(event.payload)["authid"] == "attendance"
