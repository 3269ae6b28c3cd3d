"""Writes groups into one JetStream stream, and finds out what became of an unanswered one."""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

import nats.errors
import nats.js.errors
import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from jifen_contracts.tracing import TRACEPARENT
from jifen_ingest.adapters.continuity import Continuity
from jifen_ingest.adapters.group_commit import GroupRefused
from jifen_ingest.adapters.streams import LOST
from jifen_ingest.application.event_log import Entry, Missed, Outcome, Stored
from jifen_ingest.domain.refusals import Busy, StreamLost

# How many later messages of one subject are read before a lost batch is called unknown.
LOOKUPS_MAX: Final = 64
RECONNECT_POLL_S: Final = 0.05

_UNKNOWN: Final = Missed("The event log did not confirm in time.", certain=False)
_AWAY: Final = Missed("The event log is away; nothing was stored.", certain=True)

_log = structlog.get_logger(__name__)


class StreamWriter:
    def __init__(
        self,
        client: Client,
        stream: str,
        last_seq: int,
        commit_timeout_s: float,
        continuity: Continuity | None = None,
    ) -> None:
        self._client = client
        self._continuity = continuity
        self._stream = stream
        self._commit_timeout_s = commit_timeout_s
        self._jetstream = JetStreamContext(client, timeout=commit_timeout_s)
        # Whatever is being written now can only be stored above this.
        self._last_seq = last_seq

    async def singles(self, group: Sequence[Entry]) -> list[Outcome]:
        if (missed := await self._unfit()) is not None:
            return [missed] * len(group)
        # Each task writes before it first waits, so the stream gets them in this order.
        outcomes = await asyncio.gather(*map(self._single, group))
        unsure = [place for place, outcome in enumerate(outcomes) if outcome == _UNKNOWN]
        if unsure and await self._connected():
            # Safe within the stream's duplicate window: each goes out under its first id.
            again = await asyncio.gather(*(self._single(group[place]) for place in unsure))
            for place, outcome in zip(unsure, again, strict=True):
                outcomes[place] = outcome
        return outcomes

    async def batch(self, group: Sequence[Entry]) -> list[Outcome]:
        if (missed := await self._unfit()) is not None:
            return [missed] * len(group)
        floor = self._last_seq
        batch_id = secrets.token_hex(16)
        *staged, last = group
        try:
            for number, entry in enumerate(staged, start=1):
                headers = {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number)}
                if entry.hop is not None:
                    headers[TRACEPARENT] = entry.hop
                await self._client.publish(entry.subject, entry.payload, headers=headers)
            reply = await self._client.request(
                last.subject,
                last.payload,
                timeout=self._commit_timeout_s,
                headers={
                    "Nats-Batch-Id": batch_id,
                    "Nats-Batch-Sequence": str(len(group)),
                    "Nats-Batch-Commit": "1",
                    **({} if last.hop is None else {TRACEPARENT: last.hop}),
                },
            )
        except nats.errors.NoRespondersError:
            return [self._nobody()] * len(group)
        except LOST as error:
            _log.warning("batch_unconfirmed", stream=self._stream, error=type(error).__name__)
            return await self._look_up(group, floor)
        answer = orjson.loads(reply.data)
        if refused := answer.get("error"):
            raise GroupRefused(_said(refused))
        assert answer["count"] == len(group), "the broker committed another batch"
        return self._stored(group, answer["seq"])

    async def _unfit(self) -> Missed | None:
        """Return why nothing can be written now, None if it can."""
        if not self._client.is_connected:
            return _AWAY
        if self._continuity is not None:
            try:
                await self._continuity.check()
            except StreamLost as lost:
                return Missed(lost.detail, certain=True, lost=True)
            except Busy as busy:
                return Missed(busy.detail, certain=True)
        return None

    def _nobody(self) -> Missed:
        """Nobody took the message: the broker has lost the stream, or it is closed."""
        if self._continuity is not None:
            self._continuity.doubt()
        return _AWAY

    def _confirm(self, seq: int) -> None:
        self._last_seq = max(self._last_seq, seq)
        if self._continuity is not None:
            self._continuity.confirm(seq)

    async def _single(self, entry: Entry) -> Outcome:
        headers = {"Nats-Msg-Id": entry.content.hex()}
        if entry.hop is not None:
            headers[TRACEPARENT] = entry.hop
        try:
            reply = await self._client.request(
                entry.subject, entry.payload, timeout=self._commit_timeout_s, headers=headers
            )
            return await self._single_outcome(entry, reply)
        except nats.errors.NoRespondersError:
            return self._nobody()
        except LOST as error:
            _log.warning("single_unconfirmed", stream=self._stream, error=type(error).__name__)
            return _UNKNOWN

    async def _single_outcome(self, entry: Entry, reply: Msg) -> Outcome:
        answer = orjson.loads(reply.data)
        if refused := answer.get("error"):
            return Missed(_said(refused), certain=True)
        seq: int = answer["seq"]
        self._confirm(seq)
        if not answer.get("duplicate"):
            return Stored(seq, entry.payload_sha256)
        # The stored one has a nonce of its own, so only the stream knows its hash. It may
        # also be this very message, sent once more because its answer was lost.
        payload_sha256 = await self._payload_sha256(seq)
        return Stored(seq, payload_sha256, duplicate=payload_sha256 != entry.payload_sha256)

    async def _look_up(self, group: Sequence[Entry], floor: int) -> list[Outcome]:
        """Find an unanswered batch by its last payload, which no other message has."""
        unknown: list[Outcome] = [_UNKNOWN] * len(group)
        if not await self._connected():
            return unknown
        last, seq = group[-1], floor
        try:
            for _ in range(LOOKUPS_MAX):
                found = await self._jetstream.get_msg(
                    self._stream, seq=seq + 1, subject=last.subject, direct=True, next=True
                )
                assert found.seq is not None
                seq = found.seq
                if hashlib.sha256(found.data or b"").hexdigest() == last.payload_sha256:
                    _log.info("batch_found", stream=self._stream, seq=seq, count=len(group))
                    return self._stored(group, seq)
        except nats.js.errors.NotFoundError:
            # Not there yet is not never: a slow server may still store it.
            return unknown
        except LOST as error:
            _log.warning("look_up_failed", stream=self._stream, error=type(error).__name__)
        return unknown

    async def _payload_sha256(self, seq: int) -> str:
        message = await self._jetstream.get_msg(self._stream, seq=seq, direct=True)
        return hashlib.sha256(message.data or b"").hexdigest()

    async def _connected(self) -> bool:
        """Wait for the connection to return, at most for one commit's time."""
        try:
            async with asyncio.timeout(self._commit_timeout_s):
                # nats-py has one callback for a reconnection, and it is the log's.
                while not self._client.is_connected:  # noqa: ASYNC110
                    await asyncio.sleep(RECONNECT_POLL_S)
        except TimeoutError:
            return False
        return True

    def _stored(self, group: Sequence[Entry], last_seq: int) -> list[Outcome]:
        self._confirm(last_seq)
        first = last_seq - len(group) + 1
        return [Stored(first + place, entry.payload_sha256) for place, entry in enumerate(group)]


def _said(error: dict[str, object]) -> str:
    return f"The event log refused: {error.get('description')} ({error.get('err_code')})."
