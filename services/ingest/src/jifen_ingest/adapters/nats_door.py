"""The NATS door: the same bodies and answers as HTTP, by request and reply."""

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog
from faststream.nats import NatsBroker, NatsMessage
from nats.aio.client import Client

from jifen_contracts.subjects import ingest_subject_of
from jifen_contracts.tracing import TRACEPARENT
from jifen_ingest.adapters.reception import Reception, Reply
from jifen_ingest.domain.refusals import Malformed, Refusal

# Every ingest is in this group, so each request reaches one of them.
QUEUE: Final = "jifen-ingest"
ATOMIC_HEADER: Final = "jifen-atomic"

_log = structlog.get_logger(__name__)


class NatsDoor:
    """Answers many requests at once; FastStream's own workers cost more than the answers."""

    def __init__(self, client: Client, reception: Reception, requests_max: int) -> None:
        self._client = client
        self._reception = reception
        self._room = asyncio.Semaphore(requests_max)
        self._under_way: set[asyncio.Task[None]] = set()

    async def take(self, message: NatsMessage) -> None:
        """Begin to answer a request; waits while as many as may be are under way."""
        await self._room.acquire()
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._under_way.add(task)
        task.add_done_callback(self._done)

    async def close(self) -> None:
        """Wait until every request that was taken is answered."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._room.release()

    async def _answer(self, message: NatsMessage) -> None:
        reply = await _reply(self._reception, message)
        await self._client.publish(message.reply_to, reply.body, headers=_headers_of(reply))


def open_nats_door(broker: NatsBroker, door: NatsDoor) -> None:
    """Subscribe the door to the events of every scheme."""
    broker.subscriber(
        ingest_subject_of("*"),
        queue=QUEUE,
        decoder=_whole,
        no_reply=True,
        title="Events sent to ingest",
    )(door.take)


async def _whole(message: NatsMessage) -> NatsMessage:
    return message


async def _reply(reception: Reception, message: NatsMessage) -> Reply:
    subject = message.raw_message.subject
    headers: Mapping[str, str] = {}
    try:
        headers = _headers(message.headers or {})
        scheme = subject.rpartition(".")[2]
        admitted = await reception.admit(scheme, headers, headers.get(ATOMIC_HEADER), "nats")
        return await reception.receive(admitted, headers, message.body)
    except Refusal as refusal:
        return reception.refuse(refusal, subject, headers.get(TRACEPARENT))


def _headers(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with lower-case names; on NATS the spelling is the caller's."""
    headers = {name.lower(): value for name, value in sent.items()}
    if len(headers) != len(sent):
        raise Malformed("a header occurs twice")
    return headers


def _headers_of(reply: Reply) -> dict[str, str]:
    return {"Content-Type": reply.media_type, "Status": str(int(reply.status)), **reply.headers}
