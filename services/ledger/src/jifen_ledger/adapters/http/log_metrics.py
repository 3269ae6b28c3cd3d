"""Metrics of the logs (tlog.md §12); labels are the scheme and the reason of a halt."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jifen_ledger.application.log_status import LogStatus, SchemeLog


class LogMetrics(Collector):
    """How far each log is recorded, signed and ready."""

    def __init__(self, status: LogStatus, clock_ms: Callable[[], int]) -> None:
        """Read this status at every scrape."""
        self._status = status
        self._clock_ms = clock_ms

    def collect(self) -> Iterable[Metric]:
        """Return the gauges as they are now."""
        now_ms = self._clock_ms()
        yield self._gauge("recorded_size", "Records.", lambda one: one.recorded_size)
        yield self._gauge(
            "signed_size", "Size of the newest signed tree.", lambda one: one.signed_size or 0
        )
        yield self._gauge(
            "unpublished_age_seconds",
            "How long the oldest record without a checkpoint has waited.",
            lambda one: one.unpublished_ms(now_ms) / 1_000,
        )
        yield self._gauge(
            "ready", "1 where the log is signed in good time.", lambda one: one.ready(now_ms)
        )
        halted = GaugeMetricFamily(
            "jifen_log_halted", "1 where nothing is signed any more.", labels=["scheme", "reason"]
        )
        for one in self._status.schemes.values():
            if one.halted is not None:
                halted.add_metric([one.scheme, one.halted.value], 1)
        yield halted

    def _gauge(self, name: str, text: str, value: Callable[[SchemeLog], float]) -> Metric:
        family = GaugeMetricFamily(f"jifen_log_{name}", text, labels=["scheme"])
        for one in self._status.schemes.values():
            family.add_metric([one.scheme], value(one))
        return family
