"""One stream in NATS JetStream as its refill needs it: its door, and batches behind its end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import nats.errors
import orjson
from nats.aio.client import Client

from jifen_contracts.streams import Settings, closed, is_closed, opened
from jifen_contracts.subjects import refill_subject_of
from jifen_ledger.adapters.stream import STREAM_NOT_FOUND, answers
from jifen_ledger.application.refilling.ports import Found, Written
from jifen_ledger.application.stopped import Reason, Stopped, Unavailable

API_TIMEOUT_S = 5.0
COMMIT_TIMEOUT_S = 20.0
# The stream does not end where a batch says that it must.
WRONG_LAST_SEQUENCE = frozenset({10_070, 10_071, 10_164})


class NatsRefilledStream:
    """A stream by its settings; the client is an operator's."""

    def __init__(self, client: Client, settings: Settings) -> None:
        """Take the settings with which the stream is made where there is none."""
        self._client = client
        self._settings = settings
        self._name = str(settings["name"])
        subjects = settings["subjects"]
        assert isinstance(subjects, list)
        (self._subjects,) = subjects

    async def find(self) -> Found | None:
        """Return how the stream is, None where there is none."""
        answer = await self._info()
        if answer is None:
            return None
        state = answer["state"]
        return Found(
            state["last_seq"], state["messages"], is_closed(answer["config"], self._subjects)
        )

    async def make(self, first_seq: int = 1) -> None:
        """Make the stream, closed; its first message gets this sequence."""
        settings = dict(closed(self._settings, self._subjects))
        if first_seq > 1:
            settings["first_seq"] = first_seq
        await self._asked(f"STREAM.CREATE.{self._name}", settings)

    async def close(self) -> None:
        """Take nothing but the refill: whoever publishes to the stream is refused at once."""
        await self._update(closed(await self._present(), self._subjects))

    async def open(self) -> None:
        """Take what comes on the stream's own subjects again, and nothing else."""
        present = await self._present()
        if is_closed(present, self._subjects):
            await self._update(opened(present, self._subjects, secrets.token_hex(8)))

    async def remove(self) -> None:
        """Remove the stream and all it holds."""
        await self._asked(f"STREAM.DELETE.{self._name}", {})

    async def append(self, after_seq: int, messages: Sequence[Written]) -> None:
        """Store all of them behind this sequence, or none.

        Raises Unavailable where the broker did not confirm, and Stopped where the stream does not
        end there.
        """
        batch_id = secrets.token_hex(16)
        with answers(self._name):
            for number, message in enumerate(messages, start=1):
                headers = {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number)}
                if number == 1:
                    headers["Nats-Expected-Last-Sequence"] = str(after_seq)
                if message.message_id is not None:
                    headers["Nats-Msg-Id"] = message.message_id
                subject = refill_subject_of(message.subject)
                if number < len(messages):
                    await self._client.publish(subject, message.payload, headers=headers)
                    continue
                headers["Nats-Batch-Commit"] = "1"
                reply = await self._client.request(
                    subject, message.payload, timeout=COMMIT_TIMEOUT_S, headers=headers
                )
        answer = orjson.loads(reply.data)
        if refused := answer.get("error"):
            self._refuse(refused, after_seq)

    def _refuse(self, refused: dict[str, Any], after_seq: int) -> None:
        said = f"{refused.get('description')} ({refused.get('err_code')})"
        if refused.get("err_code") in WRONG_LAST_SEQUENCE:
            detail = f"{self._name} does not end at seq {after_seq}: {said}"
            raise Stopped(Reason.STREAM_ALTERED, detail)
        raise Unavailable(f"{self._name} stored nothing: {said}")

    async def _present(self) -> dict[str, Any]:
        answer = await self._info()
        if answer is None:
            detail = f"the stream {self._name} does not exist"
            raise Stopped(Reason.STREAM_MISSING, detail)
        settings: dict[str, Any] = answer["config"]
        return settings

    async def _update(self, settings: Settings) -> None:
        await self._asked(f"STREAM.UPDATE.{self._name}", settings)

    async def _info(self) -> dict[str, Any] | None:
        answer = await self._ask(f"STREAM.INFO.{self._name}", {})
        refused = answer.get("error")
        if refused and refused.get("err_code") == STREAM_NOT_FOUND:
            return None
        return _believed(self._name, answer)

    async def _asked(self, method: str, request: Settings) -> None:
        _believed(self._name, await self._ask(method, request))

    async def _ask(self, method: str, request: Settings) -> dict[str, Any]:
        return await asked(self._client, method, request)


async def asked(client: Client, method: str, request: Settings) -> dict[str, Any]:
    """Return what the broker answers to a request of its JetStream API. Raises Unavailable."""
    try:
        reply = await client.request(
            f"$JS.API.{method}", orjson.dumps(request), timeout=API_TIMEOUT_S
        )
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise Unavailable(f"NATS: {method}: {error!r}") from error
    answer: dict[str, Any] = orjson.loads(reply.data)
    return answer


async def find_or_make(client: Client, settings: Settings) -> bool:
    """Make a stream where there is none of its name, and tell whether that was so."""
    name = settings["name"]
    answer = await asked(client, f"STREAM.INFO.{name}", {})
    if answer.get("error", {}).get("err_code") != STREAM_NOT_FOUND:
        _believed(str(name), answer)
        return False
    _believed(str(name), await asked(client, f"STREAM.CREATE.{name}", settings))
    return True


def _believed(name: str, answer: dict[str, Any]) -> dict[str, Any]:
    if refused := answer.get("error"):
        said = f"{refused.get('description')} ({refused.get('err_code')})"
        raise Unavailable(f"the stream {name}: {said}")
    return answer
