"""The scheme's stream is gone, went back or is refilled: ingest says so, and stores nothing."""

import asyncio
from pathlib import Path
from typing import Any

import orjson

from jifen_contracts.streams import closed, event_stream, opened
from jifen_contracts.subjects import stream_of, subjects_of
from tests.ingest.sent import earned
from tests.integration.ingest_service import Service, ingesting

DEADLINE_S = 20
LOST = (503, "stream_lost")


async def answered(service: Service, event_id: str) -> tuple[int, str]:
    answer = await service.post(earned(event_id))
    return answer.status_code, answer.json().get("code", "")


async def put(service: Service, verb: str, settings: Any) -> None:
    name = stream_of(service.scheme)
    await service.nats.jetstream()._api_request(
        f"$JS.API.STREAM.{verb}.{name}", orjson.dumps(settings)
    )


def settings_of(service: Service) -> Any:
    return event_stream(service.scheme, replicas=1, erasable=True)


async def test_while_the_stream_is_gone_nothing_is_accepted_not_even_from_memory(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(nats_url, scheme, tmp_path) as service:
        stored = await service.post(earned("e-1"))
        await service.nats.jetstream().delete_stream(stream_of(scheme))
        first = await answered(service, "e-2")
        new = await answered(service, "e-2")
        known = await answered(service, "e-1")
        ready = await service.http.get("/readyz")
        await put(service, "CREATE", settings_of(service))
        gone_back = await answered(service, "e-1")
        messages = await service.stored()

    assert stored.status_code == 200
    # Whoever is the first to miss it only learns that nobody answers.
    assert (first, new, known) == ((503, "busy"), LOST, LOST)
    assert ready.status_code == 503
    # An empty stream of that name is not the one that gave numbers.
    assert (gone_back, messages) == (LOST, [])


async def test_a_refilled_stream_is_written_to_again_and_what_it_lacks_is_sent_again(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(nats_url, scheme, tmp_path) as service:
        for event_id in ("e-1", "e-2"):
            await service.post(earned(event_id))
        first = (await service.stored())[0]
        await service.nats.jetstream().delete_stream(stream_of(scheme))
        subjects = subjects_of(scheme)
        shut = closed(settings_of(service), subjects)
        await put(service, "CREATE", shut)
        await answered(service, "e-3")
        refilling = await answered(service, "e-2")
        door = (first.subject or "").replace("jifen.", "jifen.refill.", 1)
        await service.nats.jetstream().publish(door, first.data or b"")
        await put(service, "UPDATE", opened(shut, subjects, "a-mark"))
        async with asyncio.timeout(DEADLINE_S):
            while (again := await service.post(earned("e-2"))).status_code != 200:
                pass
        messages = await service.stored()

    # The ledger had not recorded e-2, so it was lost; its sender keeps it until it is accepted.
    assert refilling == LOST
    assert (again.status_code, again.json()["seq"], again.json()["duplicate"]) == (200, 2, False)
    assert [message.subject for message in messages] == [first.subject] * 2
