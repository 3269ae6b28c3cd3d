"""Cosigns a checkpoint: judge it, keep it on the disk, and only then sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from jifen_ledger.log.checkpoint import Checkpoint
from jifen_ledger.log.keys import SigningKey
from jifen_witness.domain.judging import Logs, Standing, judge, presented
from jifen_witness.domain.refusals import Inconsistent, Stale


class Cosigned(NamedTuple):
    """The newest checkpoint of a log that was cosigned: as its log signed it, and when."""

    checkpoint: Checkpoint
    note: str
    time_s: int


class Standings(Protocol):
    """What was cosigned last of each log, on a disk."""

    def standing(self, origin: str) -> Standing:
        """Return what was cosigned last, NOTHING where nothing was."""

    def advance(self, before: Standing, cosigned: Cosigned) -> bool:
        """Put it in the place of `before`; on return it is on the disk.

        False, and nothing has changed, where something else than `before` was there.
        """

    def newest(self) -> Sequence[Cosigned]:
        """Return the newest checkpoint of every log."""

    def contradicted(self, forked: Cosigned) -> None:
        """Keep a checkpoint beside the other one of its size that was cosigned: a proof."""


class CosignCheckpoint:
    """One for all logs; calls may come from several threads."""

    def __init__(
        self, key: SigningKey, logs: Logs, standings: Standings, clock_s: Callable[[], int]
    ) -> None:
        """Take the witness's key, the logs that it watches, its memory and its clock."""
        self._key = key
        self._logs = logs
        self._standings = standings
        self._clock_s = clock_s

    def __call__(self, body: bytes) -> str:
        """Return the line that cosigns the checkpoint of a request. Raises Refused."""
        request = presented(body, self._logs)
        checkpoint, time_s = request.checkpoint, self._clock_s()
        before = self._standings.standing(checkpoint.origin)
        try:
            judge(request, before)
        except Inconsistent:
            # A wrong proof may be anybody's; two roots for one size only the log can have signed.
            if checkpoint.size == before.size and checkpoint.root != before.root:
                self._standings.contradicted(Cosigned(checkpoint, request.note, time_s))
            raise
        # Another request may have come between; then its size is the one to prove from.
        if not self._standings.advance(before, Cosigned(checkpoint, request.note, time_s)):
            raise Stale(self._standings.standing(checkpoint.origin).size)
        return self._key.cosign(checkpoint.text, time_s)

    def note_of(self, cosigned: Cosigned) -> str:
        """Return the checkpoint with the signatures of its log and of this witness."""
        return cosigned.note + self._key.cosign(cosigned.checkpoint.text, cosigned.time_s)

    def newest(self) -> Sequence[Cosigned]:
        """Return the newest checkpoint of every log."""
        return self._standings.newest()
