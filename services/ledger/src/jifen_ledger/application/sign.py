"""Signs a scheme's log at regular times, as long as everything that is signed holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import (
    Anchors,
    Keys,
    LogKeys,
    Progress,
    Remembering,
    SignedLog,
)
from jifen_ledger.application.log_status import SchemeLog
from jifen_ledger.application.sign_round import sign_round
from jifen_ledger.application.signed_before import WENT_BACK, SignedBefore
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.application.stopping import pause

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stored:
    """What signing reads and writes; `witnesses` are there to be asked what they remember."""

    log: SignedLog
    anchors: Anchors
    keys: Keys
    witnesses: Remembering | None = None


class SignScheme:
    """The signing task of one scheme, of which the worker that holds the scheme signs.

    Where the projection stands still, so does signing.
    """

    def __init__(
        self,
        stored: Stored,
        origin: str,
        clock_ms: Callable[[], int],
        status: SchemeLog,
        projection: SchemeStatus,
        stopping: asyncio.Event,
    ) -> None:
        """Take the ports; `stopping` ends the work after the round in hand."""
        self._stored = stored
        self._origin = origin
        self._clock_ms = clock_ms
        self._status = status
        self._scheme = status.scheme
        self._projection = projection
        self._stopping = stopping
        self._keys: LogKeys | None = None
        self._seen: Progress | None = None
        self._before = SignedBefore(stored.anchors, stored.witnesses, status)

    async def follow(self, interval_s: float) -> None:
        """Sign what is new at every interval. What stops it is told by the status."""
        # A witness may have halted it.
        while not self._stopping.is_set() and self._status.halted is None:
            try:
                signed_all = await self.sign()
            except SigningHalted as halted:
                self._halt(halted)
                return
            except Unavailable as unavailable:
                self._status.waiting = str(unavailable)
                _log.warning("signing_waits", scheme=self._scheme, why=str(unavailable))
                signed_all = True
            except Exception as error:  # noqa: BLE001 - stored in the status
                _log.exception("signing_defect", scheme=self._scheme)
                self._halt(SigningHalted(HaltReason.DEFECT, repr(error)))
                return
            if signed_all:
                await pause(self._stopping, interval_s)

    async def sign(self) -> bool:
        """Sign what is new, at most one round of it; tell whether to wait for more.

        Raises SigningHalted, Unavailable.
        """
        progress = await self._stored.log.progress(self._scheme)
        if not self._projection.held or self._projection.stopped is not None:
            await self._watch(progress)
            return True
        if self._seen is None:
            progress = await self._begin(progress)
        elif progress[:2] == self._seen[:2] and progress.recorded == progress.signed:
            self._tell_published(progress)
            return True
        keys = await self._own_keys(progress)
        began_ms = self._clock_ms()
        async with self._stored.log.signing(self._scheme) as round_:
            anchors = self._stored.anchors
            tree = await sign_round(self._scheme, self._origin, keys, anchors, round_)
        self._seen = await self._stored.log.progress(self._scheme)
        await self._before.compare(self._seen)
        whole = tree.size == round_.head.size
        self._tell(self._seen, began_ms, whole=whole)
        return whole or tree.size == round_.signed.size

    async def _begin(self, progress: Progress) -> Progress:
        """Learn what was signed and shown before, also where the database forgot it."""
        # Under another quorum than before, a larger one may be published.
        await self._stored.log.publish(self._scheme)
        progress = await self._stored.log.progress(self._scheme)
        self._tell_published(progress)
        try:
            await self._own_keys(progress)
            await self._before.ask_witnesses(self._origin, progress.signed)
        finally:
            # Without a key nothing is signed, but what was published is served.
            await self._before.compare(progress)
        await self._stored.anchors.show(self._scheme, progress.published or 0)
        return progress

    async def _watch(self, progress: Progress) -> None:
        """Know what was signed, by whoever holds the scheme: it is served here as well."""
        self._seen = None
        await self._before.compare(progress)
        if progress.signed is not None:
            await self._own_keys(progress)
        self._tell(progress, self._clock_ms(), whole=True)

    async def _own_keys(self, progress: Progress) -> LogKeys:
        if self._keys is None:
            anchor = await self._stored.anchors.read(self._scheme)
            may_create = anchor is None and progress.signed is None
            self._keys = await self._stored.keys.of(self._scheme, may_create=may_create)
            signing = [key.verifier for key in self._keys.signing]
            self._status.keys = tuple(dict.fromkeys((*signing, *self._keys.retired)))
        return self._keys

    def _tell(self, progress: Progress, began_ms: int, *, whole: bool) -> None:
        moved = progress.signed != self._status.signed_size
        self._status.recorded_size = progress.recorded
        self._status.signed_size = progress.signed
        self._status.waiting = WENT_BACK if self._status.went_back else ""
        self._tell_published(progress)
        if progress.recorded == progress.signed:
            self._status.unsigned_since_ms = None
        elif self._status.unsigned_since_ms is None or (whole and moved):
            # What is not covered now came after the round had begun.
            self._status.unsigned_since_ms = began_ms

    def _tell_published(self, progress: Progress) -> None:
        before, now = self._status.published_size or 0, progress.published or 0
        if now < before:
            # An older copy came under a running service.
            self._status.served_size = max(self._status.served_size, before)
        self._status.published_size = progress.published
        self._status.uncosigned_since_ms = progress.unpublished_since_ms

    def _halt(self, halted: SigningHalted) -> None:
        self._status.halt(halted)
        _log.critical(
            "signing_halted",
            scheme=self._scheme,
            reason=halted.reason.value,
            detail=halted.detail,
        )
