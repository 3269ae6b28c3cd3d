"""Streams out of the broker and into it, by its own snapshots: every message keeps its sequence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from jifen_ledger.adapters.backing_up.failed import BackupFailed
from jifen_ledger.adapters.backing_up.manifest import Stream
from jifen_ledger.adapters.connecting import connected_soon
from jifen_ledger.application.stopped import Unavailable

API_TIMEOUT_S: Final = 10
# The server reads the stream's checksums before it sends the first block.
BLOCK_TIMEOUT_S: Final = 60
# It recovers the whole stream before it answers the last one.
FINISH_TIMEOUT_S: Final = 600
NOT_THERE_YET_S: Final = 0.1
NOT_THERE_YET_MAX: Final = 50
BLOCK_BYTES: Final = 262_144
NOT_FOUND: Final = 10_059
# What ends a snapshot that is whole; an older server says nothing.
WHOLE: Final = (None, "204")


class Snapshots:
    """On a connection of the operator, who alone may do this."""

    def __init__(self, client: Client) -> None:
        """Take a connected client."""
        self._client = client

    async def names(self) -> list[str]:
        """Return the names of all streams. Raises BackupFailed."""
        names: list[str] = []
        while True:
            answer = await self._ask("STREAM.NAMES", {"offset": len(names)})
            page = answer.get("streams") or []
            names += page
            if not page or len(names) >= answer["total"]:
                return sorted(names)

    async def last_seq(self, stream: str) -> int | None:
        """Return the last sequence that was ever given; None if there is no such stream."""
        answer = await self._ask(f"STREAM.INFO.{stream}", {}, may_lack=True)
        return None if answer is None else int(answer["state"]["last_seq"])

    async def take(
        self, stream: str, write: Callable[[bytes], None]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Write the stream out; return its settings and its state. Raises BackupFailed."""
        inbox = self._client.new_inbox()
        blocks = await self._client.subscribe(inbox)
        try:
            how = {"deliver_subject": inbox, "no_consumers": True, "jsck": True}
            answer = await self._ask(
                f"STREAM.SNAPSHOT.{stream}", {**how, "chunk_size": BLOCK_BYTES}
            )
            while (block := await self._next(stream, blocks.next_msg)).data:
                write(block.data)
                if block.reply:
                    # The server sends so much ahead and then waits.
                    await self._client.publish(block.reply)
        finally:
            await blocks.unsubscribe()
        headers = block.headers or {}
        if headers.get("Status") not in WHOLE:
            raise BackupFailed(f"{stream}: the snapshot was cut short: {dict(headers)}")
        return answer["config"], answer["state"]

    async def bring_back(
        self, stream: Stream, blocks: Iterable[bytes], replicas: int | None
    ) -> None:
        """Make the stream anew, as it was. Raises BackupFailed."""
        config = {**stream.config, **({} if replicas is None else {"num_replicas": replicas})}
        answer = await self._ask(
            f"STREAM.RESTORE.{stream.name}", {"config": config, "state": stream.state}
        )
        to = str(answer["deliver_subject"])
        for block in blocks:
            reply = await self._deliver(to, block)
            if reply.data:
                raise BackupFailed(f"{stream.name}: {reply.data.decode(errors='replace')}")
        made = await self._request(to, b"", FINISH_TIMEOUT_S)
        _checked(orjson.loads(made.data), stream.name)
        if (await self.last_seq(stream.name) or 0) < stream.last_seq:
            raise BackupFailed(f"{stream.name}: the broker brought back less than was given it")

    async def refuse_if_used(self, stream: str) -> None:
        """Tell that the stream never had a message. Raises BackupFailed."""
        if last := await self.last_seq(stream):
            raise BackupFailed(f"the stream {stream} is not empty: it has had {last} messages")

    async def remove_if_unused(self, stream: str) -> None:
        """Remove a stream that never had a message, for the one that takes its place."""
        await self.refuse_if_used(stream)
        if await self.last_seq(stream) is not None:
            await self._ask(f"STREAM.DELETE.{stream}", {})

    async def _next(self, stream: str, next_msg: Callable[..., Any]) -> Msg:
        try:
            block: Msg = await next_msg(timeout=BLOCK_TIMEOUT_S)
        except nats.errors.TimeoutError:
            raise BackupFailed(f"{stream}: the broker sends no more of the snapshot") from None
        return block

    async def _ask(self, method: str, request: object, *, may_lack: bool = False) -> Any:  # noqa: ANN401 - JSON
        reply = await self._request(f"$JS.API.{method}", orjson.dumps(request), API_TIMEOUT_S)
        answer = orjson.loads(reply.data)
        if may_lack and (answer.get("error") or {}).get("err_code") == NOT_FOUND:
            return None
        return _checked(answer, method)

    async def _deliver(self, to: str, block: bytes) -> Msg:
        """Hand over a block. In a cluster it takes a moment until every node knows to whom."""
        for _ in range(NOT_THERE_YET_MAX):
            try:
                return await self._client.request(to, block, timeout=BLOCK_TIMEOUT_S)
            except nats.errors.NoRespondersError:
                # Nobody has it, so it can be sent again.
                await asyncio.sleep(NOT_THERE_YET_S)
            except (nats.errors.Error, TimeoutError) as error:
                raise BackupFailed(f"NATS did not take a block of {to}: {error!r}") from error
        return await self._request(to, block, BLOCK_TIMEOUT_S)

    async def _request(self, subject: str, data: bytes, timeout_s: int) -> Msg:
        try:
            return await self._client.request(subject, data, timeout=timeout_s)
        except (nats.errors.Error, TimeoutError) as error:
            raise BackupFailed(
                f"NATS did not answer {subject}: {error!r}; only the operator's user may ask that"
            ) from error


@asynccontextmanager
async def snapshots_on(
    url: str, user: str | None, password: str | None
) -> AsyncIterator[Snapshots]:
    """Connect for the length of the block. Raises BackupFailed."""
    async with AsyncExitStack() as opened:
        try:
            client = await opened.enter_async_context(connected_soon(url, user, password))
        except Unavailable as unavailable:
            raise BackupFailed(str(unavailable)) from None
        yield Snapshots(client)


def _checked(answer: Any, what: str) -> Any:  # noqa: ANN401 - JSON
    if error := answer.get("error"):
        raise BackupFailed(f"{what}: {error.get('description')}")
    return answer
