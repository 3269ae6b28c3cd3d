"""Ingest's few metrics; labels are codes, doors and nothing that grows."""

from collections.abc import Callable, Iterable
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from jifen_contracts.codes import Code

_GROUP_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000)


class Telemetry:
    def __init__(self) -> None:
        # They double the lines and nobody graphs them.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        accepted = Counter(
            "jifen_ingest_accepted",
            "Events that are durable; duplicates were so before.",
            ["duplicate"],
            registry=self.registry,
        )
        self._fresh = accepted.labels("false")
        self._duplicate = accepted.labels("true")
        self._refused = Counter(
            "jifen_ingest_refused",
            "Events and requests refused, by code.",
            ["code"],
            registry=self.registry,
        )
        files = Counter(
            "jifen_ingest_files",
            "Files of evidence that are durable; duplicates were so before.",
            ["duplicate"],
            registry=self.registry,
        )
        self._fresh_file = files.labels("false")
        self._duplicate_file = files.labels("true")
        self._file_bytes = Counter(
            "jifen_ingest_file_bytes", "Bytes of new files of evidence.", registry=self.registry
        )
        self._group = Histogram(
            "jifen_ingest_group_events",
            "Messages of one group commit.",
            buckets=_GROUP_SIZES,
            registry=self.registry,
        )

    def accepted(self, *, duplicate: bool) -> None:
        (self._duplicate if duplicate else self._fresh).inc()

    def kept(self, size: int, *, duplicate: bool) -> None:
        (self._duplicate_file if duplicate else self._fresh_file).inc()
        if not duplicate:
            self._file_bytes.inc(size)

    def refused(self, code: Code) -> None:
        self._refused.labels(str(code)).inc()

    def group(self, size: int) -> None:
        self._group.observe(size)

    def watch_queue(self, length: Callable[[], int]) -> None:
        self.registry.register(_Queue(length))

    def exposition(self) -> bytes:
        return generate_latest(self.registry)


class _Queue(Collector):
    def __init__(self, length: Callable[[], int]) -> None:
        self._length = length

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "jifen_ingest_queue_events",
            "Events waiting for their group commit.",
            value=self._length(),
        )
