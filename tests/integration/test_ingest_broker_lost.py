"""The broker is killed in the middle of the load: what was acknowledged is still there."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from jifen_local.servers import start_nats
from jifen_local.servers.nats import NatsServer
from tests.ingest.sent import earned
from tests.integration.ingest_service import Service, ingesting, payload_sha256

CALLERS = 60
DEADLINE_S = 60
SETTINGS = {"ingest_commit_timeout_s": 3.0}


class Broker:
    """A server of the test's own, which comes back on the same port with the same store."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.server: NatsServer = start_nats(data)
        self._port = urlsplit(self.server.url).port

    @property
    def url(self) -> str:
        return self.server.url

    def kill_and_restart(self) -> None:
        self.server.kill()
        self.server = start_nats(self._data, port=self._port)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    broker = Broker(tmp_path / "nats")
    yield broker
    broker.server.stop()


async def send_until(
    service: Service, caller: int, stop: asyncio.Event
) -> dict[str, tuple[int, str]]:
    """Send one event after the other, each until it is accepted; return what was answered."""
    accepted: dict[str, tuple[int, str]] = {}
    number = 0
    while not stop.is_set():
        event_id = f"e-{caller}-{number}"
        answer = await service.post(earned(event_id))
        if answer.status_code == 200:
            accepted[event_id] = (answer.json()["seq"], answer.json()["payload_sha256"])
            number += 1
        else:
            assert answer.json()["code"] == "busy", answer.text
            # As a producer would, which has nothing better to do meanwhile.
            await service.http.get("/readyz")
    return accepted


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not await condition():  # noqa: ASYNC110 - the condition lies in another process
            await asyncio.sleep(0.01)


async def accepted_more(service: Service, number: int) -> None:
    wanted = await accepted_so_far(service) + number

    async def enough() -> bool:
        return await accepted_so_far(service) >= wanted

    await until(enough)


async def accepted_so_far(service: Service) -> float:
    metrics = (await service.http.get("/metrics")).text
    return float(metrics.split('{duplicate="false"} ')[1].split()[0])


async def test_nothing_acknowledged_is_lost_when_the_broker_is_killed(
    broker: Broker, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(broker.url, scheme, tmp_path, **SETTINGS) as service:
        stop = asyncio.Event()
        callers = [asyncio.ensure_future(send_until(service, n, stop)) for n in range(CALLERS)]
        for _ in range(2):
            await accepted_more(service, 500)
            broker.kill_and_restart()
        await accepted_more(service, 500)
        stop.set()
        accepted = {
            event_id: stored
            for answers in await asyncio.gather(*callers)
            for event_id, stored in answers.items()
        }
        messages = await service.stored()

    assert len(accepted) >= 1_500
    found = {
        event_id: (seq, payload_sha256(messages[seq - 1]))
        for event_id, (seq, _) in accepted.items()
    }
    assert found == accepted
    ids = [orjson.loads(messages[seq - 1].data or b"")["id"] for seq, _ in accepted.values()]
    assert ids == list(accepted)


async def test_without_a_broker_nothing_is_accepted_and_readiness_says_so(
    broker: Broker, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(broker.url, scheme, tmp_path, **SETTINGS) as service:
        broker.server.kill()
        answer = await service.post(earned())
        ready = await service.http.get("/readyz")
        alive = await service.http.get("/healthz")
        broker.kill_and_restart()

        async def connected() -> bool:
            return "broker" not in (await service.http.get("/readyz")).text

        await until(connected)
        again = await service.post(earned())

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert "same id" in answer.json()["hint"]
    assert "the broker is away" in ready.text
    assert (ready.status_code, alive.status_code, again.status_code) == (503, 200, 200)
