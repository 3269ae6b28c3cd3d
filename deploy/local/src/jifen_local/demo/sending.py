"""Sends the year: day by day, the systems in their turns, in batches, again when told to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Final

import orjson

from jifen_local.demo.doors import Door, Reply
from jifen_local.demo.messages import Message
from jifen_local.demo.tally import Tally
from jifen_local.demo.year import Day

BATCH_EVENTS_MAX: Final = 1_000
BATCH_BYTES_MAX: Final = 700_000
ATTEMPTS_MAX: Final = 30
_WAIT: Final = frozenset({HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS})
_BUSY: Final = "busy"


class GaveUp(RuntimeError):  # noqa: N818 - told in one line
    """Ingest did not take a batch, however often it was sent."""


class Sender:
    """Sends through both doors and counts every answer."""

    def __init__(
        self,
        http: Door,
        nats: Door,
        tokens: Mapping[str, str],
        attempts_max: int = ATTEMPTS_MAX,
    ) -> None:
        """Send with the tokens, by the name of the credential."""
        self.tally = Tally()
        self._http = http
        self._nats = nats
        self._tokens = tokens
        self._attempts_max = attempts_max
        self._sent: Callable[[int], None] = lambda _: None

    async def send(self, days: Sequence[Day], sent: Callable[[int], None]) -> None:
        """Send every day in order; no system begins a day before all have ended the last.

        `sent` is told the number of events of each batch.
        """
        self._sent = sent
        for day in days:
            await self._send_day(day)

    async def _send_day(self, day: Day) -> None:
        await self._take_turn(day.personnel, self._http)
        async with asyncio.TaskGroup() as facts:
            facts.create_task(self._take_turn(day.attendance, self._http))
            facts.create_task(self._take_turn(day.safety, self._nats))
        await self._take_turn(day.review_desk, self._http)

    async def _take_turn(self, messages: Sequence[Message], door: Door) -> None:
        for batch in batches_of(messages):
            open_: Sequence[Message] = batch
            for _ in range(self._attempts_max):
                reply = await self._attempt(door, open_)
                open_ = self._count(open_, reply)
                if not open_:
                    break
                await asyncio.sleep(1.0 if reply is None else reply.retry_after_s)
            else:
                times = self._attempts_max
                raise GaveUp(f"Ingest refused {len(open_)} events {times} times as busy.")
            self._sent(len(batch))

    async def _attempt(self, door: Door, batch: Sequence[Message]) -> Reply | None:
        body = b"\n".join(message.body for message in batch)
        try:
            return await door.send(self._tokens[batch[0].credential], body)
        except (TimeoutError, ConnectionError):
            # Nobody knows whether it was stored; the same ids make sending again harmless.
            return None

    def _count(self, batch: Sequence[Message], reply: Reply | None) -> Sequence[Message]:
        """Count the answers; return the messages that have none yet."""
        if reply is None or reply.status in _WAIT:
            return batch
        answer = orjson.loads(reply.body)
        if reply.status != HTTPStatus.OK:
            self.tally.count_all(batch, answer["code"])
            return ()
        busy = []
        for message, result in zip(batch, answer["results"], strict=True):
            if result.get("code") == _BUSY:
                busy.append(message)
            else:
                self.tally.count(message, result)
        return busy


def batches_of(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Cut the messages, in their order: each batch has one credential and fits a request."""
    batch: list[Message] = []
    size = 0
    for message in messages:
        room = len(batch) < BATCH_EVENTS_MAX and size + len(message.body) < BATCH_BYTES_MAX
        if batch and not (room and batch[0].credential == message.credential):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message.body) + 1
    if batch:
        yield batch
