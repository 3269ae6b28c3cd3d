"""The scheme's stream in NATS JetStream: single messages, and reading by position."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import nats
import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from jifen_contracts.subjects import private_stream_of, private_subject_of, stream_of
from jifen_ledger.adapters.overwriting import MESSAGE_NOT_FOUND, delete, overwrite
from jifen_ledger.adapters.pulling import CONSUMER_IDLE_MAX_S, Pulled, PulledMessages
from jifen_ledger.application.ports import Message
from jifen_ledger.application.reconciling.ports import StreamState
from jifen_ledger.application.stopped import Reason, Stopped, Unavailable

USER = "ledger"
REQUEST_TIMEOUT_S = 5
CONNECT_TIMEOUT_S = 2
RECONNECT_WAIT_S = 0.5
STREAM_NOT_FOUND = 10059

_log = structlog.get_logger()


async def log_error(error: Exception) -> None:
    """Log what the broker refuses."""
    _log.error("nats_error", error=repr(error))


async def connect(
    url: str,
    user: str | None,
    password: str | None,
    note_error: Callable[[Exception], Awaitable[None]] = log_error,
) -> Client:
    """Return a client that reconnects for ever; what is refused is logged, not lost."""

    async def note_disconnect() -> None:
        _log.warning("nats_disconnected")

    try:
        return await nats.connect(
            # The nodes of a cluster, separated by commas; one that is gone is passed over.
            url.split(","),
            user=user,
            password=password,
            name="jifen-ledger",
            # Each user of the broker has an inbox of its own; the permissions name it.
            inbox_prefix=f"_INBOX.{user or USER}".encode(),
            connect_timeout=CONNECT_TIMEOUT_S,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_WAIT_S,
            error_cb=note_error,
            disconnected_cb=note_disconnect,
        )
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise Unavailable(f"NATS: {error!r}") from error


@contextmanager
def answers(stream: str) -> Iterator[None]:
    """Turn what the broker does not answer into Unavailable, and a stream it lacks into Stopped."""
    try:
        yield
    except nats.js.errors.NotFoundError as error:
        if error.err_code == STREAM_NOT_FOUND:
            detail = f"the stream {stream} does not exist"
            raise Stopped(Reason.STREAM_MISSING, detail) from error
        raise
    except (nats.errors.Error, OSError, TimeoutError) as error:
        raise Unavailable(f"NATS: {error!r}") from error


class NatsStream:
    """Streams by scheme, on one connection."""

    def __init__(
        self,
        client: Client,
        name_of: Callable[[str], str] = stream_of,
        pulled: Pulled | None = None,
    ) -> None:
        """Take a connected client, how a scheme's stream is called, and what a request brings."""
        self._client = client
        self._name_of = name_of
        self._pulled = pulled or Pulled()
        self._jetstream = client.jetstream(timeout=REQUEST_TIMEOUT_S)

    async def message(self, scheme: str, seq: int) -> Message | None:
        """Return the message, or None where the stream has none. Raises Unavailable, Stopped."""
        with answers(self._name_of(scheme)):
            try:
                # By way of the stream's leader: a replica may not have it yet.
                found = await self._jetstream.get_msg(self._name_of(scheme), seq)
            except nats.js.errors.NotFoundError as error:
                if error.err_code == MESSAGE_NOT_FOUND:
                    return None
                raise
        return Message(seq, found.subject or "", found.data or b"")

    async def last_seq(self, scheme: str) -> int:
        """Return the last sequence of the stream. Raises Unavailable, Stopped."""
        return (await self.state(scheme)).last_seq

    async def missing(self, scheme: str) -> int:
        """Return how many sequences, up to the last, have no message. Raises Unavailable."""
        state = await self.state(scheme)
        return state.last_seq - state.messages

    async def state(self, scheme: str) -> StreamState:
        """Return the stream's numbers. Raises Unavailable, Stopped where there is none."""
        with answers(self._name_of(scheme)):
            info = await self._jetstream.stream_info(self._name_of(scheme))
        return StreamState(info.state.last_seq, info.state.messages, str(info.created))

    @asynccontextmanager
    async def reading(self, scheme: str, from_seq: int) -> AsyncIterator[PulledMessages]:
        """Read from the sequence on. Raises Unavailable, Stopped."""
        stream = self._name_of(scheme)
        with answers(stream):
            consumer = await self._jetstream.add_consumer(
                stream,
                ConsumerConfig(
                    # No durable name, no acknowledgements: the position is the ledger's own.
                    deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                    opt_start_seq=from_seq,
                    ack_policy=AckPolicy.NONE,
                    inactive_threshold=CONSUMER_IDLE_MAX_S,
                    mem_storage=True,
                    num_replicas=1,
                ),
            )
            messages = PulledMessages(
                self._client, stream, consumer.name, from_seq - 1, self._pulled
            )
            await messages.start()
        try:
            yield messages
        finally:
            await messages.stop()


class NatsPrivateStream(NatsStream):
    """The streams of private parts, which alone can be erased."""

    def __init__(self, client: Client) -> None:
        """Take a connected client."""
        super().__init__(client, private_stream_of)

    async def purge(self, scheme: str, person: str) -> None:
        """Remove every message of the person. Raises Unavailable, Stopped."""
        stream = private_stream_of(scheme)
        with answers(stream):
            await overwrite(self._jetstream, stream, private_subject_of(scheme, person))

    async def count(self, scheme: str, person: str) -> int:
        """Return how many messages there are of the person. Raises Unavailable, Stopped."""
        stream = private_stream_of(scheme)
        subject = private_subject_of(scheme, person)
        with answers(stream):
            info = await self._jetstream.stream_info(stream, subjects_filter=subject)
        return sum((info.state.subjects or {}).values())

    async def delete(self, scheme: str, seq: int) -> None:
        """Remove one message, if it is there. Raises Unavailable, Stopped."""
        stream = private_stream_of(scheme)
        with answers(stream):
            await delete(self._jetstream, stream, seq)
