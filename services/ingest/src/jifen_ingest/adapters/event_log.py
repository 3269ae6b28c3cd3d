"""The event log: per scheme a group commit for its events and one for its private parts."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from nats.aio.client import Client

from jifen_ingest.adapters.continuity import Continuity
from jifen_ingest.adapters.group_commit import GroupCommit, GroupLimits
from jifen_ingest.adapters.recent import Recent
from jifen_ingest.adapters.stream_writer import StreamWriter
from jifen_ingest.adapters.streams import LOST, Stream, StreamsUnfit, open_streams
from jifen_ingest.adapters.telemetry import Telemetry
from jifen_ingest.adapters.traced import Tracing
from jifen_ingest.application.event_log import Entry, Outcome, Stored
from jifen_ingest.domain.refusals import Busy, UnknownScheme

# A missing scheme is looked for again, but not by every request.
ABSENCE_KEPT_S: Final = 1.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LogLimits:
    group: GroupLimits
    recent_max: int
    commit_timeout_s: float


@dataclass(frozen=True, slots=True)
class _Scheme:
    events: GroupCommit
    private: GroupCommit
    recent: Recent
    continuity: Continuity


class NatsEventLog:
    """Lives inside a task group, which runs one committer per stream."""

    def __init__(
        self,
        client: Client,
        tasks: asyncio.TaskGroup,
        limits: LogLimits,
        telemetry: Telemetry,
        tracing: Tracing | None = None,
    ) -> None:
        self._client = client
        self._tasks = tasks
        self._limits = limits
        self._telemetry = telemetry
        self._tracing = tracing
        self._schemes: dict[str, _Scheme] = {}
        self._absent_until: dict[str, float] = {}
        self._opening = asyncio.Lock()

    @property
    def queued(self) -> int:
        return sum(one.events.queued + one.private.queued for one in self._schemes.values())

    async def open(self, scheme: str) -> bool:
        """Compare the scheme's streams and get ready to write; False if they do not exist."""
        async with self._opening:
            if scheme in self._schemes:
                return True
            found = await open_streams(self._client, scheme)
            if found is None:
                self._absent_until[scheme] = time.monotonic() + ABSENCE_KEPT_S
                return False
            events, private = found
            recent = Recent(self._limits.recent_max)
            continuity = Continuity(self._client, scheme, events, recent.clear)
            self._schemes[scheme] = _Scheme(
                self._committer(events, recent, continuity),
                self._committer(private, Recent(0)),
                recent,
                continuity,
            )
            _log.info("scheme_opened", scheme=scheme, last_seq=events.last_seq)
            return True

    async def has(self, scheme: str) -> bool:
        if (known := self._schemes.get(scheme)) is not None:
            # Before anything is answered from memory, which may know what the stream has lost.
            await known.continuity.check()
            return True
        if self._absent_until.get(scheme, 0.0) > time.monotonic():
            return False
        try:
            return await self.open(scheme)
        except StreamsUnfit as unfit:
            _log.error("stream_unfit", scheme=scheme, reason=str(unfit))
            raise Busy("The event log of this scheme is not fit for use.") from unfit
        except LOST as error:
            raise Busy("The event log is away; nothing was stored.") from error

    def known(self, scheme: str, content: bytes) -> Stored | None:
        return self._of(scheme).recent.get(content)

    async def keep_private(self, scheme: str, parts: Sequence[Entry]) -> list[Outcome]:
        return await self._of(scheme).private.append(parts)

    async def append(self, scheme: str, entries: Sequence[Entry], *, atomic: bool) -> list[Outcome]:
        events = self._of(scheme).events
        if self._tracing is None:
            return await events.append(entries, atomic=atomic)
        with self._tracing.carried(entries) as traced:
            return await events.append(traced, atomic=atomic)

    async def close(self, grace_s: float) -> None:
        """Commit what is queued and stop. Events first: their private parts are already stored."""
        open_schemes = list(self._schemes.values())
        await asyncio.gather(*(one.events.close(grace_s) for one in open_schemes))
        await asyncio.gather(*(one.private.close(grace_s) for one in open_schemes))

    def _committer(
        self, stream: Stream, recent: Recent, continuity: Continuity | None = None
    ) -> GroupCommit:
        writer = StreamWriter(
            self._client,
            str(stream.settings["name"]),
            stream.last_seq,
            self._limits.commit_timeout_s,
            continuity,
        )
        committer = GroupCommit(writer, self._limits.group, recent, self._telemetry)
        committer.start(self._tasks)
        return committer

    def _of(self, scheme: str) -> _Scheme:
        if (found := self._schemes.get(scheme)) is None:
            raise UnknownScheme("the scheme has no stream")
        return found
