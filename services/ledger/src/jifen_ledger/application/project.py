"""Brings a scheme's tables to its stream's end and follows it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from jifen_ledger.application.alarms import tell_alarm
from jifen_ledger.application.committing import Committing
from jifen_ledger.application.fold_batch import fold_batch, load_needs
from jifen_ledger.application.pace import Pace
from jifen_ledger.application.ports import Batch, Journal, Message, Reading, Stream
from jifen_ledger.application.reading_ahead import ReadingAhead
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Ahead, Halted, Overtaken, Reason, Stopped
from jifen_ledger.application.stopping import pause, unless_stopped
from jifen_ledger.application.stream_checks import check_order, check_tail, not_ahead
from jifen_ledger.application.traced import Begun, Traced
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import NotLoaded

BACKOFF_FIRST_S = 0.05
BACKOFF_MAX_S = 5.0
# While an event is ahead of our clock, we look at the clock this often.
AHEAD_LOOK_S = 1.0
NANOSECONDS_PER_MS = 1_000_000

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """`batch_max` messages are one transaction; the state starts afresh above `state_rows_max`."""

    batch_max: int = 5_000
    state_rows_max: int = 300_000


class ProjectScheme:
    """The projection of one scheme: read, fold, write, until told to stop."""

    def __init__(
        self,
        stream: Stream,
        journal: Journal,
        clock_ms: Callable[[], int],
        status: SchemeStatus,
        stopping: asyncio.Event,
        limits: Limits | None = None,
        traced: Traced | None = None,
    ) -> None:
        """Take the ports; `stopping` ends the work after the batch in hand."""
        self._stream = stream
        self._journal = journal
        self._clock_ms = clock_ms
        self._status = status
        self._scheme = status.scheme
        self._stopping = stopping
        self._limits = limits or Limits()
        self._traced = traced
        self._pace = Pace(self._limits.batch_max)
        self._balances_checked = False

    async def follow(self) -> None:
        """Follow the stream. A scheme that stops says why in its status; nothing is raised."""
        await self._persist(to_end=False)

    async def catch_up(self) -> None:
        """Project up to the stream's present end, or stop and say why in the status."""
        await self._persist(to_end=True)

    async def _persist(self, *, to_end: bool) -> None:
        backoff_s = BACKOFF_FIRST_S
        while not self._stopping.is_set():
            size = self._status.size
            try:
                await self._read_on(to_end=to_end)
            except Stopped as stopped:
                self._alarm(stopped)
                return
            except Halted as halted:
                self._status.waiting = str(halted)
                _log.warning("projection_waits", scheme=self._scheme, why=str(halted))
                moved = self._status.size > size
                backoff_s = BACKOFF_FIRST_S if moved else min(2 * backoff_s, BACKOFF_MAX_S)
                await pause(
                    self._stopping, AHEAD_LOOK_S if isinstance(halted, Ahead) else backoff_s
                )
            except Exception as error:  # noqa: BLE001 - stored in the status
                # A defect in one scheme's way stops that scheme; the others go on.
                _log.exception("projection_defect", scheme=self._scheme)
                self._alarm(Stopped(Reason.DEFECT, repr(error)))
                return
            else:
                return

    async def _check_balances(self) -> None:
        """Compare every balance with its postings. Raises Stopped."""
        unbalanced = await self._journal.unbalanced_accounts(self._scheme)
        if unbalanced:
            detail = f"{unbalanced} balances are not the sum of their postings"
            raise Stopped(Reason.TRIAL_BALANCE, detail)

    async def _read_on(self, *, to_end: bool) -> None:
        """Read from the head, until told to stop or up to what is now the end."""
        until_seq = await self._stream.last_seq(self._scheme) if to_end else None
        state = await self._journal.open(self._scheme)
        self._status.size = state.size
        await check_tail(self._stream, self._journal, self._scheme, state.size)
        if not self._balances_checked:
            await self._check_balances()
            self._balances_checked = True
        async with (
            self._stream.reading(self._scheme, state.size + 1) as reading,
            Committing(self._journal, self._committed) as committing,
        ):
            # Whoever compares the past may stop the scheme as well.
            while not self._stopping.is_set() and self._status.stopped is None:
                if until_seq is not None and state.size >= until_seq:
                    return
                if not reading.waiting:
                    await committing.settled()
                messages = await self._next(reading, reading.stream_last - state.size)
                self._take_note(reading, state.size, messages)
                began_s = time.perf_counter()
                state = await self._project(state, messages, committing)
                took_s = time.perf_counter() - began_s
                self._pace.took(len(messages), took_s)
                if messages:
                    self._status.counted.worked(len(messages), took_s)

    def _take_note(self, reading: Reading, size: int, messages: Sequence[Message]) -> None:
        status = self._status
        status.stream_last = max(reading.stream_last, size)
        status.waiting = ""
        if messages and messages[0].stored_ns:
            stored_ms = int(messages[0].stored_ns) // NANOSECONDS_PER_MS
            status.oldest.taken(status.size, messages[0].seq, stored_ms)

    async def _next(self, reading: Reading, behind: int) -> Sequence[Message]:
        """Return the next messages; none when told to stop."""
        return await unless_stopped(self._stopping, reading.take(self._pace.most(behind))) or ()

    async def _project(
        self, state: State, messages: Sequence[Message], committing: Committing
    ) -> State:
        """Fold the messages and write their records, in as many batches as their needs ask for."""
        await check_order(self._stream, self._scheme, state.size, messages)
        async with ReadingAhead(self._scheme, messages) as reading:
            missing: NotLoaded | None = None
            rest = messages
            while rest:
                # The message that wanted more is folded alone, so that its wants are found once.
                window = not_ahead(
                    self._scheme, rest if missing is None else rest[:1], self._clock_ms()
                )
                before = state.size
                missing = await self._fold(state, window, missing, reading, committing)
                rest = rest[state.size - before :]
        if state.rows <= self._limits.state_rows_max:
            return state
        await committing.settled()
        state.forget_first_looks()
        # What is left has grown with the members and claims in use: begin anew in good time.
        if state.rows <= self._limits.state_rows_max // 2:
            return state
        state.forget()
        return await self._journal.open(self._scheme)

    async def _fold(
        self,
        state: State,
        messages: Sequence[Message],
        missing: NotLoaded | None,
        reading: ReadingAhead,
        committing: Committing,
    ) -> NotLoaded | None:
        """Fold the first messages and begin to write them; return the key the next one lacks."""
        try:
            if missing is not None:
                await committing.load(state, {missing.table: {missing.key}})
            await load_needs(committing, state, messages)
            said = await reading.said(messages)
            begun = None if self._traced is None else self._traced.began(messages, said)
            batch, halt = await fold_batch(state, messages, said)
            if batch.records:
                await committing.commit(batch if begun is None else batch._replace(begun=begun))
            if halt is not None:
                await committing.settled()
        except Halted:
            raise
        except Exception as error:
            # What was folded before may have failed to be written, and explains the rest.
            await committing.settled()
            await self._explain(state, error)
            raise
        if isinstance(halt, Stopped):
            raise halt
        return halt

    async def _explain(self, state: State, error: Exception) -> None:
        """Tell a defect from a state that another projector has left behind."""
        size = await self._journal.size(self._scheme)
        if size > self._status.size:
            raise Overtaken("another projector moved the head while we worked") from error
        _log.exception("projection_defect", scheme=self._scheme, seq=state.size + 1)
        raise Stopped(Reason.DEFECT, f"after seq {size}: {error!r}") from error

    def _committed(self, batch: Batch) -> None:
        self._status.size = batch.to_size
        self._status.records += len(batch.records)
        self._status.oldest.committed(batch.to_size, self._status.stream_last)
        self._status.counted.written(batch.records)
        self._status.last_commit_ms = self._clock_ms()
        for record in batch.records:
            if record.alarm:
                self._status.alarms += 1
                tell_alarm(self._scheme, record)
        if self._traced is not None and isinstance(batch.begun, Begun):
            self._traced.ended(batch.begun, batch)

    def _alarm(self, stopped: Stopped) -> None:
        self._status.stopped = stopped.reason
        self._status.detail = stopped.detail
        self._status.waiting = ""
        _log.critical(
            "projection_stopped",
            scheme=self._scheme,
            reason=stopped.reason.value,
            detail=stopped.detail,
        )
