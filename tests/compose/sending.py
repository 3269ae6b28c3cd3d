"""An upstream system that sends on and on, what it was answered, and what became of it."""

import json
import threading
import time
from collections import Counter
from typing import Any, Self

import httpx

from tests.compose.engine import Engine

PLANT = "plant"
SOURCE = "urn:jifen:source:local"
PAUSE_S = 0.02
ANSWERS_S = 10.0
SIGNED_WITHIN_S = 60.0
LOOK_AGAIN_S = 0.1


def send(running: Engine, number: int, scheme: str = PLANT) -> int:
    """Send so many events, each with a private part; return the seq of the last."""
    token = _tokens(running, scheme)["send"]
    with _client(running, "INGEST") as client:
        return max(int(_post(client, token, scheme).json()["seq"]) for _ in range(number))


def head_of(running: Engine, least: int = 1) -> tuple[str, str]:
    """Return size and root of the log once it covers so many records and is read again."""
    headers = {"Authorization": f"Bearer {_tokens(running)['read']}"}
    end = time.monotonic() + SIGNED_WITHIN_S
    with _client(running, "LEDGER") as client:
        while True:
            try:
                answer = client.get(f"/v1/schemes/{PLANT}/log/checkpoint", headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == httpx.codes.OK:
                _, size, root, *_ = answer.text.splitlines()
                if int(size) >= least:
                    return size, root
            assert time.monotonic() < end, "the log did not come so far in time"
            time.sleep(LOOK_AGAIN_S)


class Sender:
    """Sends one event after another in a thread; an event without an answer is sent again."""

    def __init__(self, running: Engine) -> None:
        """Take where to send."""
        self.answers: Counter[int] = Counter()
        self.last_seq = 0
        self._running = running
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._send)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End after the event in hand."""
        self._stopping.set()
        self._thread.join()

    def _send(self) -> None:
        token = _tokens(self._running)["send"]
        with _client(self._running, "INGEST") as client:
            while not self._stopping.wait(PAUSE_S):
                answer = _post(client, token)
                self.answers[answer.status_code] += 1
                if answer.status_code == httpx.codes.OK:
                    self.last_seq = int(answer.json()["seq"])


def _post(client: httpx.Client, token: str, scheme: str = PLANT) -> httpx.Response:
    """Send a new event until there is an answer."""
    event = {
        "specversion": "1.0",
        "id": f"e-{time.time_ns()}",
        "source": SOURCE,
        "type": "jifen.points.earned.v1",
        "subject": "m-0a17",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "data": {
            "claim": "c-4",
            "item": "C09",
            "deed": "check-1",
            "measure": {"member": {"tier": "general"}},
            "private": {"text": "三号阀门渗漏"},
        },
    }
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/cloudevents+json",
    }
    end = time.monotonic() + SIGNED_WITHIN_S
    while True:
        try:
            return client.post(
                f"/v1/schemes/{scheme}/events", content=json.dumps(event), headers=headers
            )
        except httpx.TransportError:
            assert time.monotonic() < end, "nobody answered in time"
            time.sleep(LOOK_AGAIN_S)


def _tokens(running: Engine, scheme: str = PLANT) -> dict[str, Any]:
    shown = json.loads(running.compose("run", "--rm", "-T", "setup", "show"))
    tokens: dict[str, Any] = shown["tokens"][scheme]
    return tokens


def _client(running: Engine, door: str) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{running.port(door)}", timeout=ANSWERS_S)
