"""Asks one witness to cosign what a scheme's log has signed (tlog.md §9.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog

from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_status import SchemeLog, WitnessStatus
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Unavailable
from jifen_ledger.application.stopping import pause
from jifen_ledger.application.witness import (
    Answer,
    AsksWitness,
    CosignedLog,
    LastCosigned,
    Newest,
    NoAnswer,
    Witness,
)
from jifen_ledger.application.witnessing_time import REPEATED_S, behind_ms, time_fits
from jifen_ledger.log.cosigning import cosigned_by
from jifen_ledger.log.encodings import decimal
from jifen_ledger.log.note import parse_note
from jifen_ledger.log.proof_files import ConsistencyFile
from jifen_ledger.log.verdicts import Malformed, Unbelieved

# tlog.md §9.1: nothing is cosigned while the projection is further behind its stream.
BEHIND_MAX_MS: Final = 60_000
# After the first failure in a row, the second, and all from the last one named.
BACKOFF_S: Final = (2, 4, 8, 16, 32, 60)
SIZE_TYPE: Final = "text/x.tlog.size"
# Of what a witness says of its refusal.
SHOWN_BYTES: Final = 200

_log = structlog.get_logger()


class _Failed(Exception):  # noqa: N818 - a state of the witness
    """The witness gave no cosignature that could be kept; the text says why."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What asking reads, writes and talks to."""

    log: CosignedLog
    witnesses: AsksWitness
    clock_ms: Callable[[], int]


