"""Events of a benchmark in each form that ingest or the broker takes; no two are equal."""

import asyncio
import secrets
import time
from itertools import count
from typing import Any, Final

import nats
import orjson

from jifen_contracts.subjects import ingest_subject_of
from jifen_ingest.application.event_log import Entry
from jifen_ingest.domain.stamping import stamped
from tests.benchmarks.http_load import Load, post
from tests.ingest.sent import SOURCE, TOKEN, credential
from tests.integration.ingest_service import NDJSON, STRUCTURED

SCHEME: Final = "bench"
PATH: Final = f"/v1/schemes/{SCHEME}/events"
MEMBERS: Final = 100_000
ANSWER_TIMEOUT_S: Final = 60


class Sender:
    def __init__(self) -> None:
        self._numbers = count(1)
        self._run = secrets.token_hex(4)

    def bodies(self, events: int) -> list[bytes]:
        return [orjson.dumps(self._event()) for _ in range(events)]

    def entries(self, events: int) -> list[Entry]:
        """Return what ingest would write for such events."""
        sent = credential(scheme=SCHEME)
        made = (
            stamped(self._event(), sent, time.time_ns() // 1_000_000, secrets.token_bytes)
            for _ in range(events)
        )
        return [
            Entry(one.content, one.broker_subject, one.payload, one.payload_sha256) for one in made
        ]

    def singles(self, url: str, events: int) -> list[bytes]:
        return [post(url, PATH, body, _headers(STRUCTURED)) for body in self.bodies(events)]

    def batches(self, url: str, batches: int, size: int) -> list[bytes]:
        return [
            post(url, PATH, b"\n".join(self.bodies(size)), _headers(NDJSON)) for _ in range(batches)
        ]

    async def over_nats(self, nats_url: str, events: int, callers: int) -> Load:
        """Send so many single events by request and reply; raises on anything but 200."""
        client = await nats.connect(nats_url)
        left = iter(self.bodies(events))
        latencies_s: list[float] = []
        subject = ingest_subject_of(SCHEME)

        async def call() -> None:
            for body in left:
                sent_at = time.perf_counter()
                reply = await client.request(
                    subject, body, timeout=ANSWER_TIMEOUT_S, headers=_headers(STRUCTURED)
                )
                latencies_s.append(time.perf_counter() - sent_at)
                assert (reply.headers or {})["Status"] == "200", reply.data[:1000]

        started = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(callers)))
        load = Load(time.perf_counter() - started, latencies_s)
        await client.close()
        return load

    def _event(self) -> dict[str, Any]:
        number = next(self._numbers)
        return {
            "specversion": "1.0",
            "id": f"e-{self._run}-{number:08d}",
            "source": SOURCE,
            "type": "jifen.points.earned.v1",
            "subject": f"m-{number * 7919 % MEMBERS:06d}",
            "time": "2026-03-04T16:40:00+08:00",
            "data": {
                "claim": f"c-{self._run}-{number:08d}",
                "item": "D05",
                "deed": f"visit-{number:08d}",
                "measure": {"member": {"count": 1}, "committee": {"count": 1}},
            },
        }


def _headers(media_type: str) -> dict[str, str]:
    return {"Content-Type": media_type, "Authorization": f"Bearer {TOKEN}"}
