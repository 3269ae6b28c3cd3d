"""Ingest over HTTP on a real broker: what is answered, and what is in the stream afterwards."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from jifen_contracts.events import read_event
from jifen_ingest.adapters.sources import new_token
from tests.ingest.sent import SOURCE, TOKEN, earned
from tests.integration.ingest_service import (
    BATCH,
    HISTORY_TOKEN,
    NDJSON,
    OTHER_TOKEN,
    STRUCTURED,
    Service,
    ingesting,
    lines,
    payload_sha256,
)


@pytest.fixture
async def service(nats_url: str, scheme: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with ingesting(nats_url, scheme, tmp_path) as running:
        yield running


async def test_a_structured_event_is_in_the_stream_when_it_is_answered(service: Service) -> None:
    answer = await service.post(earned())

    (message,) = await service.stored()
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "id": "e-1",
            "source": SOURCE,
            "seq": 1,
            "payload_sha256": payload_sha256(message),
            "duplicate": False,
        },
    )
    assert message.subject == f"jifen.v1.{service.scheme}.m-0a17.points.earned"
    assert read_event(message.data or b"", service.scheme).authid == "attendance"


async def test_a_binary_event_is_stored_as_the_structured_one_is(service: Service) -> None:
    event = earned()
    headers = {f"ce-{name}": str(value) for name, value in event.items() if name != "data"}

    await service.post(event)
    again = await service.post(event["data"], "application/json", headers=headers)

    assert (again.status_code, again.json()["seq"], again.json()["duplicate"]) == (200, 1, True)


@pytest.mark.parametrize("form", [BATCH, NDJSON])
async def test_many_events_are_answered_one_by_one(service: Service, form: str) -> None:
    events = [earned(f"e-{number}") for number in range(40)]
    events[7] = earned("e-7", data={"points": {"member": "2.55"}})
    events[9] = events[8]

    answer = (await service.post(events if form == BATCH else lines(events), form)).json()

    results = answer["results"]
    assert (answer["accepted"], answer["refused"]) == (39, 1)
    assert (results[7]["code"], results[7]["index"]) == ("points_precision", 7)
    assert results[9] == {**results[8], "duplicate": True}
    stored = [orjson.loads(message.data or b"")["id"] for message in await service.stored()]
    assert stored == [f"e-{number}" for number in range(40) if number not in {7, 9}]


async def test_a_broken_line_is_refused_and_its_neighbours_are_stored(service: Service) -> None:
    body = lines([earned("e-1")]) + b'\n{"id": \n' + lines([earned("e-2")])

    results = (await service.post(body, NDJSON)).json()["results"]

    assert [one.get("code", one["status"]) for one in results] == [
        "accepted",
        "malformed",
        "accepted",
    ]


async def test_an_atomic_request_is_stored_in_one_piece_or_not_at_all(service: Service) -> None:
    events = [earned(f"e-{number}") for number in range(30)]

    good = await service.post(lines(events), NDJSON, atomic=True)
    bad = await service.post([earned("x-1"), earned("x-2", colour="red")], BATCH, atomic=True)

    assert [one["seq"] for one in good.json()["results"]] == list(range(1, 31))
    assert (bad.status_code, bad.json()["code"]) == (422, "schema_invalid")
    assert bad.json()["errors"][0]["pointer"] == "/1"
    assert len(await service.stored()) == 30


async def test_a_resend_is_a_duplicate_and_other_content_is_stored_again(
    service: Service,
) -> None:
    first = (await service.post(earned())).json()
    again = (await service.post(earned())).json()
    other = (await service.post(earned(data={"points": {"member": "1"}}))).json()

    assert again == {**first, "duplicate": True}
    assert (other["seq"], other["duplicate"]) == (2, False)


async def test_a_resend_is_known_to_a_second_ingest_as_well(
    service: Service, nats_url: str, tmp_path: Path
) -> None:
    first = (await service.post(earned())).json()
    (tmp_path / "second").mkdir()

    async with ingesting(nats_url, f"{service.scheme}-x", tmp_path / "second") as second:
        token, token_sha256 = new_token()
        credentials = service.sources_file.read_text()
        first_sha256 = hashlib.sha256(TOKEN.encode()).hexdigest()
        second.sources_file.write_text(credentials.replace(first_sha256, token_sha256))
        answer = await second.http.post(
            service.path,
            content=orjson.dumps(earned()),
            headers={
                "Content-Type": STRUCTURED,
                "Authorization": f"Bearer {token}",
            },
        )

    assert answer.json() == {**first, "duplicate": True}


async def test_a_private_part_lies_apart_under_its_person_and_was_stored_first(
    service: Service,
) -> None:
    await service.post(earned(data={"private": {"text": "in private"}}))

    (event,), (part,) = await service.stored(), await service.stored_private()
    assert part.subject == f"jifen.private.v1.{service.scheme}.m-0a17"
    assert orjson.loads(part.data or b"")["private"] == {"text": "in private"}
    assert (
        orjson.loads(event.data or b"")["privatehash"]
        == orjson.loads(part.data or b"")["privatehash"]
    )
    assert b"in private" not in (event.data or b"")
    assert part.time is not None
    assert event.time is not None
    assert part.time < event.time


async def test_an_import_keeps_its_recorded_time_and_says_when_it_came(service: Service) -> None:
    recorded = "2023-07-12T08:41:03.120Z"

    answer = await service.post(earned(recordedtime=recorded), token=HISTORY_TOKEN)

    (message,) = await service.stored()
    event = orjson.loads(message.data or b"")
    assert (answer.status_code, event["recordedtime"]) == (200, recorded)
    assert event["importedtime"] > recorded


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b'{"specversion":', 400, "malformed"),
        (earned(data={"points": {"member": "2.55"}}), 422, "points_precision"),
        (earned(time="2999-01-01T00:00:00Z"), 422, "in_future"),
        (earned(source="urn:other"), 403, "source_not_allowed"),
        (earned(schemeid="other"), 403, "scheme_not_allowed"),
        (earned(type="jifen.points.burnt.v1"), 422, "unknown_type"),
        (earned(type="jifen.points.earned.v2"), 422, "unknown_type"),
        (earned(recordedtime="2023-07-12T08:41:03.120Z"), 403, "type_not_allowed"),
        (earned(correlationid="13812345678"), 422, "personal_data"),
        (earned(data={"text": "x" * 8_192}), 413, "too_large"),
        (
            earned(type="jifen.scheme.published.v1", data={"text": "x" * 49_152}),
            413,
            "too_large",
        ),
        (earned(data={"private": {"text": "x" * 65_536}}), 413, "too_large"),
        (b" " * 262_145, 413, "too_large"),
    ],
)
async def test_a_refused_event_is_a_problem_and_leaves_no_trace(
    service: Service, sent: Any, status: int, code: str
) -> None:
    answer = await service.post(sent)

    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{code}"
    assert (await service.http.get(problem["type"])).json()["hint"] == problem["hint"]
    assert (await service.stored(), await service.stored_private()) == ([], [])


@pytest.mark.parametrize(
    ("token", "status", "code"),
    [
        (None, 401, "unauthorised"),
        ("a-token-that-nobody-has-given-out", 401, "unauthorised"),
        (OTHER_TOKEN, 403, "scheme_not_allowed"),
    ],
)
async def test_a_wrong_token_leaves_no_trace(
    service: Service, token: str | None, status: int, code: str
) -> None:
    answer = await service.post(earned(data={"private": {"text": "x"}}), token=token)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert (await service.stored(), await service.stored_private()) == ([], [])


async def test_a_scheme_without_streams_is_unknown_until_they_are_made(
    service: Service,
) -> None:
    answer = await service.http.post(
        "/v1/schemes/elsewhere/events",
        content=orjson.dumps(earned()),
        headers={"Content-Type": STRUCTURED, "Authorization": f"Bearer {OTHER_TOKEN}"},
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_scheme")
    ready = await service.http.get("/readyz")
    assert (ready.status_code, ready.json()["code"]) == (503, "busy")


@pytest.mark.parametrize(
    ("body", "form", "status", "code"),
    [
        (b"{}", "text/plain", 415, "malformed"),
        (b"{}", BATCH, 400, "malformed"),
        (b"[]", BATCH, 400, "malformed"),
        (b"\n".join([b"{}"] * 1_001), NDJSON, 413, "batch_too_large"),
        (b" " * 8_388_609, NDJSON, 413, "batch_too_large"),
    ],
)
async def test_a_request_that_is_no_batch_is_refused_as_a_whole(
    service: Service, body: bytes, form: str, status: int, code: str
) -> None:
    answer = await service.post(body, form)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_an_unknown_parameter_or_method_or_address_is_refused(service: Service) -> None:
    body = orjson.dumps(earned())
    headers = {
        "Content-Type": STRUCTURED,
        "Authorization": "Bearer a-token-of-more-than-128-bits-000",
    }

    answers = [
        await service.http.post(f"{service.path}?atomic=yes", content=body, headers=headers),
        await service.http.post(f"{service.path}?colour=red", content=body, headers=headers),
        await service.http.get(service.path),
        await service.http.get("/v1/nothing"),
    ]

    assert [one.status_code for one in answers] == [400, 400, 405, 404]
    assert answers[2].headers["allow"] == "POST"
    assert await service.stored() == []


async def test_a_thousand_events_from_many_callers_are_stored_once_each(
    service: Service,
) -> None:
    answers = await asyncio.gather(*(service.post(earned(f"e-{n}")) for n in range(1_000)))

    assert {one.status_code for one in answers} == {200}
    assert sorted(one.json()["seq"] for one in answers) == list(range(1, 1_001))
    metrics = (await service.http.get("/metrics")).text
    assert 'jifen_ingest_accepted_total{duplicate="false"} 1000.0' in metrics
    assert "m-0a17" not in metrics


async def test_a_queue_that_is_full_answers_busy_and_stores_nothing(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(nats_url, scheme, tmp_path, ingest_queue_events_max=2) as service:
        answer = await service.post([earned(f"e-{n}") for n in range(3)], BATCH)

        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"] == "1"
        assert await service.stored() == []


async def test_bodies_under_way_are_bounded_together(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(nats_url, scheme, tmp_path, ingest_bodies_bytes_max=1_024) as service:
        answer = await service.post(b" " * 1_025)

        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert (await service.post(earned())).status_code == 200


async def test_a_credential_with_too_many_events_under_way_is_told_to_wait(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(nats_url, scheme, tmp_path, ingest_credential_events_max=2) as service:
        answer = await service.post([earned(f"e-{n}") for n in range(3)], BATCH)

        assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
        assert "retry-after" in answer.headers


async def test_an_address_with_a_line_break_is_answered_by_a_problem(service: Service) -> None:
    answer = await service.http.put(f"/v1/schemes/{service.scheme}/evidence/a%0Ab")

    told = (answer.status_code, answer.headers["Content-Type"], answer.json()["code"])
    assert told == (401, "application/problem+json", "unauthorised")
