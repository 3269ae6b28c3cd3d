"""Ingest over NATS: the same bodies and the same answers as over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from nats.aio.msg import Msg

from jifen_contracts.subjects import ingest_subject_of
from tests.ingest.sent import TOKEN, earned
from tests.integration.ingest_service import (
    BATCH,
    NDJSON,
    OTHER_TOKEN,
    STRUCTURED,
    Service,
    ingesting,
    lines,
)
from tests.support.collector import collecting


@pytest.fixture
async def service(nats_url: str, scheme: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with ingesting(nats_url, scheme, tmp_path) as running:
        yield running


async def ask(
    service: Service, body: bytes, form: str, token: str | None = TOKEN, **headers: str
) -> Msg:
    sent = {"Content-Type": form, **headers}
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    return await service.nats.request(
        ingest_subject_of(service.scheme), body, headers=sent, timeout=10
    )


def status_of(answer: Msg) -> tuple[str, str]:
    assert answer.headers is not None
    return answer.headers["Status"], answer.headers["Content-Type"]


async def test_an_event_has_the_same_answer_through_both_doors(service: Service) -> None:
    over_nats = await ask(service, orjson.dumps(earned()), STRUCTURED)
    over_http = await service.post(earned())

    assert status_of(over_nats) == ("200", "application/json")
    assert orjson.loads(over_nats.data) | {"duplicate": True} == over_http.json()
    assert len(await service.stored()) == 1


async def test_a_binary_event_has_its_attributes_in_headers(service: Service) -> None:
    event = earned()
    attributes = {f"ce-{name}": str(value) for name, value in event.items() if name != "data"}

    answer = await ask(service, orjson.dumps(event["data"]), "application/json", **attributes)

    assert orjson.loads(answer.data)["id"] == "e-1"


@pytest.mark.parametrize("form", [BATCH, NDJSON])
async def test_many_events_are_answered_one_by_one(service: Service, form: str) -> None:
    events = [earned(f"e-{number}") for number in range(20)] + [earned("bad", colour="red")]

    answer = await ask(service, orjson.dumps(events) if form == BATCH else lines(events), form)

    results = orjson.loads(answer.data)
    assert (results["accepted"], results["refused"]) == (20, 1)
    assert len(await service.stored()) == 20


async def test_an_atomic_request_is_asked_for_by_a_header(service: Service) -> None:
    body = lines([earned("e-1"), earned("e-2", colour="red")])

    answer = await ask(service, body, NDJSON, **{"Jifen-Atomic": "true"})

    assert status_of(answer) == ("422", "application/problem+json")
    assert await service.stored() == []


@pytest.mark.parametrize(
    ("body", "form", "token", "status", "code"),
    [
        (earned(), STRUCTURED, None, "401", "unauthorised"),
        (earned(), STRUCTURED, OTHER_TOKEN, "403", "scheme_not_allowed"),
        (earned(), "text/plain", TOKEN, "415", "malformed"),
        (earned(colour="red"), STRUCTURED, TOKEN, "422", "schema_invalid"),
        (["x" * 262_144], STRUCTURED, TOKEN, "413", "too_large"),
    ],
)
async def test_a_refusal_is_the_problem_that_http_answers(
    service: Service, body: Any, form: str, token: str | None, status: str, code: str
) -> None:
    answer = await ask(service, orjson.dumps(body), form, token)

    assert status_of(answer) == (status, "application/problem+json")
    assert orjson.loads(answer.data)["code"] == code
    assert await service.stored() == []


async def test_requests_are_taken_at_the_same_time(service: Service) -> None:
    answers = await asyncio.gather(
        *(ask(service, orjson.dumps(earned(f"e-{n}")), STRUCTURED) for n in range(300))
    )

    assert sorted(orjson.loads(one.data)["seq"] for one in answers) == list(range(1, 301))


async def test_two_ingests_share_the_requests(
    service: Service, nats_url: str, tmp_path: Path
) -> None:
    directory = tmp_path / "second"
    directory.mkdir()
    async with ingesting(nats_url, f"{service.scheme}-x", directory) as second:
        second.sources_file.write_text(service.sources_file.read_text())
        # A token that nobody knows makes it look at the file at once.
        await second.post(earned(), token="a-token-that-nobody-has-ever-made")
        answers = await asyncio.gather(
            *(ask(service, orjson.dumps(earned(f"e-{n}")), STRUCTURED) for n in range(100))
        )
        metrics = [(await one.http.get("/metrics")).text for one in (service, second)]

    assert sorted(orjson.loads(one.data)["seq"] for one in answers) == list(range(1, 101))
    accepted = [float(text.split('{duplicate="false"} ')[1].split()[0]) for text in metrics]
    assert sum(accepted) == 100.0
    assert min(accepted) > 0


async def test_the_trace_of_a_request_goes_on_beside_each_event_if_it_is_wanted(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    trace, caller = "a1" * 16, "b2" * 8
    wanted, unwanted = (f"00-{trace}-{caller}-{flags}" for flags in ("01", "00"))
    # More than go out as messages of their own.
    many = lines([earned(f"e-{number}") for number in range(20)])
    with collecting() as collector:
        endpoint = collector.endpoint
        async with ingesting(nats_url, scheme, tmp_path, tracing_endpoint=endpoint) as service:
            await ask(service, many, NDJSON, traceparent=wanted)
            await ask(service, orjson.dumps(earned("last")), STRUCTURED, traceparent=unwanted)
            *traced, last = await service.stored()

    [request] = collector.spans
    assert (request.trace, request.parent, request.attributes["jifen.accepted"]) == (
        trace,
        caller,
        20,
    )
    hop = f"00-{trace}-{request.id}-01"
    assert [(one.headers or {}).get("traceparent") for one in traced] == [hop] * 20
    assert (last.headers or {}).get("traceparent") is None
    assert [orjson.loads(one.data or b"")["traceparent"] for one in (traced[0], last)] == [
        wanted,
        unwanted,
    ]