class AskWitness:
    """The task of one witness and one scheme: whatever the witness does, the others go on.

    Only the worker that holds the scheme asks. A witness that knows more of the log than we have
    ever signed, or that finds it inconsistent, stops its signing: our data went back.
    """

    def __init__(
        self,
        ways: Ways,
        witness: Witness,
        status: SchemeLog,
        projection: SchemeStatus,
        stopping: asyncio.Event,
    ) -> None:
        """Take the ports; `stopping` ends the work after the question in hand."""
        self._ways = ways
        self._witness = witness
        self._status = status
        self._scheme = status.scheme
        self._projection = projection
        self._stopping = stopping
        self._known = False
        self._last: LastCosigned | None = None
        self._failures = 0
        self._not_before_ms = 0

    async def follow(self, interval_s: float) -> None:
        """Ask at every interval whether there is something to ask for. Nothing is raised."""
        while not self._stopping.is_set() and self._status.halted is None:
            await self.turn()
            await pause(self._stopping, interval_s)

    async def turn(self) -> None:
        """Ask once, if there is something to ask for; the status tells what came of it."""
        try:
            await self._ask()
        except SigningHalted as halted:
            self._halt(halted)
        except (_Failed, NoAnswer) as failed:
            self._fail(str(failed))
        except Unavailable as away:
            # The database, for which the witness can do nothing.
            _log.warning("witness_waits", scheme=self._scheme, why=str(away))
        except Exception as error:  # noqa: BLE001 - stored in the status
            # A defect in one witness's way is no reason to sign nothing.
            _log.exception("witness_defect", scheme=self._scheme, witness=self._name)
            self._fail(repr(error))

    async def _ask(self) -> None:
        if not self._projection.held:
            self._known = False
            return
        if not self._known:
            self._last = await self._ways.log.last_cosigned(self._scheme, self._witness.key)
            self._known = True
            self._tell()
        now_ms = self._ways.clock_ms()
        if now_ms < self._not_before_ms or not self._due(now_ms):
            return
        newest = await self._ways.log.newest(self._scheme)
        if newest is None or self._behind(newest, now_ms):
            return
        await self._ask_for(newest)
        self._failures, self._not_before_ms = 0, 0
        self._tell()

    @property
    def _name(self) -> str:
        return self._witness.key.name

    def _due(self, now_ms: int) -> bool:
        signed = self._status.signed_size
        if self._status.halted is not None or signed is None or not self._status.has_all_signed:
            return False
        if self._last is None or self._last.size < signed:
            return True
        return now_ms - self._last.time_s * 1_000 >= REPEATED_S * 1_000

    def _behind(self, newest: Newest, now_ms: int) -> bool:
        """Tell whether a cosignature now would make honest records look back-dated."""
        unsigned_ms = self._status.unsigned_ms(now_ms)
        behind = behind_ms(self._projection, newest.recorded_at, now_ms)
        return behind is None or max(behind, unsigned_ms) > BEHIND_MAX_MS

    async def _ask_for(self, newest: Newest) -> None:
        old = 0 if self._last is None else self._last.size
        answer = await self._send(newest, min(old, newest.size))
        if answer.status == HTTPStatus.CONFLICT:
            answer = await self._send(newest, await self._size_known(answer, newest.size))
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            detail = f"{self._name} finds size {newest.size} inconsistent with what it cosigned"
            raise SigningHalted(HaltReason.WITNESS, detail)
        if answer.status != HTTPStatus.OK:
            raise _Failed(f"status {answer.status}: {_shown(answer)}")
        await self._keep(newest, answer)

    async def _send(self, newest: Newest, old: int) -> Answer:
        try:
            proof = await self._ways.log.consistency(self._scheme, old, newest.size)
        except KeyError as missing:
            raise _Failed(f"the proof from size {old} lacks the hash {missing}") from None
        body = ConsistencyFile(old, tuple(proof), newest.note.encode()).text
        return await self._ways.witnesses.add_checkpoint(self._witness.url, body)

    async def _size_known(self, answer: Answer, size: int) -> int:
        """Return the size that the witness has cosigned. Raises SigningHalted if we have not."""
        line, end, rest = answer.body.decode(errors="replace").partition("\n")
        if answer.content_type != SIZE_TYPE or not end or rest:
            raise _Failed(f"status 409 without a size: {_shown(answer)}")
        try:
            known = decimal(line)
        except Malformed as error:
            raise _Failed(f"status 409: {error}") from None
        if known > size:
            # Another worker may have signed it, and gone, since we looked.
            newest = await self._ways.log.newest(self._scheme)
            if newest is None or known > newest.size:
                detail = f"{self._name} has cosigned size {known}; we have signed {size}"
                raise SigningHalted(HaltReason.WITNESS, detail)
            raise _Failed(f"size {known} is cosigned already")
        return known

    async def _keep(self, newest: Newest, answer: Answer) -> None:
        text = parse_note(newest.note.encode()).text
        try:
            cosigned = cosigned_by(answer.body, text, self._witness.key)
        except Unbelieved as error:
            raise _Failed(str(error)) from None
        if not time_fits(cosigned.time_s, self._ways.clock_ms()):
            # It would stay for ever, and say of honest records that they are wrongly dated.
            raise _Failed(f"its clock or ours is wrong: it says {cosigned.time_s}")
        await self._ways.log.keep(self._scheme, newest.size, cosigned)
        self._last = LastCosigned(newest.size, cosigned.time_s)

    def _halt(self, halted: SigningHalted) -> None:
        self._status.halt(halted)
        self._tell(halted.detail)
        _log.critical(
            "signing_halted",
            scheme=self._scheme,
            reason=halted.reason.value,
            detail=halted.detail,
        )

    def _fail(self, why: str) -> None:
        self._failures += 1
        wait_s = BACKOFF_S[min(self._failures, len(BACKOFF_S)) - 1]
        self._not_before_ms = self._ways.clock_ms() + wait_s * 1_000
        self._tell(why)
        _log.error("witness_failed", scheme=self._scheme, witness=self._name, why=why)

    def _tell(self, why: str = "") -> None:
        before = self._status.witnesses.get(self._name)
        failed = (0 if before is None else before.failed) + (1 if why else 0)
        last = self._last
        self._status.witnesses[self._name] = (
            WitnessStatus(failed=failed, trouble=why)
            if last is None
            else WitnessStatus(last.size, last.time_s, failed, why)
        )


def _shown(answer: Answer) -> str:
    return answer.body[:SHOWN_BYTES].decode(errors="replace").strip()
