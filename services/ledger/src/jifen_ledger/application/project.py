"""Brings a scheme's tables to its stream's end and follows it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from jifen_ledger.application.alarms import tell_alarm
from jifen_ledger.application.committing import Committing
from jifen_ledger.application.cycles import Cycles
from jifen_ledger.application.fold_batch import fold_batch, load_needs
from jifen_ledger.application.loading_ahead import LoadingAhead
from jifen_ledger.application.pace import Pace
from jifen_ledger.application.ports import Batch, Journal, Message, Reading, Stream
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Ahead, Halted, Overtaken, Reason, Stopped
from jifen_ledger.application.stopping import pause, unless_stopped
from jifen_ledger.application.stream_checks import check_order, check_tail, not_ahead
from jifen_ledger.application.taken import Said, Taken
from jifen_ledger.application.traced import Begun, Traced
from jifen_ledger.domain.needs import Asking
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

    batch_max: int = 8_000
    state_rows_max: int = 300_000


class _Window(NamedTuple):
    """Messages that are folded together; `missing` is the key that the first of them lacks."""

    messages: Sequence[Message]
    said: Sequence[Said]
    asking: Asking
    missing: NotLoaded | None


class _Beside(NamedTuple):
    """What goes on while messages are folded."""

    loading: LoadingAhead
    committing: Committing


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
        self._cycles = Cycles()
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
        last_seq = await self._stream.last_seq(self._scheme)
        until_seq = last_seq if to_end else None
        state = await self._journal.open(self._scheme)
        self._status.size = state.size
        await check_tail(self._stream, self._journal, self._scheme, state.size)
        if not self._balances_checked:
            await self._check_balances()
            self._balances_checked = True
        if state.size >= last_seq:
            # Where nothing has come meanwhile, the stream says so only with its next heartbeat.
            self._take_note(last_seq, state.size, ())
        async with (
            self._stream.reading(self._scheme, state.size + 1) as reading,
            Committing(self._journal, self._committed) as committing,
        ):
            await self._go_on(state, until_seq, reading, committing)

    async def _go_on(
        self, state: State, until_seq: int | None, reading: Reading, committing: Committing
    ) -> None:
        coming = Taken(self._scheme)
        try:
            # Whoever compares the past may stop the scheme as well.
            while not self._stopping.is_set() and self._status.stopped is None:
                if until_seq is not None and state.size >= until_seq:
                    return
                if not coming.messages and not reading.waiting:
                    await committing.settled()
                taken = coming if coming.messages else await self._next(reading, state.size)
                coming = await self._coming(reading, state.size + len(taken.messages))
                self._take_note(reading.stream_last, state.size, taken.messages)
                began_s = time.perf_counter()
                state = await self._project(state, taken, coming, committing)
                self._worked(len(taken.messages), time.perf_counter() - began_s)
                if state.rows > self._limits.state_rows_max:
                    await committing.settled()
                    state = await self._lightened(state)
                    # What was loaded for them may be forgotten with the rest.
                    coming.ask_anew()
        finally:
            state.forget()
            self._cycles.backlog(there_is=False)

    def _worked(self, messages: int, seconds: float) -> None:
        self._pace.took(messages, seconds)
        if messages:
            self._status.counted.worked(messages, seconds)

    def _take_note(self, stream_last: int, size: int, messages: Sequence[Message]) -> None:
        status = self._status
        status.stream_last = max(stream_last, size)
        status.waiting = ""
        if messages and messages[0].stored_ns:
            stored_ms = int(messages[0].stored_ns) // NANOSECONDS_PER_MS
            status.oldest.taken(status.size, messages[0].seq, stored_ms)

    async def _next(self, reading: Reading, size: int) -> Taken:
        """Return the messages after a size; none when told to stop."""
        most = self._pace.most(reading.stream_last - size)
        messages = await unless_stopped(self._stopping, reading.take(most))
        return Taken(self._scheme, messages or ())

    async def _coming(self, reading: Reading, size: int) -> Taken:
        """Return the messages after the batch in hand, if there is a backlog of them."""
        behind = reading.stream_last - size
        there_is = self._pace.is_backlog(behind)
        self._cycles.backlog(there_is=there_is)
        if there_is and reading.waiting:
            return Taken(self._scheme, await reading.take(self._pace.most(behind)))
        return Taken(self._scheme)

    async def _project(
        self, state: State, taken: Taken, coming: Taken, committing: Committing
    ) -> State:
        """Fold the messages and write their records, in as many batches as their needs ask for.

        Rows for those that are `coming` are loaded beside it.
        """
        await check_order(self._stream, self._scheme, state.size, taken.messages)
        await taken.read()
        async with LoadingAhead(self._journal, self._scheme, coming) as loading:
            beside = _Beside(loading, committing)
            missing: NotLoaded | None = None
            rest = next_ones = taken.messages
            asking = taken.asking()
            while rest:
                said = taken.said(next_ones)
                messages = not_ahead(next_ones, said, self._clock_ms())
                before = state.size
                window = _Window(messages, said[: len(messages)], asking, missing)
                missing = await self._fold(state, window, beside)
                rest = rest[state.size - before :]
                # The message that wanted more is folded alone, so that its wants are found once.
                next_ones = rest if missing is None else rest[:1]
                if rest:
                    asking = taken.asking_of(next_ones)
            await loading.take_over(state)
        return state

    async def _lightened(self, state: State) -> State:
        """Return the state with fewer rows; those that it forgets can be loaded again."""
        state.forget_first_looks()
        # What is left has grown with the members and claims in use: begin anew in good time.
        if state.rows <= self._limits.state_rows_max // 2:
            return state
        state.forget()
        self._cycles.forgotten()
        return await self._journal.open(self._scheme)

    async def _fold(self, state: State, window: _Window, beside: _Beside) -> NotLoaded | None:
        """Fold the first messages and begin to write them; return the key the next one lacks."""
        messages, said, asking, missing = window
        loading, committing = beside
        try:
            if missing is not None:
                await committing.load(state, {missing.table: {missing.key}})
            await load_needs(committing, state, asking)
            begun = None if self._traced is None else self._traced.began(messages, said)
            loading.begin(state, committing.unseen)
            batch, halt = await fold_batch(state, messages, said)
            loading.changed(batch.changed.unseen)
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
