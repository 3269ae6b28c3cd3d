"""The ledger as a whole: trial balance, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.reconciled import ReconciledAnswer, reconciled_told
from jifen_ledger.application.queries.rights import reads_figures
from jifen_ledger.application.status import SchemeStatus

UNITS = ("pt", "inc")


class LedgerReads(Protocol):
    """What is asked of the whole ledger."""

    async def sums(self) -> Mapping[tuple[str, str], int]:
        """Return the sum of the balances by (unit of points, kind of account), in tenths."""

    async def balances_equal_postings(self) -> bool:
        """Tell whether every balance is the sum of its postings."""

    async def outcomes(self, size: int) -> Mapping[tuple[str, str | None], int]:
        """Return how many records have each (status, code), up to the size."""


@dataclass(frozen=True, slots=True)
class UnitSums:
    """The balances of one unit of points, by kind of account; they add up to zero."""

    unit: str
    sum: str
    issue: str
    members: str
    pending: str
    wallets: str
    spent: str
    expired: str
    reversed: str


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Proof that no point came from nowhere."""

    size: int
    units: Sequence[UnitSums]
    balances_equal_postings: bool


@dataclass(frozen=True, slots=True)
class StoppedAnswer:
    """Why the projection stands still."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """How far the ledger is behind its stream, and what it decided so far."""

    scheme: str
    stream_head: int
    checkpoint: int
    lag: int
    stopped: StoppedAnswer | None
    waiting: str | None
    # Who projects the scheme, as its lease says; null where nobody does.
    worker: str | None
    # What comparing the past has shown; null where another worker does, or nobody yet.
    reconciled: ReconciledAnswer | None
    outcomes: Mapping[str, int]
    refused: Mapping[str, int]
    conflicting: int
    unreadable: int


async def trial_balance(reads: LedgerReads, asked: Asked) -> TrialBalance:
    """Return the trial balance. Raises Forbidden."""
    reads_figures(asked.reader)
    sums = await reads.sums()
    units = []
    for unit in UNITS:
        own = {kind: tenths for (one, kind), tenths in sums.items() if one == unit}
        units.append(
            UnitSums(
                unit=unit,
                sum=format_points(sum(own.values())),
                **{kind: format_points(own.get(kind, 0)) for kind in ACCOUNT_KINDS},
            )
        )
    return TrialBalance(asked.size, units, await reads.balances_equal_postings())


ACCOUNT_KINDS = ("issue", "members", "pending", "wallets", "spent", "expired", "reversed")
_UNREADABLE = ("malformed", "too_large")


async def status_of(reads: LedgerReads, asked: Asked, progress: SchemeStatus) -> StatusAnswer:
    """Return how far the ledger has come. Raises Forbidden."""
    reads_figures(asked.reader)
    counts = await reads.outcomes(asked.size)
    outcomes: dict[str, int] = {}
    refused: dict[str, int] = {}
    for (status, code), count in sorted(counts.items(), key=str):
        outcomes[status] = outcomes.get(status, 0) + count
        if code is not None:
            refused[code] = count
    # The tables may be ahead of what the projection has told.
    head = max(progress.stream_last, asked.size)
    stopped = progress.stopped
    return StatusAnswer(
        scheme=asked.reader.scheme,
        stream_head=head,
        checkpoint=asked.size,
        lag=head - asked.size,
        stopped=None if stopped is None else StoppedAnswer(stopped.value, progress.detail),
        waiting=progress.waiting or None,
        worker=progress.worker or None,
        reconciled=reconciled_told(progress.reconciled),
        outcomes=outcomes,
        refused=refused,
        conflicting=refused.get("conflicting_duplicate", 0),
        unreadable=sum(refused.get(code, 0) for code in _UNREADABLE),
    )
