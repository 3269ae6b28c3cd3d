"""What comparing stream, journal and log has shown, as a reader is told."""

from __future__ import annotations

from dataclasses import dataclass

from jifen_contracts.times import stamp
from jifen_ledger.application.status import Reconciled


@dataclass(frozen=True, slots=True)
class ReconciledAnswer:
    """When ends and newest messages were compared, and how far the whole past is.

    `finding` is what is wrong, until it is no longer so.
    """

    looked_at: str
    compared: int
    whole_at: str | None
    whole_size: int
    finding: str | None
    detail: str | None


def reconciled_told(reconciled: Reconciled) -> ReconciledAnswer | None:
    """Return what is known, None where nothing was compared here yet."""
    if reconciled.looked_ms is None and reconciled.finding is None:
        return None
    return ReconciledAnswer(
        looked_at=stamp(reconciled.looked_ms or 0),
        compared=reconciled.compared,
        whole_at=None if reconciled.whole_ms is None else stamp(reconciled.whole_ms),
        whole_size=reconciled.whole_size,
        finding=None if reconciled.finding is None else reconciled.finding.value,
        detail=reconciled.detail or None,
    )
