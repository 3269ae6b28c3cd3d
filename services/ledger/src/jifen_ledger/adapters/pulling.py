"""Messages pulled ahead of the fold: never more in memory than were asked for."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from jifen_ledger.application.ports import Message
from jifen_ledger.application.stopped import Unavailable

# One request brings this many messages, or fewer if they are long; two may be under way.
PULLED_MESSAGES = 5_000
PULLED_BYTES = 16 * 1024 * 1024
# Readers of one process share the memory; none has less than keeps it from asking too often.
PULLED_MESSAGES_MIN = 500
PULLED_BYTES_MIN = 1024 * 1024
REQUEST_EXPIRES_S = 30
HEARTBEAT_S = 2
# Three heartbeats missed: the consumer, the server or the way to it is gone.
SILENCE_MAX_S = 3 * HEARTBEAT_S
# The server forgets a consumer that nobody asked for this long; reading begins anew then.
CONSUMER_IDLE_MAX_S = 60

# Beside the payload, so that no byte of an event depends on who watches.
TRACE_HEADER = "traceparent"

_NANOSECONDS = 1_000_000_000


class Pulled(NamedTuple):
    """What one request brings at most: messages, and their size in bytes."""

    messages: int = PULLED_MESSAGES
    size: int = PULLED_BYTES

    def shared(self, readers: int) -> Pulled:
        """Return the part of each of so many readers."""
        return Pulled(
            max(PULLED_MESSAGES_MIN, self.messages // readers),
            max(PULLED_BYTES_MIN, self.size // readers),
        )

    def request(self) -> bytes:
        """Return the words of a request; durations are nanoseconds there."""
        return orjson.dumps(
            {
                "batch": self.messages,
                "max_bytes": self.size,
                "expires": int(REQUEST_EXPIRES_S * _NANOSECONDS),
                "idle_heartbeat": int(HEARTBEAT_S * _NANOSECONDS),
            }
        )


# A request that ends for one of these is followed by the next one; any other end is a loss.
_ENDS_WELL = {
    "404": ("No Messages",),
    "408": ("Request Timeout",),
    "409": ("Message Size Exceeds MaxBytes", "Batch Completed"),
}


class PulledMessages:
    """One consumer's messages. The server sends what was asked for, so nothing is ever dropped."""

    def __init__(
        self, client: Client, stream: str, consumer: str, after_seq: int, pulled: Pulled
    ) -> None:
        """`after_seq` is the sequence before the first one wanted."""
        self._pulled = pulled
        self._request = pulled.request()
        self._client = client
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._delete = f"$JS.API.CONSUMER.DELETE.{stream}.{consumer}"
        self._inbox = client.new_inbox()
        self._subscription: Subscription | None = None
        self._arrived: deque[Message] = deque()
        self._news = asyncio.Event()
        self._asked = 0
        self._lost: str | None = None
        self._reconnects = client.stats["reconnects"]
        self.stream_last = after_seq
        # How many requests the server has ended; another one takes each one's place.
        self.ended = 0

    @property
    def waiting(self) -> int:
        """How many messages have arrived and were not taken."""
        return len(self._arrived)

    async def start(self) -> None:
        """Begin to listen."""
        self._subscription = await self._client.subscribe(
            self._inbox,
            cb=self._take_in,
            # Both requests and the words that end them; more cannot come.
            pending_msgs_limit=3 * self._pulled.messages,
            pending_bytes_limit=4 * self._pulled.size,
        )

    async def take(self, most: int) -> Sequence[Message]:
        """Return what is there; nothing after a heartbeat without news. Raises Unavailable."""
        await self._ask()
        if not self._arrived:
            await self._wait()
        self._check()
        taken = [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]
        await self._ask()
        return taken

    async def stop(self) -> None:
        """Stop listening, and tell the server that the consumer can go."""
        if self._client.is_connected and self._subscription is not None:
            await self._subscription.unsubscribe()
            await self._client.publish(self._delete)

    async def _ask(self) -> None:
        """Ask for more when less than one request's worth is there or on its way."""
        self._check()
        while len(self._arrived) + self._asked <= self._pulled.messages:
            self._asked += self._pulled.messages
            try:
                await self._client.publish(self._subject, self._request, reply=self._inbox)
            except (nats.errors.Error, OSError) as error:
                raise Unavailable(f"NATS: {error!r}") from error

    async def _wait(self) -> None:
        self._news.clear()
        try:
            async with asyncio.timeout(SILENCE_MAX_S):
                await self._news.wait()
        except TimeoutError:
            self._lost = "no heartbeat"

    def _check(self) -> None:
        # After a reconnect the stream may be another one; the caller compares it again.
        if not self._client.is_connected or self._client.stats["reconnects"] != self._reconnects:
            self._lost = "the connection was lost"
        if self._lost is not None:
            raise Unavailable(f"NATS: {self._lost}")

    async def _take_in(self, message: Msg) -> None:
        headers = message.headers
        status = headers.get("Status") if headers else None
        if status is None:
            seq, pending, stored_ns = _place(message.reply)
            trace = headers.get(TRACE_HEADER) if headers else None
            self._asked -= 1
            self.stream_last = seq + pending
            self._arrived.append(Message(seq, message.subject, message.data, stored_ns, trace))
        else:
            assert headers is not None
            self._end(status, headers)
        self._news.set()

    def _end(self, status: str, headers: dict[str, str]) -> None:
        """Take a word of the server that is no message: a heartbeat, or a request's end."""
        if status == "100":
            return
        said = headers.get("Description", "")
        if not any(said.startswith(end) for end in _ENDS_WELL.get(status, ())):
            self._lost = f"{status} {said}"
        self._asked -= int(headers.get("Nats-Pending-Messages", "0"))
        self.ended += 1


def _place(reply: str) -> tuple[int, int, str]:
    """Return the sequence, how many messages follow it and when it was stored.

    All of it is in the acknowledgement's subject.
    """
    tokens = reply.split(".")
    # $JS.ACK.<stream>.<consumer>.<delivered>.<seq>.<consumer seq>.<time>.<pending>; servers
    # with a domain put it and the account's hash after $JS.ACK.
    place = 5 if len(tokens) == 9 else 7  # noqa: PLR2004 - counted above
    return int(tokens[place]), int(tokens[place + 3]), tokens[place + 2]
