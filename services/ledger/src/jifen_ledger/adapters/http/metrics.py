"""All metrics of the ledger that are read from its status, and those of its process."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client import disable_created_metrics as leave_created_out

from jifen_ledger.adapters.http.log_metrics import LogMetrics
from jifen_ledger.adapters.http.projection_metrics import (
    InvariantMetrics,
    PrivateMetrics,
    ProjectionMetrics,
)
from jifen_ledger.adapters.http.reconcile_metrics import ReconcileMetrics
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.status import ProjectionStatus


def register_metrics(
    registry: CollectorRegistry,
    status: ProjectionStatus,
    log: LogStatus,
    clock_ms: Callable[[], int],
) -> None:
    """Let the registry read these at every scrape."""
    # They double the lines and nobody graphs them.
    leave_created_out()  # type: ignore[no-untyped-call]
    registry.register(ProjectionMetrics(status))
    registry.register(InvariantMetrics(status))
    registry.register(PrivateMetrics(status))
    registry.register(ReconcileMetrics(status))
    registry.register(LogMetrics(log, status, clock_ms))
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
