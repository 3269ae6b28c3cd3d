"""Metrics of comparing stream, journal and log; labels are the scheme and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jifen_ledger.application.status import ProjectionStatus, Reconciled


class ReconcileMetrics(Collector):
    """How far each scheme's past was compared, and what is wrong."""

    def __init__(self, status: ProjectionStatus) -> None:
        """Read this status at every scrape."""
        self._status = status

    def collect(self) -> Iterable[Metric]:
        """Return the gauges as they are now."""
        yield self._gauge(
            "looked_timestamp_seconds",
            "When ends and newest messages were compared last; 0: not by this process.",
            lambda one: (one.looked_ms or 0) / 1_000,
        )
        yield self._gauge("size", "How far the pass under way is.", lambda one: one.compared)
        yield self._gauge(
            "whole_timestamp_seconds",
            "When the whole past was compared last; 0: never.",
            lambda one: (one.whole_ms or 0) / 1_000,
        )
        found = GaugeMetricFamily(
            "jifen_ledger_reconcile_finding",
            "1 where stream, journal and log do not agree.",
            labels=["scheme", "reason"],
        )
        for scheme in self._status.schemes.values():
            if scheme.reconciled.finding is not None:
                found.add_metric([scheme.scheme, scheme.reconciled.finding.value], 1)
        yield found

    def _gauge(
        self, name: str, text: str, value: Callable[[Reconciled], float]
    ) -> GaugeMetricFamily:
        family = GaugeMetricFamily(f"jifen_ledger_reconcile_{name}", text, labels=["scheme"])
        for scheme in self._status.schemes.values():
            family.add_metric([scheme.scheme], value(scheme.reconciled))
        return family
