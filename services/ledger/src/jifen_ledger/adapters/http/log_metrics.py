"""Metrics of the logs (tlog.md §12); labels are schemes, witnesses, where and why one halted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from jifen_ledger.application.counted import NO_EVENTS
from jifen_ledger.application.log_status import LogStatus, SchemeLog
from jifen_ledger.application.status import ProjectionStatus, SchemeStatus

MS_PER_S = 1_000


class LogMetrics(Collector):
    """How far each log is recorded, signed and published, and what keeps it from going on."""

    def __init__(
        self, status: LogStatus, projection: ProjectionStatus, clock_ms: Callable[[], int]
    ) -> None:
        """Read these at every scrape."""
        self._status = status
        self._projection = projection
        self._clock_ms = clock_ms

    def collect(self) -> Iterator[Metric]:
        """Return the metrics as they are now."""
        now_ms = self._clock_ms()
        yield self._gauge("recorded_size", "Records.", lambda one: one.recorded_size)
        yield self._gauge(
            "signed_size", "Size of the newest signed tree.", lambda one: one.signed_size or 0
        )
        yield self._gauge(
            "published_size",
            "Size of the newest tree that is served.",
            lambda one: one.published_size or 0,
        )
        yield self._gauge(
            "unpublished_age_seconds",
            "How long the oldest record that is not published has waited.",
            lambda one: one.unpublished_ms(now_ms) / MS_PER_S,
        )
        yield self._gauge(
            "behind",
            "1 where the database lacks what was signed or served before.",
            lambda one: one.hidden,
        )
        yield self._gauge(
            "ready",
            "1 where the log is signed in good time.",
            lambda one: one.ready(now_ms) and not _halts(one, self._projected(one))["projection"],
        )
        yield self._lag(now_ms)
        yield self._cosigned()
        yield self._halted()
        yield self._no_events()

    def _projected(self, log: SchemeLog) -> SchemeStatus | None:
        return self._projection.schemes.get(log.scheme)

    def _lag(self, now_ms: int) -> Metric:
        family = GaugeMetricFamily(
            "jifen_log_projection_lag_seconds",
            "How long the oldest message without a record has been in the stream.",
            labels=["scheme"],
        )
        for one in self._projection.schemes.values():
            if one.held:
                family.add_metric([one.scheme], one.oldest.age_ms(now_ms) / MS_PER_S)
        return family

    def _cosigned(self) -> Metric:
        family = GaugeMetricFamily(
            "jifen_log_cosigned_timestamp_seconds",
            "When a witness last cosigned.",
            labels=["scheme", "witness"],
        )
        for one in self._status.schemes.values():
            for name, witness in one.witnesses.items():
                if witness.time_s is not None:
                    family.add_metric([one.scheme, name], witness.time_s)
        return family

    def _halted(self) -> Metric:
        family = GaugeMetricFamily(
            "jifen_log_halted",
            "1 where a part of the work stands still, with the reason.",
            labels=["scheme", "part", "reason"],
        )
        for one in self._status.schemes.values():
            for part, reason in _halts(one, self._projected(one)).items():
                family.add_metric([one.scheme, part, reason], int(bool(reason)))
        return family

    def _no_events(self) -> Metric:
        family = CounterMetricFamily(
            "jifen_log_refused_messages",
            "Messages recorded that are no events.",
            labels=["scheme", "code"],
        )
        for one in self._projection.schemes.values():
            if one.held:
                for code in NO_EVENTS:
                    family.add_metric([one.scheme, code.value], one.counted.refused[code])
        return family

    def _gauge(self, name: str, text: str, value: Callable[[SchemeLog], float]) -> Metric:
        family = GaugeMetricFamily(f"jifen_log_{name}", text, labels=["scheme"])
        for one in self._status.schemes.values():
            family.add_metric([one.scheme], value(one))
        return family


def _halts(log: SchemeLog, projection: SchemeStatus | None) -> dict[str, str]:
    """Return why each part stands still; "" where it does not."""
    stopped = None if projection is None else projection.stopped
    found = None if projection is None else projection.invariants
    differs = found is not None and found.books.rebuild_differs_at is not None
    return {
        "projection": "" if stopped is None else stopped.value,
        "signing": "" if log.halted is None else log.halted.value,
        "rebuild": "differs" if differs else "",
    }
